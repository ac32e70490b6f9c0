"""The account part of a run that is released: its numbers, its words, and what pauses see of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from rollbook.directory import account_changes, changesets
from rollbook.directory.runs import RunRow
from rollbook.roster.accounts import AccountVerb, waits_for_list
from rollbook.roster.changes import Change
from rollbook.roster.kinds import RoleGroup
from rollbook.runs.account_pauses import stand_ins as as_seen


def account_count(connection: Connection, run: str, lane: str) -> int:
    """Account changes of a run that were applied, are held, and so on."""
    return account_changes.count(connection, run, changesets.lane_condition(lane, False))


def account_words(run: RunRow, done: int, waiting: int) -> str:
    """What became of the account changes of a run by now, in words; empty where it has none."""
    words = f" {done:,} account change{'s' if done > 1 else ''} applied." if done else ""
    if waiting:
        words += f" {waiting:,} account change{'s wait' if waiting > 1 else ' waits'}."
    return words + list_words(run.account_basis)


def list_words(basis: str | None) -> str:
    """That accounts wait for the list beside their policy; empty where they do not."""
    return " Accounts wait: the list beside their policy cannot be read." * waits_for_list(basis)


def stand_ins(connection: Connection, run: str, lanes: Collection[int]) -> Iterator[Change]:
    """What pauses see of the account changes of some lanes that follow from no change of a record;
    the others rest with theirs."""
    for row in account_changes.without_records(connection, run, lanes):
        suspends = row.verb == AccountVerb.SUSPEND
        yield from as_seen(row.person, row.school, RoleGroup(row.role), suspends=suspends)
