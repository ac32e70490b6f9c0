"""What has to happen to one account: what it is against what it is to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rollbook.accounts.leaving import deletion_day, suspension_day, terms, why_leaving
from rollbook.accounts.naming import Ledger, names_for
from rollbook.accounts.person import Person
from rollbook.accounts.rendering import Words, render_place, words_of
from rollbook.accounts.rules import RoleRules, Rules
from rollbook.roster.accounts import (
    Account,
    AccountChange,
    AccountReason,
    AccountState,
    AccountValues,
    AccountVerb,
)


class Unnamed(Exception):
    """Nobody can say what the account of a person is to be called."""

    def __init__(self, person: str, problem: str) -> None:
        super().__init__(problem)
        self.person = person
        self.problem = problem


def differences(
    person: Person, account: Account | None, account_id: str, rules: Rules, ledger: Ledger
) -> list[AccountChange]:
    """The changes that make ``account`` what the rules want for ``person``, in order of verbs.

    ``account`` is the one that the person has, if any, and ``account_id`` the id that it has or
    would get. Names that are given are noted in ``ledger``. Raises ``Unnamed``.
    """
    if person.id in rules.excluded:
        return []
    if account is None:
        if person.gone or not person.enabled or person.role not in rules.roles:
            return []
        return [_creation(person, account_id, rules, ledger)]
    if account.role not in rules.roles:
        return []
    reason = why_leaving(person, account, rules)
    if reason is not None:
        return list(_leaving(person, account, reason, rules))
    return list(_staying(person, account, rules, ledger))


def handed_over(account: Account, person: str) -> AccountChange:
    """The account goes on under the new id of its person."""
    return AccountChange(
        AccountVerb.RELINK, account.id, person, {"person": account.person}, {"person": person}
    )


def deletion(account: Account) -> AccountChange:
    """A suspended account is deleted; its names stay its own."""
    return AccountChange(
        AccountVerb.DELETE,
        account.id,
        account.person,
        {"state": account.state, "delete_on": account.delete_on},
        {"state": AccountState.DELETED},
    )


def _creation(person: Person, account_id: str, rules: Rules, ledger: Ledger) -> AccountChange:
    assert person.role is not None
    role = rules.roles[person.role]
    words = words_of(person, role, rules)
    names = names_for(person, None, account_id, role, words, rules, ledger)
    if names.username is None:
        raise Unnamed(person.id, names.problem or "")
    ou, _ = _place(person, role, words, rules)
    groups, _ = _groups(role, words)
    after: AccountValues = {
        "role": person.role.value,
        "username": names.username,
        "email": names.email,
        "ou": ou,
        "groups": groups,
        "state": AccountState.ACTIVE.value,
        "password_due": role.policy.password == "random",
    }
    return AccountChange(AccountVerb.CREATE, account_id, person.id, None, after)


def _staying(
    person: Person, account: Account, rules: Rules, ledger: Ledger
) -> Iterator[AccountChange]:
    assert person.role is not None
    role = rules.roles[person.role]
    words = words_of(person, role, rules)

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
                "password_due": account.password_due or role.policy.password == "random",
            },
        )
    names = names_for(person, account, account.id, role, words, rules, ledger)
    if names.username is None:
        raise Unnamed(person.id, names.problem or "")
    if (names.username, names.email) != (account.username, account.email):
        yield change(
            AccountVerb.RENAME,
            {"username": account.username, "email": account.email},
            {"username": names.username, "email": names.email},
        )
    ou, known = _place(person, role, words, rules)
    ou = ou if known else account.ou
    if (ou, person.role) != (account.ou, account.role):
        yield change(
            AccountVerb.MOVE,
            {"ou": account.ou, "role": account.role.value},
            {"ou": ou, "role": person.role.value},
        )
    groups, known = _groups(role, words)
    if known and groups != list(account.groups):
        yield change(AccountVerb.REGROUP, {"groups": list(account.groups)}, {"groups": groups})
    if account.state is AccountState.ACTIVE and account.reason is not None:
        yield change(AccountVerb.STAY, ending, {})


def _place(person: Person, role: RoleRules, words: Words, rules: Rules) -> tuple[str | None, bool]:
    override = rules.overrides.get(person.id)
    if override is not None and override.ou is not None:
        return override.ou, True
    made, known = render_place(role.ou, words)
    return made or None, known


def _groups(role: RoleRules, words: Words) -> tuple[list[str], bool]:
    """The groups, and whether all of each is known; one that is not known is left out."""
    made = [render_place(template, words) for template in role.groups]
    return sorted({text for text, known in made if known}), all(known for _, known in made)


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
    day = suspension_day(leaving, rules.today)
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
