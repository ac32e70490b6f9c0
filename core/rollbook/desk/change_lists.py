"""The list behind the counts: a window over the saved changes, however many there are."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, ChangeRow, Lane
from rollbook.directory import changesets, holds, runs
from rollbook.directory.run_schools import names_around
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import changes as changes_table
from rollbook.directory.tables import lanes as lanes_table
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import UNDECIDED, HoldState, RunState

PAGE = 1000
"""Rows that are read at once when a list is streamed."""

Told = dict[int, tuple[Lane, str | None]]
"""Lanes by their number: where each stands, and the hold that it waits for or was let in by."""


@dataclass(frozen=True, slots=True)
class ChangeList:
    """Changes of a run that fit a filter, in order. No rows are held, only their numbers."""

    desk: Desk
    run: str
    filter: ChangeFilter
    digest: str | None
    _numbers: array[int] | range
    _lanes: Told
    _names: dict[str, str] = field(repr=False)

    def __len__(self) -> int:
        return len(self._numbers)

    def rows(self, start: int, stop: int) -> list[ChangeRow]:
        """The rows from ``start`` up to, not including, ``stop``; fewer at the end."""
        wanted = self._numbers[max(start, 0) : max(stop, 0)]
        if not len(wanted):
            return []
        query = (
            select(changes_table)
            .where(
                changes_table.c.run == self.run,
                changes_table.c.seq >= wanted[0],
                changes_table.c.seq <= wanted[-1],
            )
            .order_by(changes_table.c.seq)
        )
        chosen = set(wanted)
        with self.desk.store.read() as connection:
            if len(wanted) * 4 < wanted[-1] - wanted[0]:
                query = query.where(changes_table.c.seq.in_(list(wanted)))
            return [self._row(row) for row in connection.execute(query) if row.seq in chosen]

    def __iter__(self) -> Iterator[ChangeRow]:
        for start in range(0, len(self), PAGE):
            yield from self.rows(start, start + PAGE)

    def _row(self, row: Row[Any]) -> ChangeRow:
        change = changesets.change_of(row)
        lane, hold = self._lanes[row.lane]
        return ChangeRow(
            seq=row.seq,
            kind=change.kind,
            verb=change.verb,
            id=change.id,
            school=change.school,
            school_name=self._names.get(change.school or "", change.school or ""),
            label=change.label,
            before=change.before,
            after=change.after,
            lane=lane,
            hold=hold,
        )


def changes(desk: Desk, run_id: str, filter: ChangeFilter = ChangeFilter()) -> ChangeList:  # noqa: A002, B008
    """The changes of a run that fit a filter. Raises ``NotFound``.

    A hold of the whole run is taken for its scope: kind, verb and school.
    """
    with desk.store.read() as connection:
        row = runs.get(connection, run_id)
        lanes = lanes_told(connection, row)
        return ChangeList(
            desk=desk,
            run=run_id,
            filter=filter,
            digest=row.digest,
            _numbers=_numbers(connection, run_id, filter, lanes),
            _lanes=lanes,
            _names=names_around(connection, row),
        )


def lanes_told(connection: Connection, run: RunRow) -> Told:
    """Where each lane of a run stands, by its number. In a run that was turned down as a whole,
    what waits for nothing else was turned down with it."""
    states = {hold.id: hold.state for hold in holds.of_run(connection, run.id)}
    whole_run = holds.keeps_whole_run(connection, run.id)
    free = Lane.REJECTED if run.state == RunState.REJECTED else Lane.READY
    return {
        number: _lane(lane, states, whole_run, free)
        for number, lane in changesets.lanes_of(connection, run.id).items()
    }


def _lane(
    lane: changesets.SavedLane, states: dict[str, str], whole_run: bool, free: Lane
) -> tuple[Lane, str | None]:
    rejected = [hold for hold in lane.holds if states[hold] == HoldState.REJECTED]
    undecided = [hold for hold in lane.holds if states[hold] in UNDECIDED]
    hold = next(iter([*rejected, *undecided, *lane.holds]), None)
    if lane.applied_in is not None:
        return Lane.APPLIED, hold
    if lane.pause is not None:
        return Lane.PAUSED, hold
    if rejected:
        return Lane.REJECTED, hold
    return Lane.HELD if whole_run or undecided else free, hold


def _numbers(
    connection: Connection, run: str, wanted: ChangeFilter, lanes: Told
) -> array[int] | range:
    if wanted == ChangeFilter():
        return range(changesets.number_of(connection, run))
    condition = None
    if wanted.lane is not None:
        numbers = [number for number, (lane, _) in lanes.items() if lane is wanted.lane]
        condition = lanes_table.c.number.in_(numbers)
    kind, verb, school, hold = wanted.kind, wanted.verb, wanted.school, wanted.hold
    if hold is not None:
        row = holds.get(connection, hold)
        if row.whole_run:
            hold = None
            kind = kind or (Kind(row.kind) if row.kind else None)
            verb = verb or (Verb(row.verb) if row.verb else None)
            school = school or row.school
    span = changesets.span_of(connection, run, kind) if kind is not None else None
    if span is not None and wanted == ChangeFilter(kind=wanted.kind):
        return span
    query = changesets.matching(
        run,
        kind=kind,
        span=span,
        verb=verb,
        school=school,
        search=wanted.search,
        hold=hold,
        condition=condition,
    ).with_only_columns(changes_table.c.seq)
    return array("q", connection.execute(query).scalars())
