"""What stands in columns is what the changes themselves say."""

from collections import Counter
from functools import cache

import numpy as np

from rollbook.changes.access import disables, takes_away, unenrolls
from rollbook.changes.consequences import consequences
from rollbook.changes.plan import scopes
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.changes.waiting import FREE, belongings, dependents, role_moves, spread
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup

from . import plain_waiting as plain
from .made_days import changeset

SEEDS = range(1_000, 1_150)


@cache
def days() -> list[Changes]:
    return [changeset(seed)[0].changes for seed in SEEDS]


def test_traits_are_what_they_say() -> None:
    seen: Counter[str] = Counter()
    for changes in days():
        columns = changes.columns
        for name, column, told in (
            ("takes away", columns.takes_away, takes_away),
            ("disables", columns.has(Trait.DISABLES), disables),
            ("unenrolls", columns.has(Trait.UNENROLLS), unenrolls),
            ("linked", columns.has(Trait.LINKED), lambda c: c.merged_into is not None),
        ):
            assert column.tolist() == list(map(told, changes)), name
            seen[name] += int(column.sum())
    assert min(seen.values()) > 30, seen


def test_changes_are_counted_as_one_by_one() -> None:
    for changes in days():
        told = Counter((c.kind, c.verb, c.school, c.role) for c in changes)
        assert changes.columns.cells() == told
        some = np.arange(0, len(changes), 3, dtype=np.int32)
        told = Counter((c.kind, c.verb, c.school, c.role) for c in changes.at(some))
        assert changes.columns.cells(some) == told


def test_many_schools_are_counted_as_well() -> None:
    """More schools than a table of all sums could be made for."""
    changes = Changes.of(
        Change(Kind.USER, Verb.ADD, f"u{at}", None, {}, f"s{at}") for at in range(2_000)
    )
    one = changes.columns.cells(np.array([7, 1_999], np.int32))
    assert one == {(Kind.USER, Verb.ADD, f"s{at}", None): 1 for at in (7, 1_999)}


def test_every_change_counts_in_all_of_its_scopes() -> None:
    for changes in days():
        told: dict[object, list[int]] = {}
        for position, change in enumerate(changes):
            for scope in scopes(change.kind, change.school, change.role):
                told.setdefault(scope, []).append(position)
        every = np.arange(len(changes), dtype=np.int32)
        found = changes.columns.by_scope(every)
        assert {scope: places.tolist() for scope, places in found.items()} == told


def test_those_who_wait_are_found_as_one_by_one() -> None:
    waiting = owned = moved = 0
    for changes in days():
        edges, told = dependents(changes), plain.dependents(changes)
        for step in (1, 4, 9):
            direct = {p: f"{p % 3}" for p in range(0, len(changes), step)}
            numbers = np.full(len(changes), FREE, np.int32)
            numbers[list(direct)] = [int(cause) for cause in direct.values()]
            found = spread(edges, numbers)
            assert plain.spread(told, direct) == {
                p: str(number) for p, number in enumerate(found.tolist()) if number != FREE
            }
            waiting += int(np.count_nonzero(found != FREE)) - len(direct)
        of_owners, told = belongings(changes), plain.belongings(changes)
        for position in range(len(changes) if len(of_owners.starts) else 0):
            others, _ = of_owners.behind(np.array([position], np.int32))
            assert others.tolist() == told.get(position, [])
            owned += len(others)
        old, new = role_moves(changes)
        assert dict(zip(old.tolist(), new.tolist(), strict=True)) == plain.role_moves(changes)
        moved += len(old)
    assert min(waiting, owned, moved) > 100, (waiting, owned, moved)


def test_consequences_are_those_of_each_change() -> None:
    total: Counter[str] = Counter()
    for changes in days():
        told: Counter[str] = Counter()
        for change in changes:
            if change.kind is not Kind.USER or change.role is RoleGroup.GUARDIAN:
                continue
            before, after = change.before or {}, change.after or {}
            update = change.verb is Verb.UPDATE
            touched = before.keys() | after.keys() if update else set()
            told["account_create"] += change.verb is Verb.ADD
            told["rename"] += bool(touched & {"username", "email"})
            told["move"] += "primary_org_id" in touched
            told["suspend"] += change.verb is Verb.REMOVE or disables(change)
        assert Counter(consequences(changes)) == told
        total += told
    assert min(total.values()) > 30, total
