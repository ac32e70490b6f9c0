"""How many live records a district has, by kind, school and role group.

Kept while lanes are applied, for counting a million records anew takes seconds. ``recount`` is the
slow truth that they are held against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from rollbook.directory.json_fields import fields_of
from rollbook.directory.lane_changes import LaneChanges
from rollbook.directory.records import field_names
from rollbook.directory.tables import RECORD_TABLES, tallies
from rollbook.directory.wording import sql
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

Tallies = Counter[tuple[Kind, str | None, RoleGroup | None]]
"""Live records by kind, school (``None`` for the whole district) and, of people, role group."""

_ROLE = (
    "CASE WHEN {t}.primary_role = 'student' THEN 'student' "
    "WHEN {t}.primary_role IN ('parent', 'guardian', 'relative') THEN 'guardian' "
    "ELSE 'staff' END"
)
_PLACES: dict[Kind, tuple[str, tuple[str, ...]]] = {
    Kind.ORG: ("CASE WHEN {t}.type = 'school' THEN {t}.id ELSE '' END", ("type",)),
    Kind.ACADEMIC_SESSION: ("''", ()),
    Kind.COURSE: ("COALESCE({t}.org_id, '')", ("org_id",)),
    Kind.CLASS: ("COALESCE({t}.school_id, '')", ("school_id",)),
    Kind.USER: ("COALESCE({t}.primary_org_id, '')", ("primary_org_id", "primary_role")),
    Kind.ROLE: ("COALESCE({t}.org_id, '')", ("org_id",)),
    Kind.ENROLLMENT: ("COALESCE({t}.school_id, '')", ("school_id",)),
}
"""Where a record counts, as SQL over its row, and the fields on which that depends."""

_FOLLOWERS = {Kind.GUARDIAN: "student_id", Kind.DEMOGRAPHICS: "id"}
"""Kinds that count where their student does, and the field that names the student."""


Shifts = list[tuple[str, str, str, int]]
"""Kind, school, role group (blank for none), and by how many records the tally moves."""


def of_district(connection: Connection, district: str) -> Tallies:
    """The tallies as they are kept; counted anew where none are kept yet."""
    rows = connection.execute(_OF_DISTRICT, {"district": district}).all()
    if not rows:
        return recount(connection, district)
    return Tallies(
        {
            (Kind(r.kind), r.school or None, RoleGroup(r.role) if r.role else None): r.records
            for r in rows
            if r.records
        }
    )


_OF_DISTRICT = select(tallies).where(tallies.c.district == bindparam("district"))


def held(connection: Connection, district: str) -> Counter[Kind]:
    """How many records of each kind a district has, as far as tallies are kept."""
    rows = connection.execute(_HELD, {"district": district})
    return Counter({Kind(kind): int(number) for kind, number in rows})


_HELD = sql("SELECT kind, sum(records) FROM tallies WHERE district = :district GROUP BY 1")


def recount(connection: Connection, district: str) -> Tallies:
    """The tallies from the records themselves."""
    found = Tallies()
    users = RECORD_TABLES[Kind.USER].name
    for kind in Kind:
        table = RECORD_TABLES[kind].name
        if kind in _FOLLOWERS:
            statement = (
                f"SELECT COALESCE(u.primary_org_id, ''), '', count(*) FROM {table} AS t "
                f"LEFT JOIN {users} AS u ON u.district = t.district AND u.id = t.{_FOLLOWERS[kind]}"
            )
        else:
            statement = (
                f"SELECT {_place(kind, 't')}, {_role(kind, 't')}, count(*) FROM {table} AS t"
            )
        statement += " WHERE t.district = :district AND t.removed_in IS NULL GROUP BY 1, 2"
        for school, role, number in connection.execute(sql(statement), {"district": district}):
            found[kind, school or None, RoleGroup(role) if role else None] += number
    return found


def begin(connection: Connection, district: str) -> None:
    """Make sure that tallies are kept, before the first record is written."""
    query = select(tallies.c.kind).where(tallies.c.district == district).limit(1)
    if connection.execute(query).first() is None:
        shift(
            connection,
            district,
            ((k, s or "", r or "", n) for (k, s, r), n in recount(connection, district).items()),
        )


def before_writing(connection: Connection, changes: LaneChanges) -> Shifts:
    """What leaves or moves, while the rows still stand as they were."""
    found = _leaving_or_coming(connection, changes, Verb.REMOVE)
    return [(kind, school, role, -number) for kind, school, role, number in found]


def after_writing(connection: Connection, changes: LaneChanges) -> Shifts:
    """What came or moved, now that the rows stand as they are to be."""
    return _leaving_or_coming(connection, changes, Verb.ADD)


def _leaving_or_coming(connection: Connection, changes: LaneChanges, verb: Verb) -> Shifts:
    found: Shifts = []
    if changes.numbers.get(verb):
        if changes.kind in _FOLLOWERS:
            found += _followers_changed(connection, changes, verb)
        else:
            found += _counted(changes, verb)
    if changes.numbers.get(Verb.UPDATE):
        found += _moving(connection, changes)
    return found


def _place(kind: Kind, alias: str) -> str:
    return _PLACES[kind][0].format(t=alias)


def _role(kind: Kind, alias: str) -> str:
    return _ROLE.format(t=alias) if kind is Kind.USER else "''"


def _counted(changes: LaneChanges, verb: Verb) -> Shifts:
    """Additions or removals, as the lanes count them."""
    return [
        (changes.kind, school, role, number)
        for (of, school, role), number in changes.places.items()
        if of is verb
    ]


def _moving(connection: Connection, changes: LaneChanges) -> Shifts:
    """Where the records stand now that move to another school or role group, and who follows."""
    kind = changes.kind
    decisive = _PLACES[kind][1] if kind in _PLACES else ()
    if not decisive:
        return []
    fields = fields_of(kind, connection.dialect.name)
    at = field_names(kind)
    touched = " OR ".join(fields.touched[at.index(name)] for name in decisive)
    table = RECORD_TABLES[kind].name
    moved = (
        f"FROM {fields.changes} AS c JOIN {table} AS t "
        "ON t.district = :district AND t.id = c.record_id {join} "
        f"WHERE {changes.chosen} AND c.verb = 'update' "
        f"AND ({touched}) AND t.removed_in IS NULL GROUP BY 1, 2"
    )
    place = _place(kind, "t")
    statement = f"SELECT {place}, {_role(kind, 't')}, count(*) {moved.format(join='')}"
    found: Shifts = [
        (kind, school, role, n)
        for school, role, n in connection.execute(sql(statement), changes.values)
    ]
    if found and kind is Kind.USER:
        for follower, field in _FOLLOWERS.items():
            join = (
                f"JOIN {RECORD_TABLES[follower].name} AS f ON f.district = :district "
                f"AND f.{field} = t.id AND f.removed_in IS NULL"
            )
            statement = f"SELECT {place}, '', count(*) {moved.format(join=join)}"
            found += [
                (follower, school, "", n)
                for school, _, n in connection.execute(sql(statement), changes.values)
            ]
    return found


def _followers_changed(connection: Connection, changes: LaneChanges, verb: Verb) -> Shifts:
    """Additions or removals of what counts where its student stands now."""
    kind = changes.kind
    fields = fields_of(kind, connection.dialect.name)
    student = "c.record_id"
    if kind is Kind.GUARDIAN:
        at = field_names(kind).index(_FOLLOWERS[kind])
        student = fields.after[at] if verb is Verb.ADD else fields.before[at]
    statement = (
        f"SELECT COALESCE(u.primary_org_id, ''), count(*) FROM {fields.changes} AS c "
        f"LEFT JOIN {RECORD_TABLES[Kind.USER].name} AS u "
        f"ON u.district = :district AND u.id = {student} "
        f"WHERE {changes.chosen} AND c.verb = :verb GROUP BY 1"
    )
    values = changes.values | {"verb": verb}
    return [(kind, school, "", n) for school, n in connection.execute(sql(statement), values)]


def shift(
    connection: Connection, district: str, found: Iterable[tuple[str, str, str, int]]
) -> None:
    """Keep what a write of the directory has found."""
    deltas: Counter[tuple[str, str, str]] = Counter()
    for kind, school, role, number in found:
        deltas[kind, school, role] += number
    rows = [
        {"district": district, "kind": k, "school": s, "role": r, "n": n}
        for (k, s, r), n in deltas.items()
        if n
    ]
    if rows:
        connection.execute(
            sql(
                "INSERT INTO tallies (district, kind, school, role, records) "
                "VALUES (:district, :kind, :school, :role, :n) "
                "ON CONFLICT (district, kind, school, role) "
                "DO UPDATE SET records = tallies.records + excluded.records"
            ),
            rows,
        )
