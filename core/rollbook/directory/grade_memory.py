"""Which school and grades each student had in the last school year, and what became of them.

``former_students`` holds only those of whom something has changed since: all others are where they
were. ``grade_moves`` counts everybody by where they were and where they are. Both are kept while
lanes are applied, set by set and in proportion to the changes; ``recount`` is the slow truth that
the counts are held against.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from rollbook.directory.among import among
from rollbook.directory.json_fields import fields_of
from rollbook.directory.lane_changes import LaneChanges
from rollbook.directory.records import batches, field_names
from rollbook.directory.tables import RECORD_TABLES, former_students, grade_moves, grade_years
from rollbook.directory.wording import sql
from rollbook.roster.grade_moves import Place
from rollbook.roster.kinds import Kind

Move = tuple[Place | None, Place | None]
"""Where students were, and where they are; ``None`` for not there."""


class GradeYear(NamedTuple):
    """What is remembered of a district: the grades of ``school_year`` as they were on ``since``.

    ``seen`` is the day on which the directory was written last, ``rolled_up`` the first one on
    which the roll-up into the next year was seen to be done. ``roll_up`` is how far it was on
    ``seen``, ``lagging`` the schools, by id, that keep it from being done, ``unenrolled`` those
    whose students are in no class of the year to come, and ``sessions`` the first and the last day
    of each school year by the sessions of then.
    """

    school_year: int
    since: date
    seen: date
    rolled_up: date | None = None
    roll_up: str = ""
    lagging: tuple[str, ...] = ()
    unenrolled: tuple[str, ...] = ()
    sessions: Mapping[int, tuple[date, date]] = MappingProxyType({})


def year_of(connection: Connection, district: str) -> GradeYear | None:
    """What is remembered of a district; ``None`` before its first records."""
    row = connection.execute(_OF_ONE, {"district": district}).first()
    return _remembered(row) if row is not None else None


def years_of(connection: Connection, districts: list[str]) -> dict[str, GradeYear]:
    """What is remembered of some districts, by district."""
    query = select(grade_years).where(among(connection, grade_years.c.district, districts))
    return {row.district: _remembered(row) for row in connection.execute(query)}


_OF_ONE = select(grade_years).where(grade_years.c.district == bindparam("district"))


def _remembered(row: Row[Any]) -> GradeYear:
    return GradeYear(
        row.school_year,
        date.fromisoformat(row.since),
        date.fromisoformat(row.seen),
        date.fromisoformat(row.rolled_up) if row.rolled_up else None,
        row.roll_up or "",
        tuple(row.lagging or ()),
        tuple(row.unenrolled or ()),
        {
            int(year): (date.fromisoformat(first), date.fromisoformat(last))
            for year, (first, last) in (row.sessions or {}).items()
        },
    )


def moves_of(connection: Connection, district: str) -> Counter[Move]:
    """Everybody's move since the last school year."""
    return moves_of_all(connection, [district])[district]


def moves_of_all(connection: Connection, districts: list[str]) -> dict[str, Counter[Move]]:
    """Everybody's moves in some districts, by district."""
    query = select(grade_moves).where(
        among(connection, grade_moves.c.district, districts), grade_moves.c.students != 0
    )
    found: dict[str, Counter[Move]] = {district: Counter() for district in districts}
    for row in connection.execute(query):
        before = Place(row.was_school, row.was_grades) if row.was_there else None
        now = Place(row.school, row.grades) if row.is_there else None
        found[row.district][before, now] += row.students
    return found


def former_places(
    connection: Connection, district: str, users: Iterable[str]
) -> dict[str, Place | None]:
    """Where some people were in the last school year, for those of whom something has changed
    since; ``None`` for who was no student then."""
    table = former_students
    found: dict[str, Place | None] = {}
    for batch in batches(users):
        query = select(table).where(
            table.c.district == district, among(connection, table.c.user_id, batch)
        )
        for row in connection.execute(query):
            place = Place(row.school, written(row.grades))
            found[row.user_id] = place if row.was_there else None
    return found


def places_now(connection: Connection, district: str, users: Iterable[str]) -> dict[str, Place]:
    """Where some students are, for those who are there."""
    table = RECORD_TABLES[Kind.USER]
    found: dict[str, Place] = {}
    for batch in batches(users):
        query = select(table.c.id, table.c.primary_org_id, table.c.grades).where(
            table.c.district == district,
            among(connection, table.c.id, batch),
            table.c.removed_in.is_(None),
            table.c.primary_role == "student",
        )
        for row in connection.execute(query):
            found[row.id] = Place(row.primary_org_id or "", ",".join(row.grades or ()))
    return found


def begin(connection: Connection, district: str, school_year: int, today: date) -> None:
    """Remember a district's grades as they are now, as those of a school year."""
    forget(connection, district)
    day = today.isoformat()
    connection.execute(
        insert(grade_years).values(district=district, school_year=school_year, since=day, seen=day)
    )
    _add(connection, district, recount(connection, district))


def turn_over(connection: Connection, district: str, school_year: int, since: date) -> None:
    """Take the grades as they are now for those of a school year; those of before are forgotten."""
    standing: Counter[Move] = Counter()
    for (_, now), number in moves_of(connection, district).items():
        if now is not None:
            standing[now, now] += number
    for table in (former_students, grade_moves):
        connection.execute(delete(table).where(table.c.district == district))
    _add(connection, district, standing)
    connection.execute(
        update(grade_years)
        .where(grade_years.c.district == district)
        .values(
            school_year=school_year, since=since.isoformat(), rolled_up=None, roll_up="", lagging=[]
        )
    )


def note(connection: Connection, district: str, kept: GradeYear) -> None:
    """Note how a district's year stands after a write."""
    connection.execute(
        update(grade_years)
        .where(grade_years.c.district == district)
        .values(
            seen=kept.seen.isoformat(),
            rolled_up=kept.rolled_up.isoformat() if kept.rolled_up else None,
            roll_up=kept.roll_up,
            lagging=list(kept.lagging),
            unenrolled=list(kept.unenrolled),
            sessions={
                str(year): [first.isoformat(), last.isoformat()]
                for year, (first, last) in kept.sessions.items()
            },
        )
    )


def forget(connection: Connection, district: str) -> None:
    """Forget everything; a district that is written next is remembered anew."""
    for table in (former_students, grade_moves, grade_years):
        connection.execute(delete(table).where(table.c.district == district))


def before_writing(connection: Connection, changes: LaneChanges) -> Counter[Move] | None:
    """Keep where students are whom changes touch for the first time, while the rows still stand as
    they were; returns the moves of all whom they touch, ``None`` where nothing is remembered."""
    if year_of(connection, changes.district) is None:
        return None
    sql = _Sql(connection, changes)
    sql.run(sql.keep)
    moves = _counted(connection, changes, sql.count)
    if sql.run(sql.hand_over):
        sql.run(sql.handed_over)
    sql.run(sql.newcomers)
    return moves


def after_writing(connection: Connection, changes: LaneChanges, before: Counter[Move]) -> None:
    """Put them on the counts where they are now, and take them off where they were ``before``."""
    moves = _counted(connection, changes, _Sql(connection, changes).count)
    moves.subtract(before)
    _add(connection, changes.district, moves)


def recount(connection: Connection, district: str) -> Counter[Move]:
    """Everybody's move, counted one by one."""
    statement = f"""
        SELECT f.user_id IS NOT NULL AS touched, f.was_there, f.school, f.grades,
               {_IS_THERE} AS is_there, {_SCHOOL}, {_GRADES}, count(*)
        FROM users AS u LEFT JOIN former_students AS f
             ON f.district = u.district AND f.user_id = u.id
        WHERE u.district = :district AND (f.user_id IS NOT NULL OR {_IS_THERE})
        GROUP BY 1, 2, 3, 4, 5, 6, 7"""
    found: Counter[Move] = Counter()
    for row in connection.execute(sql(statement), {"district": district}):
        touched, was_there, was_school, was_grades, is_there, school, grades, number = row
        now = Place(school, written(grades)) if is_there else None
        before = now
        if touched:
            before = Place(was_school, written(was_grades)) if was_there else None
        if before is not None or now is not None:
            found[before, now] += number
    return found


def written(kept: str) -> str:
    """The grades of a row, which are kept as a JSON list, joined by commas."""
    return ",".join(json.loads(kept)) if kept else ""


_IS_THERE = "(u.removed_in IS NULL AND COALESCE(u.primary_role, '') = 'student')"
_SCHOOL = "COALESCE(u.primary_org_id, '')"
_GRADES = "COALESCE(CAST(u.grades AS TEXT), '')"
_DECISIVE = ("primary_role", "primary_org_id", "grades")


class _Sql:
    """The statements about the people whom some changes touch."""

    def __init__(self, connection: Connection, changes: LaneChanges) -> None:
        fields = fields_of(Kind.USER, connection.dialect.name)
        at = field_names(Kind.USER)
        touched = " OR ".join(fields.touched[at.index(name)] for name in _DECISIVE)
        role = fields.after[at.index("primary_role")]
        users = "users AS u ON u.district = :district AND u.id = c.record_id"
        former = "former_students AS f ON f.district = :district AND f.user_id = c.record_id"
        into = "INSERT INTO former_students (district, user_id, was_there, school, grades)"
        self._connection = connection
        self._values = changes.values
        self.keep = f"""
            {into} SELECT :district, u.id, {_IS_THERE}, {_SCHOOL}, {_GRADES}
            FROM {fields.changes} AS c JOIN {users}
            WHERE {changes.chosen} AND u.removed_in IS NULL
              AND ({_IS_THERE} OR {role} = 'student')
              AND (c.verb = 'remove' OR (c.verb = 'update' AND ({touched})))
            ON CONFLICT DO NOTHING"""
        self.newcomers = f"""
            {into} SELECT :district, c.record_id, false, '', ''
            FROM {fields.changes} AS c
            WHERE {changes.chosen} AND c.verb = 'add' AND {role} = 'student'
            ON CONFLICT DO NOTHING"""
        linked = f"""
            FROM {fields.changes} AS c JOIN {former}
                 LEFT JOIN users AS n
                 ON n.district = :district AND n.id = c.merged_into AND n.removed_in IS NULL
            WHERE {changes.chosen} AND c.verb = 'remove' AND c.merged_into IS NOT NULL
              AND n.id IS NULL"""
        self.hand_over = f"""
            {into} SELECT :district, c.merged_into, f.was_there, f.school, f.grades {linked}
            ON CONFLICT (district, user_id) DO UPDATE
            SET was_there = excluded.was_there, school = excluded.school, grades = excluded.grades
            """
        self.handed_over = f"""
            UPDATE former_students SET was_there = false, school = '', grades = ''
            WHERE district = :district AND user_id IN (SELECT c.record_id {linked})"""
        self.count = f"""
            SELECT f.was_there, f.school, f.grades, {_IS_THERE} AND u.id IS NOT NULL AS is_there,
                   {_SCHOOL}, {_GRADES}, count(*)
            FROM {fields.changes} AS c JOIN {former} LEFT JOIN {users}
            WHERE {changes.chosen} AND (c.verb <> 'update' OR {touched})
            GROUP BY 1, 2, 3, 4, 5, 6"""

    def run(self, statement: str) -> int:
        """Run a statement; how many rows it wrote."""
        return self._connection.execute(sql(statement), self._values).rowcount


def _counted(connection: Connection, changes: LaneChanges, count: str) -> Counter[Move]:
    found: Counter[Move] = Counter()
    for row in connection.execute(sql(count), changes.values):
        was_there, was_school, was_grades, is_there, school, grades, number = row
        before = Place(was_school, written(was_grades)) if was_there else None
        now = Place(school, written(grades)) if is_there else None
        found[before, now] += number
    return found


def _add(connection: Connection, district: str, moves: Mapping[Move, int]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "district": district,
            "was_there": before is not None,
            "was_school": before.school if before else "",
            "was_grades": before.grades if before else "",
            "is_there": now is not None,
            "school": now.school if now else "",
            "grades": now.grades if now else "",
            "students": number,
        }
        for (before, now), number in moves.items()
        if number and (before is not None or now is not None)
    ]
    if rows:
        connection.execute(
            sql(
                "INSERT INTO grade_moves (district, was_there, was_school, was_grades, is_there, "
                "school, grades, students) VALUES (:district, :was_there, :was_school, "
                ":was_grades, :is_there, :school, :grades, :students) "
                "ON CONFLICT (district, was_there, was_school, was_grades, is_there, school, "
                "grades) DO UPDATE SET students = grade_moves.students + excluded.students"
            ),
            rows,
        )
