"""A first load and a rollover as changesets, past reading and comparing, and what they cost.

    python -m bench.wide_changes FOLDER first|rollover STUDENTS

makes the changes of a district (13 for a student in a first load, 19 in a rollover) in FOLDER,
judges and saves them, and prints for each stage the CPU seconds, the microseconds a change, and the
most memory that the process has had by then.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from rollbook.changes.changeset import Changeset, SchoolTallies, Scope, Tally
from rollbook.changes.positions import Positions
from rollbook.changes.sequence import Changes
from rollbook.config.district import District
from rollbook.config.sources import OneRosterCsv
from rollbook.directory import runs
from rollbook.directory.audit import Actor
from rollbook.directory.changesets import Fingerprint
from rollbook.directory.store import open_store, sqlite_url
from rollbook.holds.judgement import Case
from rollbook.holds.rules import judge
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values
from rollbook.roster.states import RunKind
from rollbook.runs.lines import Lines
from rollbook.runs.marks import Marks
from rollbook.runs.prepare import save_changeset

ACTOR = Actor("bench", datetime(2026, 8, 3, 12, 0, tzinfo=UTC))
DISTRICT = District(id="wide", name="Wide", source=OneRosterCsv(path=Path("/nowhere")))
SEATS = 8
"""Enrollments of a student."""

_REPLACED = (Kind.CLASS, Kind.ENROLLMENT)

Row = tuple[str, Values, str | None]
"""An id, fields and a school."""


def first_load(students: int) -> Iterator[Change]:
    """Every record of a district, added."""
    for kind in Kind:
        for record_id, values, school in _rows(kind, students, ""):
            yield Change(kind, Verb.ADD, record_id, None, values, school, _group(kind), record_id)


def rollover(students: int) -> Iterator[Change]:
    """The next year: everybody is a grade up, but for a twelfth who are gone with all that was
    theirs and a twelfth who are new; all classes and enrollments are other ones."""
    moving = students // 12
    for kind in (Kind.CLASS, Kind.USER, Kind.ROLE, Kind.ENROLLMENT, Kind.DEMOGRAPHICS):
        group = _group(kind)
        for record_id, values, school in _rows(kind, students, ""):
            if kind in _REPLACED or int(record_id[1:8]) < moving:
                yield Change(
                    kind, Verb.REMOVE, record_id, values, None, school, group, record_id, 1
                )
            elif kind is Kind.USER:
                before: Values = {"grades": values["grades"]}
                after: Values = {"grades": ["13"]}
                yield Change(
                    kind, Verb.UPDATE, record_id, before, after, school, group, record_id, 1
                )
        for record_id, values, school in _rows(kind, students, "n"):
            if kind in _REPLACED or int(record_id[1:8]) < moving:
                yield Change(kind, Verb.ADD, record_id, None, values, school, group, record_id)


def _group(kind: Kind) -> RoleGroup | None:
    return RoleGroup.STUDENT if kind is Kind.USER else None


def _rows(kind: Kind, students: int, end: str) -> Iterator[Row]:
    """The records of a kind, their ids with an ``end``; everybody is a student."""
    schools = max(1, students // 600)
    classes = max(1, students * SEATS // 25)

    def school(at: int) -> str:
        return f"s{at % schools:04}"

    match kind:
        case Kind.ORG:
            for at in range(schools):
                yield school(at), {"name": f"School {at}", "type": "school"}, school(at)
        case Kind.CLASS:
            for at in range(classes):
                own: Values = {"title": f"Class {at}", "school_id": school(at)}
                yield f"c{at:07}{end}", own, school(at)
        case Kind.USER:
            for at in range(students):
                yield f"u{at:07}{end}", _person(at, school(at)), school(at)
        case Kind.ROLE:
            for at in range(students):
                user, org = f"u{at:07}{end}", school(at)
                role: Values = {"user_id": user, "role": "student", "org_id": org}
                yield f"{user}:student:{org}", role, org
        case Kind.ENROLLMENT:
            for at in range(students * SEATS):
                taken = at % classes
                seat: Values = {
                    "user_id": f"u{at // SEATS:07}",
                    "class_id": f"c{taken:07}{end}",
                    "role": "student",
                    "school_id": school(taken),
                    "begin_date": "2026-08-01",
                }
                yield f"e{at:07}{end}", seat, school(taken)
        case Kind.GUARDIAN:
            for at in range(students):
                pair: Values = {"student_id": f"u{at:07}", "guardian_id": f"g{at:07}"}
                yield f"u{at:07}:g{at:07}", pair, school(at)
        case Kind.DEMOGRAPHICS:
            for at in range(students):
                born: Values = {"birth_date": f"20{at % 12 + 10}-01-02", "sex": "female"}
                yield f"u{at:07}{end}", born, school(at)


def _person(at: int, school: str) -> Values:
    return {
        "given_name": f"Given{at % 997}",
        "family_name": f"Family{at}",
        "email": f"pupil{at}@example.org",
        "username": f"pupil{at}",
        "grades": [f"{at % 12 + 1:02}"],
        "primary_role": "student",
        "primary_org_id": school,
        "enabled": True,
    }


def changeset_of(changes: Changes) -> Changeset:
    """The changes with their counts, as if there were just what they take away or change."""
    totals = {kind: Tally() for kind in Kind}
    schools: SchoolTallies = {}
    for (kind, verb, school, _), number in changes.columns.cells().items():
        totals[kind].count(verb, number)
        schools.setdefault(school, {}).setdefault(kind, Tally()).count(verb, number)
    live: dict[Scope, int] = {}
    for (kind, verb, school, group), number in changes.columns.cells().items():
        if verb is not Verb.ADD:
            for scope in {(kind, where, who) for where in (school, None) for who in (group, None)}:
                live[scope] = live.get(scope, 0) + number
    return Changeset(changes, changes.digest, totals, schools, live)


def most_memory() -> int:
    """The most memory that this process has had so far, in MiB."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


@contextmanager
def stage(name: str, number: Mapping[str, int]) -> Iterator[None]:
    """Print what a stage costs."""
    begun = time.process_time()
    yield
    cpu = time.process_time() - begun
    each = 1e6 * cpu / max(1, number["changes"])
    print(f"{name:10} {cpu:8.1f} s {each:6.2f} us a change, {most_memory():6,} MiB", flush=True)


def measure(folder: Path, day: str, students: int) -> None:
    """Go through one day."""
    make = first_load if day == "first" else rollover
    number = {"changes": sum(1 for _ in make(students))}
    print(f"{day}: {number['changes']:,} changes")
    with stage("making", number):
        for _ in make(students):
            pass
    with stage("spooling", number):
        changes = Changes.spooled(folder / "changes", make(students))
    with stage("counting", number):
        changeset = changeset_of(changes)
    lines = Lines()
    with stage("marking", number):
        for at, change in enumerate(make(students)):
            if change.verb is not Verb.REMOVE:
                lines.add(change.kind, change.id, Fingerprint(at))
    store = open_store(sqlite_url(folder / "store.db"))
    review, first = ("A first run.", True) if day == "first" else ("", False)
    case = Case(
        changeset=changeset,
        active=Positions(np.arange(len(changes), dtype=np.int32)),
        thresholds=DISTRICT.thresholds,
        school_names={},
        review=review,
        first=first,
    )
    with stage("judging", number):
        raised = judge(case)
    print(", ".join(f"{hold.rule} {hold.count:,}" for hold in raised))
    with stage("saving", number), store.write() as connection:
        run = runs.get(connection, runs.create(connection, ACTOR, DISTRICT.id, RunKind.SYNC))
        save_changeset(
            connection,
            ACTOR,
            run,
            changeset,
            DISTRICT,
            generation=0,
            review=review,
            first=first,
            marks=Marks(lines),
        )


if __name__ == "__main__":
    measure(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
