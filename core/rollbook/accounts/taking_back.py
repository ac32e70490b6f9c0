"""Taking back, one by one, what a run did to accounts. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from rollbook.roster.accounts import (
    SETS,
    Account,
    AccountChange,
    AccountReason,
    AccountState,
    AccountValue,
    AccountValues,
    AccountVerb,
)

_BY = {
    AccountVerb.RENAME: AccountVerb.RENAME,
    AccountVerb.MOVE: AccountVerb.MOVE,
    AccountVerb.REGROUP: AccountVerb.REGROUP,
    AccountVerb.SUSPEND: AccountVerb.REACTIVATE,
    AccountVerb.REACTIVATE: AccountVerb.SUSPEND,
}
"""What takes back what; creations, dates and ends have their own ways."""


class ChangedSince(Exception):
    """An account is not as the run left it that is to be undone."""


def taken_back(
    verb: AccountVerb, account: Account, before: Mapping[str, AccountValue] | None
) -> AccountChange | None:
    """What takes back that ``verb`` was done to an account, whose fields were ``before``, as it is
    now; ``None`` where nothing is left to do. A new account is suspended: its names stay its own.
    """
    if verb is AccountVerb.CREATE:
        if account.state is not AccountState.ACTIVE:
            return None
        return _change(AccountVerb.SUSPEND, account, _NO_LONGER)
    back = dict(before or {})
    if verb in (AccountVerb.LEAVE, AccountVerb.STAY):
        return _change(AccountVerb.LEAVE if "reason" in back else AccountVerb.STAY, account, back)
    if verb is AccountVerb.SUSPEND:
        back["password_due"] = account.password_due
    if verb is AccountVerb.REACTIVATE:
        # It may have been a deleted one: only a purge deletes.
        back["state"] = AccountState.SUSPENDED.value
    return _change(_BY[verb], account, back)


_NO_LONGER: AccountValues = {
    "state": AccountState.SUSPENDED.value,
    "reason": AccountReason.ROLE.value,
}


def as_left(
    verb: AccountVerb, account: Account, person: str, after: Mapping[str, AccountValue]
) -> bool:
    """Whether an account still is as ``verb`` left it, with ``person``. Of a new one it does not
    matter: whatever became of it since, it is the same account."""
    if verb is AccountVerb.CREATE:
        return True
    # It may stay behind unchanged: the id of its person is somebody else's by now.
    return account.person == person and all(
        _value(account, name) == after.get(name) for name in SETS[verb]
    )


def _change(
    verb: AccountVerb, account: Account, after: Mapping[str, AccountValue]
) -> AccountChange:
    kept = {name: after.get(name) for name in SETS[verb]}
    before = {name: _value(account, name) for name in SETS[verb]}
    return AccountChange(verb, account.id, account.person, before, kept)


def _value(account: Account, name: str) -> AccountValue:
    value: object = getattr(account, name)
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, bool) else str(value)
