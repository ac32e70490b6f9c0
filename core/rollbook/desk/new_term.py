"""The new-term check: which class ids are carried over, whose teachers change, who lands where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.columns import hashes_of
from rollbook.changes.labels import person_name
from rollbook.changes.positions import places_of
from rollbook.changes.sequence import Changes
from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.new_term_views import ClassSide, ClassTurnView, NewTermView
from rollbook.directory import changesets, class_lists, holds, runs
from rollbook.directory.records import load_some, school_names
from rollbook.directory.runs import RunRow
from rollbook.directory.tallies import of_district
from rollbook.errors import NotFound
from rollbook.holds.class_turns import ClassTurn
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, text
from rollbook.roster.states import WAITING, RunKind
from rollbook.runs.class_turns import class_turns

_READ = (Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.CLASS, Kind.ENROLLMENT)
_CLASS_SLOT = 1


def new_term(desk: Desk, district_id: str, run_id: str | None = None) -> NewTermView:
    """What a run that waits would make of classes; without one, the newest of the district.

    Raises ``NotFound`` where no run waits: what has gone in can be compared with nothing.
    """
    find_district(desk.home, district_id)
    with desk.store.read() as connection, TemporaryDirectory(prefix="rollbook-") as folder:
        run = _waiting_run(connection, district_id, run_id)
        return _view(connection, run, Path(folder) / "changes", desk.clock())


def held_classes(desk: Desk, hold_id: str) -> tuple[ClassTurnView, ...]:
    """The classes that a hold for class id reuse (C4) is about, as they are and would be.

    Raises ``NotFound`` for a hold of another rule, and where its run waits no more.
    """
    with desk.store.read() as connection, TemporaryDirectory(prefix="rollbook-") as folder:
        hold = holds.get(connection, hold_id)
        if hold.rule != "C4":
            raise NotFound(f"hold {hold_id} is about {hold.title}, not about class ids.")
        run = _waiting_run(connection, hold.district, hold.run)
        view = _view(connection, run, Path(folder) / "changes", desk.clock())
    return tuple(
        turn for turn in view.classes if turn.reused and hold.school in (None, turn.school)
    )


def _waiting_run(connection: Connection, district: str, run_id: str | None) -> RunRow:
    if run_id is not None:
        run = runs.get(connection, run_id)
        if run.district == district and run.state in WAITING:
            return run
        raise NotFound(
            f"run {run_id} does not wait in {district}.", remedy="Preview a sync and look at that."
        )
    waiting = runs.in_states(connection, district, WAITING)
    syncs = [run for run in waiting if run.kind == RunKind.SYNC]
    if not syncs:
        raise NotFound(f"no run of {district} waits.", remedy="Preview a sync of it first.")
    return syncs[-1]


def _view(connection: Connection, run: RunRow, path: Path, at: datetime) -> NewTermView:
    lanes = changesets.lanes_of(connection, run.id).values()
    waiting = [lane.number for lane in lanes if lane.applied_in is None]
    changes = Changes.spooled(path, _of_classes(connection, run.id, waiting))
    columns = changes.columns
    turns = class_turns(connection, run.district, changes, at, every=True)
    added, ended = (columns.places[Kind.CLASS, verb] for verb in (Verb.ADD, Verb.REMOVE))
    returned = sum(turn.returned for turn in turns)
    seats = columns.places[Kind.ENROLLMENT, Verb.ADD]
    in_new = np.isin(columns.slots[_CLASS_SLOT][seats], columns.id[added])
    live = of_district(connection, run.district)
    total = sum(number for (kind, _, _), number in live.items() if kind is Kind.CLASS)
    sides = _Sides(connection, run.district, changes, turns)
    views = [sides.view(turn) for turn in turns]
    views.sort(key=lambda v: (not v.reused, not v.term_changed, not v.teacher_changed, v.id))
    return NewTermView(
        run=run.id,
        district=run.district,
        classes=tuple(views),
        untouched=total - len(ended) - (len(turns) - returned),
        new=len(added) - returned,
        ended=len(ended),
        new_seats=int(np.count_nonzero(in_new)),
    )


def _of_classes(connection: Connection, run: str, lanes: Iterable[int]) -> Iterator[Change]:
    """The changes of classes and what is in them, in order."""
    wanted = set(lanes)
    for kind in _READ:
        query = changesets.matching(run, kind=kind)
        for row in connection.execute(query, execution_options={"yield_per": 2000}):
            if row.lane in wanted:
                yield changesets.change_of(row)


class _Sides:
    """What stands on either side of a turn: looked up once for all of them."""

    def __init__(
        self, connection: Connection, district: str, changes: Changes, turns: Iterable[ClassTurn]
    ) -> None:
        ids = [turn.id for turn in turns]
        gone = load_some(connection, district, Kind.CLASS, ids, removed=True)
        live = load_some(connection, district, Kind.CLASS, ids)
        self._before = {i: record.values for i, record in (gone | live).items()}
        self._changed = {
            change.id: change
            for verb in (Verb.ADD, Verb.UPDATE)
            for change in changes.at(changes.columns.places[Kind.CLASS, verb])
        }
        self._staff = class_lists.staff_of(connection, district, ids)
        self._gone, self._come = _staff_changes(changes, ids)
        self._names = school_names(connection, district)
        self._titles = self._all_titles(connection, district, changes)
        people = {p for group in (self._staff, self._come) for ps in group.values() for p in ps}
        found = load_some(connection, district, Kind.USER, sorted(people))
        self._people = {i: person_name(record.values) or i for i, record in found.items()}

    def view(self, turn: ClassTurn) -> ClassTurnView:
        """A turn with the class on either side."""
        before = self._before.get(turn.id, {})
        change = self._changed.get(turn.id)
        after = before
        if change is not None:
            changed = change.after or {}
            dropped = set(change.before or {}) - set(changed)
            after = {n: v for n, v in before.items() if n not in dropped} | changed
        was = self._staff.get(turn.id, frozenset())
        will_be = (was - self._gone.get(turn.id, set())) | self._come.get(turn.id, set())
        return ClassTurnView(
            id=turn.id,
            school=turn.school,
            school_name=self._names.get(turn.school or "", turn.school or ""),
            before=self._side(before, was, turn.before),
            after=self._side(after, will_be, turn.after),
            leaving=turn.leaving,
            arriving=turn.arriving,
            reused=turn.is_reused,
            teacher_changed=turn.other_teacher,
            term_changed=turn.other_term,
            words=turn.words,
        )

    def _side(self, values: Values, staff: Iterable[str], students: int) -> ClassSide:
        terms = values.get("term_ids")
        course = text(values, "course_id") or ""
        return ClassSide(
            title=text(values, "title") or "",
            course=self._titles.get((Kind.COURSE, course), course),
            terms=tuple(
                self._titles.get((Kind.ACADEMIC_SESSION, term), term)
                for term in (terms if isinstance(terms, list) else ())
            ),
            teachers=tuple((person, self._people.get(person, person)) for person in sorted(staff)),
            students=students,
        )

    def _all_titles(
        self, connection: Connection, district: str, changes: Changes
    ) -> dict[tuple[Kind, str], str]:
        wanted: dict[Kind, set[str]] = {Kind.COURSE: set(), Kind.ACADEMIC_SESSION: set()}
        both = [*self._before.values(), *((c.after or {}) for c in self._changed.values())]
        for values in both:
            if course := text(values, "course_id"):
                wanted[Kind.COURSE].add(course)
            terms = values.get("term_ids")
            wanted[Kind.ACADEMIC_SESSION] |= set(terms if isinstance(terms, list) else ())
        titles: dict[tuple[Kind, str], str] = {}
        for kind, ids in wanted.items():
            gone = load_some(connection, district, kind, sorted(ids), removed=True)
            live = load_some(connection, district, kind, sorted(ids))
            titles |= {(kind, i): text(r.values, "title") or i for i, r in (gone | live).items()}
            for change in changes.at(changes.columns.places[kind, Verb.ADD]):
                titles[kind, change.id] = text(change.after or {}, "title") or change.id
        return titles


def _staff_changes(
    changes: Changes, ids: Iterable[str]
) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    """Who stops and who begins to teach in some classes."""
    columns = changes.columns
    mine = columns.of(Kind.ENROLLMENT) & np.isin(columns.slots[_CLASS_SLOT], hashes_of(ids))
    gone: dict[str, set[str]] = defaultdict(set)
    come: dict[str, set[str]] = defaultdict(set)
    for change in changes.at(places_of(mine)):
        values = (change.before if change.verb is Verb.REMOVE else change.after) or {}
        class_id, user = text(values, "class_id"), text(values, "user_id")
        if class_id and user and text(values, "role") != "student":
            (gone if change.verb is Verb.REMOVE else come)[class_id].add(user)
    return gone, come
