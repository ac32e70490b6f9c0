"""Attendance and discipline in the store: what stands, what a run makes of it, and writing that.

What a run wants to make of them is saved with its changeset and goes in with it: all of a student's
entries about a topic in a school year at once, as long as they are what the run found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    true,
    update,
)

from rollbook.directory.among import among
from rollbook.directory.bulk import insert_rows
from rollbook.directory.records import batches
from rollbook.directory.tables import (
    RECORD_TABLES,
    student_fact_changes,
    student_facts,
)
from rollbook.errors import Stale
from rollbook.roster.kinds import Kind
from rollbook.roster.student_facts import About, Entry, FactChange, Topic, fact_digest

_FACTS, _CHANGES, _USERS = student_facts, student_fact_changes, RECORD_TABLES[Kind.USER]
_AT_ONCE = 1_000


def newest_year(connection: Connection, district: str, topic: Topic) -> str | None:
    """The newest school year of which anything is known."""
    query = select(func.max(_FACTS.c.school_year)).where(
        _FACTS.c.district == district, _FACTS.c.topic == topic
    )
    found: str | None = connection.execute(query).scalar_one()
    return found


def digests(
    connection: Connection, district: str, topic: Topic, years: Collection[str]
) -> Iterator[tuple[About, int]]:
    """The digest of what stands of each student in some school years, one after the other."""
    query = select(_FACTS.c.student_id, _FACTS.c.school_year, _FACTS.c.digest).where(
        _FACTS.c.district == district,
        _FACTS.c.topic == topic,
        _FACTS.c.school_year.in_(sorted(years)),
    )
    for row in connection.execute(query, execution_options={"yield_per": 10_000}):
        yield About(row.student_id, topic, row.school_year), row.digest


def standing(
    connection: Connection, district: str, wanted: Iterable[About]
) -> dict[About, tuple[Entry, ...]]:
    """What stands about some students."""
    keys = set(wanted)
    found: dict[About, tuple[Entry, ...]] = {}
    for batch in batches(sorted({about.student for about in keys})):
        query = select(_FACTS).where(
            _FACTS.c.district == district, among(connection, _FACTS.c.student_id, batch)
        )
        for row in connection.execute(query):
            about = About(row.student_id, Topic(row.topic), row.school_year)
            if about in keys:
                found[about] = tuple(row.entries)
    return found


def of_people(
    connection: Connection, district: str, people: Collection[str]
) -> list[tuple[About, tuple[Entry, ...]]]:
    """Everything that is known of some people, the newest school year first."""
    query = (
        select(_FACTS)
        .where(
            _FACTS.c.district == district,
            among(connection, _FACTS.c.student_id, sorted(people)),
            _FACTS.c.digest != 0,
        )
        .order_by(_FACTS.c.topic, _FACTS.c.school_year.desc(), _FACTS.c.student_id)
    )
    return [
        (About(row.student_id, Topic(row.topic), row.school_year), tuple(row.entries))
        for row in connection.execute(query)
    ]


def known_people(connection: Connection, district: str, people: Iterable[str]) -> set[str]:
    """Those of the people who are in the directory, or have become one with somebody."""
    found: set[str] = set()
    for batch in batches(people):
        query = select(_USERS.c.id).where(
            _USERS.c.district == district, among(connection, _USERS.c.id, batch), _IS_KNOWN
        )
        found |= set(connection.execute(query).scalars())
    return found


_IS_KNOWN = or_(_USERS.c.removed_in.is_(None), _USERS.c.merged_into.is_not(None))


def save(connection: Connection, run: str, changes: Iterable[FactChange]) -> bool:
    """Keep what a run makes of facts, with what it found; returns whether it makes anything."""
    saved = False
    numbered = iter(enumerate(changes))
    # What comes is found out with the same connection: nothing else is asked while rows go in.
    while batch := list(islice(numbered, _AT_ONCE)):
        saved = True
        rows = (
            (
                *(run, seq, change.about.topic, change.about.school_year, change.about.student),
                *(list(change.before), list(change.after)),
                *(fact_digest(change.before), fact_digest(change.after)),
            )
            for seq, change in batch
        )
        insert_rows(connection, _CHANGES, _SAVED, rows)
    return saved


_SAVED = (
    *("run", "seq", "topic", "school_year", "student_id"),
    *("before", "after", "before_digest", "digest"),
)


def of_run(connection: Connection, run: str, *, applied: bool) -> Iterator[Row[Any]]:
    """What a run has made, or is still to make, of facts: rows with ``seq`` and the student."""
    query = select(_CHANGES).where(_CHANGES.c.run == run, _is(applied)).order_by(_CHANGES.c.seq)
    yield from connection.execute(query, execution_options={"yield_per": _AT_ONCE})


def counts(connection: Connection, run: str) -> dict[Topic, tuple[int, int]]:
    """Students by topic of whom a run has changed, and is still to change, what is known."""
    found: dict[Topic, tuple[int, int]] = {}
    for topic, applied, waiting in connection.execute(_COUNTS, {"run": run}):
        found[Topic(topic)] = (applied, waiting)
    return found


def _students_with(condition: Any) -> Any:
    return func.count(case((condition, _CHANGES.c.student_id)).distinct())


_COUNTS = (
    select(
        _CHANGES.c.topic,
        _students_with(_CHANGES.c.applied_in.is_not(None)),
        _students_with(_CHANGES.c.applied_in.is_(None)),
    )
    .where(_CHANGES.c.run == bindparam("run"))
    .group_by(_CHANGES.c.topic)
)


def students(connection: Connection, run: str, *, applied: bool) -> int:
    """Students of whom a run has changed, or is still to change, what is known of any topic."""
    query = select(func.count(func.distinct(_CHANGES.c.student_id))).where(
        _CHANGES.c.run == run, _is(applied)
    )
    return int(connection.execute(query).scalar_one())


def any_left(connection: Connection, run: str, *, but: Collection[int] = ()) -> bool:
    """Whether something that a run makes of facts, ``but`` some of it, has not gone in."""
    query = _LEFT
    if but:
        query = query.where(~among(connection, _CHANGES.c.seq, sorted(but)))
    return connection.execute(query, {"run": run}).first() is not None


_LEFT = (
    select(_CHANGES.c.seq)
    .where(_CHANGES.c.run == bindparam("run"), _CHANGES.c.applied_in.is_(None))
    .limit(1)
)


def _is(applied: bool) -> Any:
    return _CHANGES.c.applied_in.is_not(None) if applied else _CHANGES.c.applied_in.is_(None)


def apply(
    connection: Connection,
    district: str,
    run: str,
    generation: int,
    *,
    but: Collection[int] = (),
    anybody: bool = False,
) -> int:
    """Write what a run is still to make of facts, ``but`` some of it: of those who are here, or of
    ``anybody``.

    Returns how many were written. ``generation`` is the directory's from then on. Raises ``Stale``
    where something stands otherwise than the run has found it.
    """
    here = (
        select(_USERS.c.id)
        .where(_USERS.c.district == district, _USERS.c.id == _CHANGES.c.student_id, _IS_KNOWN)
        .exists()
    )
    kept = ~among(connection, _CHANGES.c.seq, sorted(but)) if but else true()
    going = and_(_CHANGES.c.run == run, _is(False), true() if anybody else here, kept)
    chosen = select(_CHANGES.c.seq).where(going)
    marked = connection.execute(
        update(_CHANGES)
        .where(_CHANGES.c.run == run, _CHANGES.c.seq.in_(chosen))
        .values(applied_in=generation)
    )
    if not marked.rowcount:
        return 0
    values = {"run": run, "district": district, "generation": generation}
    differs = text(
        "SELECT count(*) FROM student_fact_changes AS c LEFT JOIN student_facts AS f "
        "ON f.district = :district AND f.topic = c.topic AND f.school_year = c.school_year "
        "AND f.student_id = c.student_id "
        "WHERE c.run = :run AND c.applied_in = :generation "
        "AND COALESCE(f.digest, 0) <> c.before_digest"
    )
    if others := connection.execute(differs, values).scalar_one():
        raise Stale(
            f"what is known of {others:,} students has changed since the changeset was made.",
            remedy="Sync again and look at the new preview.",
        )
    connection.execute(
        text(
            "INSERT INTO student_facts "
            "(district, topic, school_year, student_id, entries, digest) "
            "SELECT :district, topic, school_year, student_id, after, digest "
            "FROM student_fact_changes WHERE run = :run AND applied_in = :generation "
            "ON CONFLICT (district, topic, school_year, student_id) "
            "DO UPDATE SET entries = excluded.entries, digest = excluded.digest"
        ),
        values,
    )
    return int(marked.rowcount)
