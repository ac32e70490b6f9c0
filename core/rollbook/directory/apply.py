"""Writing saved lanes into the directory: rows, tallies, fingerprints and generation.

The saved rows themselves are what is applied, by the database: nothing is worked out anew. The
caller's transaction carries everything; a row that is not in the state in which the changes found
it makes the whole of it ``Stale``.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select, update

from rollbook.directory import fingerprints, grade_memory, tallies
from rollbook.directory.json_fields import Fields, fields_of
from rollbook.directory.lane_changes import LaneChanges, changes_of_lanes
from rollbook.directory.records import field_names
from rollbook.directory.sqlite import give_room
from rollbook.directory.tables import RECORD_TABLES, districts
from rollbook.directory.wording import sql
from rollbook.errors import Stale
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind


def generation_of(connection: Connection, district: str) -> int:
    """The directory's generation: how many times it has been written."""
    return connection.execute(_GENERATION, {"district": district}).scalar_one_or_none() or 0


_GENERATION = select(districts.c.generation).where(districts.c.id == bindparam("district"))


def next_generation(connection: Connection, district: str, expected: int) -> int:
    """Count a write of the directory. Raises ``Stale`` unless it is at generation ``expected``."""
    moved = connection.execute(
        update(districts)
        .where(districts.c.id == district, districts.c.generation == expected)
        .values(generation=expected + 1)
    )
    if moved.rowcount != 1:
        raise Stale(
            f"the directory of {district} is at generation "
            f"{generation_of(connection, district)}, the changeset was made for {expected}.",
            remedy="Sync again and look at the new preview.",
        )
    return expected + 1


def apply_lanes(
    connection: Connection, district: str, run: str, lanes: Collection[int], expected: int
) -> int:
    """Apply the changes of ``lanes`` on generation ``expected`` and return the next generation.

    Raises ``Stale`` when the directory is at another generation, or when a record has another
    version than the one that its change was made for.
    """
    generation = next_generation(connection, district, expected)
    tallies.begin(connection, district)
    going = changes_of_lanes(connection, district, run, lanes)
    give_room(connection, sum(changes.number for changes in going.values()))
    shifts: tallies.Shifts = []
    for kind, changes in going.items():
        fields = fields_of(kind, connection.dialect.name)
        shifts += tallies.before_writing(connection, changes)
        moves = grade_memory.before_writing(connection, changes) if kind is Kind.USER else None
        numbers = changes.numbers
        for verb, write in ((Verb.ADD, _add), (Verb.UPDATE, _update), (Verb.REMOVE, _remove)):
            wanted = numbers[verb]
            if not wanted:
                continue
            values = changes.values | {"verb": verb}
            if verb is Verb.REMOVE:
                values["generation"] = generation
            written = sum(
                connection.execute(sql(statement), values).rowcount
                for statement in write(changes, fields)
            )
            _all_or_stale(written, wanted, kind)
        shifts += tallies.after_writing(connection, changes)
        if moves is not None:
            grade_memory.after_writing(connection, changes, moves)
    tallies.shift(connection, district, shifts)
    fingerprints.follow(connection, district, run, lanes, going)
    return generation


def _add(changes: LaneChanges, fields: Fields) -> list[str]:
    """New rows, and rows of records that come back: these take the row that they left."""
    table = RECORD_TABLES[changes.kind].name
    names = ", ".join(fields.quoted)
    set_again = ", ".join(f"{name} = excluded.{name}" for name in fields.quoted)
    statement = f"""
        INSERT INTO {table} (district, id, {names}, version, fingerprint, noted)
        SELECT :district, c.record_id, {", ".join(fields.after)},
               COALESCE(c.before_version, 0) + 1, c.fingerprint, c.noted
        FROM {fields.changes} AS c
        WHERE {changes.chosen} AND c.verb = :verb
        ORDER BY c.seq
        ON CONFLICT (district, id) DO UPDATE SET {set_again},
            removed_in = NULL, merged_into = NULL, version = excluded.version,
            fingerprint = excluded.fingerprint, noted = excluded.noted
        WHERE {table}.removed_in IS NOT NULL AND {table}.version = excluded.version - 1
    """
    return [statement]


def _update(changes: LaneChanges, fields: Fields) -> list[str]:
    """Changed fields in place; apart from the rest, the changes of fields that are in an index.

    A field that is set is put into its indexes anew, even where it stays what it is.
    """
    table = RECORD_TABLES[changes.kind]
    indexed = {column.name for index in table.indexes for column in index.columns}
    names = field_names(changes.kind)
    keys = [touched for name, touched in zip(names, fields.touched, strict=True) if name in indexed]
    if not keys:
        return [_set(changes, fields)]
    some = " OR ".join(keys)
    kept = {position for position, name in enumerate(names) if name in indexed}
    return [
        f"{_set(changes, fields, but=kept)} AND NOT ({some})",
        f"{_set(changes, fields)} AND ({some})",
    ]


def _set(changes: LaneChanges, fields: Fields, but: Collection[int] = ()) -> str:
    """Set every field that its change touches, ``but`` those at some positions."""
    table = RECORD_TABLES[changes.kind].name
    every = zip(fields.quoted, fields.touched, fields.after, strict=True)
    set_fields = ", ".join(
        f"{name} = CASE WHEN {touched} THEN {after} ELSE {table}.{name} END"
        for position, (name, touched, after) in enumerate(every)
        if position not in but
    )
    return f"""
        UPDATE {table} SET {set_fields}, version = {table}.version + 1,
            fingerprint = c.fingerprint, noted = c.noted
        FROM {fields.changes} AS c WHERE {_guards(changes)}"""


def _remove(changes: LaneChanges, fields: Fields) -> list[str]:
    table = RECORD_TABLES[changes.kind].name
    statement = f"""
        UPDATE {table} SET removed_in = :generation, merged_into = c.merged_into,
            version = {table}.version + 1, fingerprint = NULL, noted = NULL
        FROM changes AS c WHERE {_guards(changes)}
    """
    return [statement]


def _guards(changes: LaneChanges) -> str:
    table = RECORD_TABLES[changes.kind].name
    return (
        f"{changes.chosen} AND c.verb = :verb "
        f"AND {table}.district = :district AND {table}.id = c.record_id "
        f"AND {table}.version = c.before_version AND {table}.removed_in IS NULL"
    )


def _all_or_stale(written: int, wanted: int, kind: Kind) -> None:
    if written != wanted:
        raise Stale(
            f"{wanted - written} of {wanted} {kind} records are no longer as the "
            "changeset found them.",
            remedy="Sync again and look at the new preview.",
        )
