"""Where the changes of a run stand by now: one reading for all that is to be told of it.

``changesets.lane_condition`` says the same in SQL, for lists of changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from rollbook.directory import changesets
from rollbook.directory.changesets import SavedLane
from rollbook.directory.holds import HoldRow
from rollbook.directory.tables import account_counts, lane_counts
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import UNDECIDED, HoldState


class LaneCount(NamedTuple):
    """So many changes of a lane, by kind, verb, school and role group."""

    lane: int
    kind: Kind
    verb: Verb
    school: str | None
    role: RoleGroup | None
    changes: int


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """The lanes of a run by number, the states of the holds that they wait for, and the changes
    in them."""

    lanes: Mapping[int, SavedLane]
    holds: Mapping[str, str]
    counts: tuple[LaneCount, ...]

    def lanes_that(self, word: str, *, whole: bool = False) -> frozenset[int]:
        """The lanes that are ``applied``, ``paused``, ``held``, ``rejected`` or ``ready``; with
        ``whole`` a hold keeps the whole run back."""
        return frozenset(
            number for number, lane in self.lanes.items() if self._is(word, lane, whole)
        )

    def _is(self, word: str, lane: SavedLane, whole: bool) -> bool:
        if lane.applied_in is not None:
            return word == "applied"
        if lane.pause is not None:
            return word == "paused"
        states = {self.holds[hold] for hold in lane.holds}
        rejected = HoldState.REJECTED in states
        held = whole or (not rejected and not states.isdisjoint(UNDECIDED))
        return {"held": held, "rejected": rejected, "ready": not held and not rejected}.get(
            word, False
        )

    def count(self, word: str) -> int:
        """How many changes are in the lanes of a word."""
        lanes = self.lanes_that(word)
        return sum(count.changes for count in self.counts if count.lane in lanes)

    def by_kind(self, *words: str, whole: bool) -> dict[Kind, dict[Verb, int]]:
        """The changes in the lanes of some words, by kind and verb."""
        lanes = frozenset[int]().union(*(self.lanes_that(word, whole=whole) for word in words))
        found: dict[Kind, Counter[Verb]] = {}
        for count in self.counts:
            if count.lane in lanes:
                found.setdefault(count.kind, Counter())[count.verb] += count.changes
        return {kind: dict(sorted(verbs.items())) for kind, verbs in sorted(found.items())}

    def by_school(self, word: str, *, whole: bool) -> dict[tuple[str | None, Kind], int]:
        """The changes in the lanes of a word, by school and kind."""
        lanes = self.lanes_that(word, whole=whole)
        found: Counter[tuple[str | None, Kind]] = Counter()
        for count in self.counts:
            if count.lane in lanes:
                found[count.school, count.kind] += count.changes
        return dict(found)

    def by_plan(self) -> dict[tuple[Kind, Verb, str | None, RoleGroup | None, bool], int]:
        """All changes by kind, verb, school and role group, and whether a plan expects them."""
        found: Counter[tuple[Kind, Verb, str | None, RoleGroup | None, bool]] = Counter()
        for lane, kind, verb, school, role, changes in self.counts:
            found[kind, verb, school, role, self.lanes[lane].plan is not None] += changes
        return dict(found)

    def with_applied(self, numbers: Iterable[int], generation: int) -> LaneStanding:
        """As it is once some lanes have gone in with a generation."""
        going = set(numbers)
        return replace(
            self,
            lanes={
                number: replace(lane, applied_in=generation) if number in going else lane
                for number, lane in self.lanes.items()
            },
        )


_COUNTS = select(lane_counts).where(lane_counts.c.run == bindparam("run"))
_OF_ACCOUNTS = select(account_counts.c.lane, account_counts.c.changes).where(
    account_counts.c.run == bindparam("run")
)


def standing_of(
    connection: Connection, run: str, holds: Iterable[HoldRow], *, applied: bool = True
) -> LaneStanding:
    """Where the changes of a run stand; ``holds`` are its own. Without ``applied`` only what has
    not gone in is counted."""
    lanes = changesets.lanes_of(connection, run)
    counted = applied or any(lane.applied_in is None for lane in lanes.values())
    rows = connection.execute(_COUNTS, {"run": run}).all() if counted else ()
    return LaneStanding(
        lanes,
        {hold.id: hold.state for hold in holds},
        tuple(
            LaneCount(
                row.lane,
                Kind(row.kind),
                Verb(row.verb),
                row.school or None,
                RoleGroup(row.role) if row.role else None,
                row.changes,
            )
            for row in rows
            if applied or lanes[row.lane].applied_in is None
        ),
    )


def account_changes_by_lane(connection: Connection, run: str) -> Counter[int]:
    """How many account changes a run has, by the number of the lane."""
    found: Counter[int] = Counter()
    for lane, number in connection.execute(_OF_ACCOUNTS, {"run": run}):
        found[lane] += number
    return found
