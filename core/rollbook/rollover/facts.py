"""What a checklist needs to know of a district, gathered once for all its steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from rollbook.directory.records import count_students, load_kind, school_names
from rollbook.directory.tables import RECORD_TABLES
from rollbook.roster.kinds import Kind
from rollbook.roster.records import text


@dataclass(frozen=True, slots=True)
class Session:
    """An academic session; ``ends`` is the first day after it, as OneRoster has it."""

    title: str
    school_year: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Facts:
    """A district as a checklist sees it on ``today``.

    ``pauses`` are those in force or to come, in words, with whether they are in force;
    ``run_state`` is the newest sync's, ``applied_runs`` how many syncs have been applied.
    """

    today: date
    sessions: tuple[Session, ...]
    students: int
    students_expected: int | None
    schools_without_enrollments: tuple[str, ...]
    schools: int
    classes: int
    classes_without_teacher: int
    open_holds: int
    pauses: tuple[tuple[str, bool], ...]
    duplicates: int
    run_state: str | None
    run_message: str
    run_findings: int
    applied_runs: int

    @property
    def school_year(self) -> str | None:
        """The newest school year that the SIS sends."""
        return max((s.school_year for s in self.sessions if s.school_year), default=None)

    @property
    def last_day(self) -> date | None:
        """The first day after the newest school year's last session."""
        ends = [s.ends for s in self.sessions if s.school_year == self.school_year]
        return max(ends, default=None)


def gather(
    connection: Connection,
    district: str,
    today: date,
    *,
    students_expected: int | None,
    open_holds: int,
    pauses: Sequence[tuple[str, bool]],
    duplicates: int,
    run_state: str | None,
    run_message: str,
    run_findings: int,
    applied_runs: int,
) -> Facts:
    """Read what the directory knows and put it beside what the caller knows."""
    schools, empty = _schools(connection, district)
    classes, untaught = _classes(connection, district)
    return Facts(
        today=today,
        sessions=tuple(_sessions(connection, district)),
        students=count_students(connection, district),
        students_expected=students_expected,
        schools_without_enrollments=empty,
        schools=schools,
        classes=classes,
        classes_without_teacher=untaught,
        open_holds=open_holds,
        pauses=tuple(pauses),
        duplicates=duplicates,
        run_state=run_state,
        run_message=run_message,
        run_findings=run_findings,
        applied_runs=applied_runs,
    )


def _sessions(connection: Connection, district: str) -> list[Session]:
    found: list[Session] = []
    for record in load_kind(connection, district, Kind.ACADEMIC_SESSION).values():
        starts, ends = text(record.values, "start_date"), text(record.values, "end_date")
        if starts and ends:
            found.append(
                Session(
                    title=text(record.values, "title") or "",
                    school_year=text(record.values, "school_year") or "",
                    starts=date.fromisoformat(starts),
                    ends=date.fromisoformat(ends),
                )
            )
    return sorted(found, key=lambda session: (session.starts, session.ends, session.title))


def _schools(connection: Connection, district: str) -> tuple[int, tuple[str, ...]]:
    """How many schools have students, and the names of those where none is enrolled in a class."""
    users, enrollments = RECORD_TABLES[Kind.USER], RECORD_TABLES[Kind.ENROLLMENT]
    with_students = set(
        connection.execute(
            select(users.c.primary_org_id)
            .where(
                users.c.district == district,
                users.c.removed_in.is_(None),
                users.c.primary_role == "student",
                users.c.primary_org_id.is_not(None),
            )
            .distinct()
        ).scalars()
    )
    enrolled = set(
        connection.execute(
            select(enrollments.c.school_id)
            .where(
                enrollments.c.district == district,
                enrollments.c.removed_in.is_(None),
                enrollments.c.role == "student",
            )
            .distinct()
        ).scalars()
    )
    names = school_names(connection, district)
    empty = sorted(names.get(school, school) for school in with_students - enrolled)
    return len(with_students), tuple(empty)


def _classes(connection: Connection, district: str) -> tuple[int, int]:
    """How many classes there are, and how many of them have no teacher."""
    classes, enrollments = RECORD_TABLES[Kind.CLASS], RECORD_TABLES[Kind.ENROLLMENT]
    live = (classes.c.district == district, classes.c.removed_in.is_(None))
    taught = select(enrollments.c.class_id).where(
        enrollments.c.district == district,
        enrollments.c.removed_in.is_(None),
        enrollments.c.role == "teacher",
    )
    total = connection.execute(select(func.count()).select_from(classes).where(*live)).scalar_one()
    untaught = connection.execute(
        select(func.count()).select_from(classes).where(*live, classes.c.id.not_in(taught))
    ).scalar_one()
    return total, untaught
