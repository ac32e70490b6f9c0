"""What the desk shows of accounts: who has one, what a run makes happen to them, what was given.

Usernames, addresses and labels are untrusted text. Dates are days in the district's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rollbook.desk.account_counts import AccountCounts
from rollbook.desk.views import Lane
from rollbook.roster.accounts import AccountReason, AccountState, AccountValues, AccountVerb
from rollbook.roster.kinds import RoleGroup

__all__ = [
    "AccountChangeFilter",
    "AccountChangeRow",
    "AccountCounts",
    "AccountEvent",
    "AccountFilter",
    "AccountHistory",
    "AccountReason",
    "AccountRow",
    "AccountState",
    "AccountValues",
    "AccountVerb",
    "GivenName",
    "PurgePreview",
    "Sample",
    "SamplePreview",
]


@dataclass(frozen=True, slots=True)
class AccountChangeRow:
    """One line of the list of a run's account changes.

    ``before`` and ``after`` hold the fields that the verb changes (a rename: ``username`` and
    ``email``); ``before`` is ``None`` for a new account.
    """

    seq: int
    verb: AccountVerb
    account: str
    person: str
    label: str
    role: RoleGroup
    school: str | None
    school_name: str
    before: AccountValues | None
    after: AccountValues
    lane: Lane
    hold: str | None


@dataclass(frozen=True, slots=True)
class AccountChangeFilter:
    """Which account changes to list; ``search`` looks in label and id, without regard to case."""

    verb: AccountVerb | None = None
    school: str | None = None
    search: str | None = None
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account. From ``suspend_on`` and ``delete_on`` on it is due to be suspended or deleted;
    ``password_due`` says that a password is still to be made for it."""

    id: str
    person: str
    label: str
    role: RoleGroup
    school: str | None
    username: str
    email: str | None
    ou: str | None
    groups: tuple[str, ...]
    state: AccountState
    reason: AccountReason | None
    suspend_on: date | None
    delete_on: date | None
    password_due: bool


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts to list; ``search`` looks in username, address, id and names."""

    search: str | None = None
    state: AccountState | None = None
    role: RoleGroup | None = None
    password_due: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """What a policy makes of one person: the account that they would have, beside the one that
    they have. ``problem`` says why there would be none."""

    person: str
    label: str
    role: RoleGroup
    username: str | None
    email: str | None
    ou: str | None
    groups: tuple[str, ...]
    now: AccountRow | None
    problem: str


@dataclass(frozen=True, slots=True)
class SamplePreview:
    """A policy tried on some people; ``school_year`` is the year in which it ends, where that
    matters and is the same in all schools."""

    district: str
    school_year: int | None
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class GivenName:
    """A username or an address that belongs to an account for good."""

    namespace: str
    name: str
    run: str
    current: bool


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """Something that happened to an account, or that a run would have done (``lane``)."""

    run: str
    at: datetime | None
    verb: AccountVerb
    before: AccountValues | None
    after: AccountValues
    lane: Lane


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """A person's account, every name that was ever given to it, and what happened to it."""

    account: AccountRow
    names: tuple[GivenName, ...]
    events: tuple[AccountEvent, ...]


@dataclass(frozen=True, slots=True)
class PurgePreview:
    """The suspended accounts that are due to be deleted; ``count`` is the number to confirm."""

    district: str
    count: int
    accounts: tuple[AccountRow, ...]
