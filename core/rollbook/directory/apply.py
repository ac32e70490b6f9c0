"""Writing saved lanes into the directory: rows, tallies, fingerprints and generation.

The saved rows themselves are what is applied, by the database: nothing is worked out anew. The
caller's transaction carries everything; a row that is not in the state in which the changes found
it makes the whole of it ``Stale``.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select, text, update

from rollbook.directory import fingerprints, tallies
from rollbook.directory.json_fields import Fields, fields_of
from rollbook.directory.records import field_names
from rollbook.directory.tables import RECORD_TABLES, districts, lane_counts
from rollbook.errors import Stale
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, Kind


def generation_of(connection: Connection, district: str) -> int:
    """The directory's generation: how many times it has been written."""
    query = select(districts.c.generation).where(districts.c.id == district)
    return connection.execute(query).scalar_one_or_none() or 0


def apply_lanes(
    connection: Connection, district: str, run: str, lanes: Collection[int], expected: int
) -> int:
    """Apply the changes of ``lanes`` on generation ``expected`` and return the next generation.

    Raises ``Stale`` when the directory is at another generation, or when a record has another
    version than the one that its change was made for.
    """
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
    tallies.begin(connection, district)
    numbers = _numbers(connection, run, lanes)
    of_lanes = ", ".join(str(int(lane)) for lane in sorted(lanes))
    for kind in sorted({kind for kind, _ in numbers}, key=KIND_ORDER.__getitem__):
        fields = fields_of(kind, connection.dialect.name)
        tallies.before_writing(connection, district, run, kind, of_lanes)
        for verb, write in ((Verb.ADD, _add), (Verb.UPDATE, _update), (Verb.REMOVE, _remove)):
            wanted = numbers.get((kind, verb), 0)
            if not wanted:
                continue
            values = {"district": district, "run": run, "kind": kind, "verb": verb}
            if verb is Verb.REMOVE:
                values["generation"] = expected + 1
            written = sum(
                connection.execute(text(statement), values).rowcount
                for statement in write(kind, fields, of_lanes)
            )
            _all_or_stale(written, wanted, kind)
        tallies.after_writing(connection, district, run, kind, of_lanes)
    fingerprints.follow(connection, district, run, of_lanes)
    return expected + 1


def _numbers(
    connection: Connection, run: str, lanes: Collection[int]
) -> dict[tuple[Kind, Verb], int]:
    query = (
        select(lane_counts.c.kind, lane_counts.c.verb, func.sum(lane_counts.c.changes))
        .where(lane_counts.c.run == run, lane_counts.c.lane.in_(sorted(lanes)))
        .group_by(lane_counts.c.kind, lane_counts.c.verb)
    )
    return {(Kind(kind), Verb(verb)): n for kind, verb, n in connection.execute(query)}


def _add(kind: Kind, fields: Fields, lanes: str) -> list[str]:
    """New rows, and rows of records that come back: these take the row that they left."""
    table = RECORD_TABLES[kind].name
    names = ", ".join(fields.quoted)
    set_again = ", ".join(f"{name} = excluded.{name}" for name in fields.quoted)
    statement = f"""
        INSERT INTO {table} (district, id, {names}, version, fingerprint, noted)
        SELECT :district, c.record_id, {", ".join(fields.after)},
               COALESCE(c.before_version, 0) + 1, c.fingerprint, c.noted
        FROM {fields.changes} AS c
        WHERE c.run = :run AND c.kind = :kind AND c.verb = :verb AND c.lane IN ({lanes})
        ORDER BY c.seq
        ON CONFLICT (district, id) DO UPDATE SET {set_again},
            removed_in = NULL, merged_into = NULL, version = excluded.version,
            fingerprint = excluded.fingerprint, noted = excluded.noted
        WHERE {table}.removed_in IS NOT NULL AND {table}.version = excluded.version - 1
    """
    return [statement]


def _update(kind: Kind, fields: Fields, lanes: str) -> list[str]:
    """Changed fields in place; apart from the rest, the changes of fields that are in an index.

    A field that is set is put into its indexes anew, even where it stays what it is.
    """
    table = RECORD_TABLES[kind]
    indexed = {column.name for index in table.indexes for column in index.columns}
    names = field_names(kind)
    keys = [touched for name, touched in zip(names, fields.touched, strict=True) if name in indexed]
    if not keys:
        return [_set(table.name, fields, frozenset(), lanes)]
    some = " OR ".join(keys)
    kept = frozenset(position for position, name in enumerate(names) if name in indexed)
    return [
        f"{_set(table.name, fields, kept, lanes)} AND NOT ({some})",
        f"{_set(table.name, fields, frozenset(), lanes)} AND ({some})",
    ]


def _set(table: str, fields: Fields, but: frozenset[int], lanes: str) -> str:
    """Set every field that its change touches, ``but`` those at some positions."""
    every = zip(fields.quoted, fields.touched, fields.after, strict=True)
    set_fields = ", ".join(
        f"{name} = CASE WHEN {touched} THEN {after} ELSE {table}.{name} END"
        for position, (name, touched, after) in enumerate(every)
        if position not in but
    )
    return f"""
        UPDATE {table} SET {set_fields}, version = {table}.version + 1,
            fingerprint = c.fingerprint, noted = c.noted
        FROM {fields.changes} AS c WHERE {_guards(table, lanes)}"""


def _remove(kind: Kind, fields: Fields, lanes: str) -> list[str]:
    table = RECORD_TABLES[kind].name
    statement = f"""
        UPDATE {table} SET removed_in = :generation, merged_into = c.merged_into,
            version = {table}.version + 1, fingerprint = NULL, noted = NULL
        FROM changes AS c WHERE {_guards(table, lanes)}
    """
    return [statement]


def _guards(table: str, lanes: str) -> str:
    return (
        f"c.run = :run AND c.kind = :kind AND c.verb = :verb AND c.lane IN ({lanes}) "
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
