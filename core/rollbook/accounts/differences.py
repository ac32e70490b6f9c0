"""What has to happen to one account: what it is against what it is to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rollbook.accounts.leaving import (
    deletion_day,
    graduation_begins,
    suspension_day,
    terms,
    why_leaving,
)
from rollbook.accounts.naming import Ledger
from rollbook.accounts.person import Person
from rollbook.accounts.rules import Rules
from rollbook.accounts.wanted import Unnamed, Wanted, wanted
from rollbook.roster.accounts import (
    Account,
    AccountChange,
    AccountReason,
    AccountState,
    AccountValues,
    AccountVerb,
)


def differences(
    person: Person, account: Account | None, account_id: str, rules: Rules, ledger: Ledger
) -> list[AccountChange]:
    """The changes that make ``account`` what the rules want for ``person``, in order of verbs.

    ``account`` is the one that the person has, if any, and ``account_id`` the id that it has or
    would get. Names that are given are noted in ``ledger``. Raises ``Unnamed``, with what happens
    all the same: an account keeps its names where no others can be given, and is in use.
    """
    if person.id in rules.excluded:
        return []
    if account is None:
        if person.gone or not person.enabled or person.role not in rules.roles:
            return []
        found = wanted(person, None, account_id, rules, ledger)
        return _all_named(person, [_creation(person, account_id, rules, found)], found.problem)
    if account.role not in rules.roles:
        return []
    reason = why_leaving(person, account, rules)
    if reason is not None:
        return list(_leaving(person, account, reason, rules))
    try:
        found = wanted(person, account, account.id, rules, ledger)
    except Unnamed as unnamed:
        return _all_named(person, list(_staying(person, account, rules, None)), unnamed.problem)
    return _all_named(person, list(_staying(person, account, rules, found)), found.problem)


def _all_named(
    person: Person, made: list[AccountChange], problem: str | None
) -> list[AccountChange]:
    if problem is not None:
        raise Unnamed(person.id, problem, tuple(made))
    return made


def handed_over(account: Account, person: str) -> AccountChange:
    """The account goes on under the new id of its person."""
    return AccountChange(
        AccountVerb.RELINK, account.id, person, {"person": account.person}, {"person": person}
    )


def vacated(account: Account, rules: Rules) -> AccountChange:
    """The account stays behind, suspended, when its person's id goes to somebody else."""
    ending: AccountValues = {
        "reason": account.reason,
        "suspend_on": account.suspend_on,
        "delete_on": account.delete_on,
    }
    state = account.state
    after = ending
    if state is AccountState.ACTIVE:
        state = AccountState.SUSPENDED
        role = rules.roles.get(account.role)
        due = deletion_day(role.policy.left, rules.today) if role is not None else None
        after = {"reason": AccountReason.LEFT.value, "delete_on": _iso(due)}
    return AccountChange(
        AccountVerb.VACATE,
        account.id,
        account.person,
        {"person": account.person, "state": account.state.value, **ending},
        {"person": f"{account.id}{FORMER}", "state": state.value, **after},
    )


FORMER = "~former"
"""Behind the id of an account, stands for its person whose own id somebody else has by now."""


def deletion(account: Account) -> AccountChange:
    """A suspended account is deleted; its names stay its own."""
    return AccountChange(
        AccountVerb.DELETE,
        account.id,
        account.person,
        {"state": account.state, "delete_on": account.delete_on},
        {"state": AccountState.DELETED, "delete_on": account.delete_on},
    )


def _creation(person: Person, account_id: str, rules: Rules, found: Wanted) -> AccountChange:
    assert person.role is not None
    after: AccountValues = {
        "role": person.role.value,
        "username": found.username,
        "email": found.email,
        "ou": found.ou,
        "groups": list(found.groups),
        "state": AccountState.ACTIVE.value,
        "password_due": rules.roles[person.role].policy.password == "random",
    }
    return AccountChange(AccountVerb.CREATE, account_id, person.id, None, after)


def _staying(
    person: Person, account: Account, rules: Rules, found: Wanted | None
) -> Iterator[AccountChange]:
    """What an account does whose person is here; without what is wanted it stays as it is."""
    assert person.role is not None
    policy = rules.roles[person.role].policy

    def change(verb: AccountVerb, before: AccountValues, after: AccountValues) -> AccountChange:
        return AccountChange(verb, account.id, person.id, before, after)

    ending: AccountValues = {
        "reason": account.reason,
        "suspend_on": account.suspend_on,
        "delete_on": account.delete_on,
    }
    if account.state is not AccountState.ACTIVE:
        yield change(
            AccountVerb.REACTIVATE,
            {"state": account.state, "password_due": account.password_due, **ending},
            {
                "state": AccountState.ACTIVE.value,
                "password_due": account.password_due or policy.password == "random",
            },
        )
    if found is not None:
        yield from _becoming(person, account, found)
    if account.state is AccountState.ACTIVE and account.reason is not None:
        yield change(AccountVerb.STAY, ending, {})


def _becoming(person: Person, account: Account, found: Wanted) -> Iterator[AccountChange]:
    """The names, the place and the groups of an account become what is wanted."""
    assert person.role is not None

    def change(verb: AccountVerb, before: AccountValues, after: AccountValues) -> AccountChange:
        return AccountChange(verb, account.id, person.id, before, after)

    if (found.username, found.email) != (account.username, account.email):
        yield change(
            AccountVerb.RENAME,
            {"username": account.username, "email": account.email},
            {"username": found.username, "email": found.email},
        )
    if (found.ou, person.role) != (account.ou, account.role):
        yield change(
            AccountVerb.MOVE,
            {"ou": account.ou, "role": account.role.value},
            {"ou": found.ou, "role": person.role.value},
        )
    if found.groups != account.groups:
        before, after = list(account.groups), list(found.groups)
        regroup = change(AccountVerb.REGROUP, {"groups": before}, {"groups": after})
        # What is there of the others stays: it is about classes alone.
        plain = found.plain
        of_classes = plain is not None and set(plain) <= set(account.groups)
        yield regroup._replace(of_classes=of_classes)


def _leaving(
    person: Person, account: Account, reason: AccountReason, rules: Rules
) -> Iterator[AccountChange]:
    """What an account whose person is gone has to do by today: nothing is ever skipped."""
    if account.state is AccountState.DELETED:
        return
    leaving = terms(rules.roles[account.role].policy, reason)
    before: AccountValues = {
        "reason": account.reason,
        "suspend_on": account.suspend_on,
        "delete_on": account.delete_on,
    }
    if account.state is AccountState.SUSPENDED:
        if reason is not account.reason:
            due = deletion_day(leaving, rules.today)
            after: AccountValues = {"reason": reason.value, "delete_on": _iso(due)}
            yield AccountChange(AccountVerb.LEAVE, account.id, account.person, before, after)
        return
    since = graduation_begins(rules) if reason is AccountReason.GRADUATED else None
    day = suspension_day(leaving, rules.today, since)
    if account.reason is reason and account.suspend_on is not None:
        day = min(day, _day(account.suspend_on))
    if day > rules.today:
        after = {"reason": reason.value, "suspend_on": _iso(day)}
        if account.reason is not reason or account.suspend_on != _iso(day):
            yield AccountChange(AccountVerb.LEAVE, account.id, account.person, before, after)
        return
    yield AccountChange(
        AccountVerb.SUSPEND,
        account.id,
        account.person,
        {"state": account.state.value, **before},
        {
            "state": AccountState.SUSPENDED.value,
            "reason": reason.value,
            "delete_on": _iso(deletion_day(leaving, rules.today)),
        },
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(text: str) -> date:
    return date.fromisoformat(text)
