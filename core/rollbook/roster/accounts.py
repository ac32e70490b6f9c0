"""The words of accounts: what one is, and what may become of it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from rollbook.roster.kinds import RoleGroup


class AccountState(StrEnum):
    """An account that was deleted keeps its row and its names: nobody else ever gets them."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


class AccountVerb(StrEnum):
    """What happens to an account, in the order in which it is shown and written.

    ``leave`` sets or changes when an account is to be suspended or deleted, ``stay`` takes that
    back; ``relink`` hands an account to the new id of the same person, and ``vacate`` takes it from
    an id that somebody else has by now.
    """

    VACATE = "vacate"
    RELINK = "relink"
    CREATE = "create"
    REACTIVATE = "reactivate"
    RENAME = "rename"
    MOVE = "move"
    REGROUP = "regroup"
    STAY = "stay"
    LEAVE = "leave"
    SUSPEND = "suspend"
    DELETE = "delete"


class AccountReason(StrEnum):
    """Why an account is on its way out."""

    LEFT = "left"
    GRADUATED = "graduated"
    DISABLED = "disabled"
    MERGED = "merged"
    ROLE = "role"


ACCOUNT_ROLES = (RoleGroup.STUDENT, RoleGroup.STAFF)
"""Role groups whose people may have accounts."""

USERNAME, EMAIL = "username", "email"
"""The namespaces in which nothing is given twice."""

HELD_BY: dict[str, frozenset[AccountVerb]] = {
    "C1": frozenset({AccountVerb.RENAME, AccountVerb.CREATE}),
    "C2": frozenset({AccountVerb.MOVE, AccountVerb.REGROUP}),
    "C8": frozenset({AccountVerb.SUSPEND, AccountVerb.LEAVE}),
}
"""The account changes that each rule keeps back. New accounts wait with renames: what is wrong with
the names of those who have one is wrong with theirs, and a name is given for good. C8 keeps back
just what follows from no change of a person's record."""

SUDDEN = "sudden"
"""Under this name a run's consequences count the accounts that would go though nothing is said of
their people; it is there where there are any."""

PURGE = "PURGE"
"""The rule that keeps back the deletion of accounts, always."""

ACCOUNT_RULES = frozenset({*HELD_BY, PURGE})
"""Rules whose holds are about account changes."""

_LIST_UNREAD = ":list-unread"


def without_list(basis: str) -> str:
    """What accounts would have been derived from, had the list beside the policy been readable."""
    return basis + _LIST_UNREAD


def waits_for_list(basis: str | None) -> bool:
    """Whether accounts were left as they are, because the list beside the policy was not read."""
    return basis is not None and basis.endswith(_LIST_UNREAD)


LIST_UNREAD = "account-list-unread"
"""The code of the finding that says so."""

AccountValue = str | bool | list[str] | None
AccountValues = dict[str, AccountValue]
"""Fields of an account by name."""


class Account(NamedTuple):
    """An account as the store holds it.

    ``id`` is the id of the person for whom it was first made, ``person`` the one who has it now.
    Dates are ISO dates; ``suspend_on`` and ``delete_on`` are those from which it is due.
    """

    id: str
    person: str
    role: RoleGroup
    username: str
    email: str | None
    ou: str | None
    groups: tuple[str, ...]
    state: AccountState
    reason: AccountReason | None
    suspend_on: str | None
    delete_on: str | None
    password_due: bool


_ENDING = ("reason", "suspend_on", "delete_on")

SETS: dict[AccountVerb, tuple[str, ...]] = {
    AccountVerb.VACATE: ("person", "state", *_ENDING),
    AccountVerb.RELINK: ("person",),
    AccountVerb.CREATE: ("role", "username", "email", "ou", "groups", "state", "password_due"),
    AccountVerb.REACTIVATE: ("state", "password_due", *_ENDING),
    AccountVerb.RENAME: ("username", "email"),
    AccountVerb.MOVE: ("ou", "role"),
    AccountVerb.REGROUP: ("groups",),
    AccountVerb.STAY: _ENDING,
    AccountVerb.LEAVE: _ENDING,
    AccountVerb.SUSPEND: ("state", *_ENDING),
    AccountVerb.DELETE: ("state", "delete_on"),
}
"""The fields that each verb sets, all of them: what its ``after`` lacks is blank from then on."""


class AccountChange(NamedTuple):
    """One thing that happens to one account.

    ``before`` and ``after`` hold the fields that its verb sets (``SETS``), less those without a
    value; ``before`` is ``None`` for a creation. ``of_classes`` says that groups of classes alone
    become others.
    """

    verb: AccountVerb
    account: str
    person: str
    before: AccountValues | None
    after: AccountValues
    of_classes: bool = False

    @property
    def is_rename(self) -> bool:
        """See ``gives_another_name``."""
        return gives_another_name(self.verb, self.account, self.person)


def gives_another_name(verb: AccountVerb, account: str, person: str) -> bool:
    """Whether the name under the id of a person becomes another: by a rename, or by a new account
    where the id had one before, after which the new one cannot be called."""
    if verb is AccountVerb.CREATE:
        return account != person
    return verb is AccountVerb.RENAME


_SMALL = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def name_key(name: str) -> str:
    """A username or an address as it is compared: systems do not tell capitals apart. Other
    letters than A to Z stay as they are, as in the databases' own ``lower``."""
    return name.lower() if name.isascii() else name.translate(_SMALL)
