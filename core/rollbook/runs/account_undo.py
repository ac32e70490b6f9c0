"""Taking back a run that changed accounts, and no record that they could follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row

from rollbook.accounts.taking_back import as_left, taken_back
from rollbook.directory import account_changes
from rollbook.directory import accounts as accounts_store
from rollbook.errors import Stale
from rollbook.roster.accounts import Account, AccountChange, AccountVerb
from rollbook.roster.first_few import first_few
from rollbook.runs.account_people import AT_ONCE

TakenBack = tuple[AccountChange, Row[Any]]
"""What takes back an account change, and the change as it was saved."""


Undone = Mapping[tuple[str, str], tuple[Mapping[str, object], ...]]
"""What an undone run did to accounts that there were, before and after, by verb and account."""


def to_take_back(
    connection: Connection, district: str, run: str, excluded: Set[str] = frozenset()
) -> Iterator[TakenBack]:
    """What takes back all that a run did to accounts, in its order; those of ``excluded`` people
    are left alone. Raises ``Stale`` behind the last one, naming the accounts that have changed
    since.
    """
    conflicts: list[str] = []
    saved = account_changes.applied(connection, run)
    while some := list(islice(saved, AT_ONCE)):
        now = accounts_store.by_id(connection, district, {row.account for row in some})
        for row in some:
            verb, account = AccountVerb(row.verb), now[row.account]
            if account.person in excluded:
                continue
            if not as_left(verb, account, row.person, row.after):
                conflicts.append(account.id)
            elif (change := taken_back(verb, account, row.before)) is not None:
                yield change, row
    if conflicts:
        raise _stale(run, list(dict.fromkeys(conflicts)))


def given_back(
    connection: Connection, district: str, people: Collection[str], undone: Undone
) -> dict[str, Account]:
    """The accounts that an ``undone`` run vacated of some people who have their ids back, by
    person, where they still are as it left them."""
    if not undone:
        return {}
    vacated = {
        account: (str(before["person"]), after["person"])
        for (verb, account), (before, after) in undone.items()
        if verb == AccountVerb.VACATE and before["person"] in people
    }
    now = accounts_store.by_id(connection, district, vacated)
    return {
        person: now[account]
        for account, (person, former) in vacated.items()
        if now[account].person == former
    }


def _stale(run: str, conflicts: list[str]) -> Stale:
    number = f"{len(conflicts):,} accounts have" if len(conflicts) > 1 else "1 account has"
    return Stale(
        f"run {run} cannot be undone: {number} changed since: {first_few(conflicts)}.",
        remedy="Undo the later runs first.",
    )


def count_by_verb(found: Iterable[TakenBack]) -> dict[AccountVerb, int]:
    """How many account changes of each verb there are."""
    counts = dict.fromkeys(AccountVerb, 0)
    for change, _ in found:
        counts[change.verb] += 1
    return {verb: number for verb, number in counts.items() if number}
