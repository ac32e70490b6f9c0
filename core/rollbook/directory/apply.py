"""Writing a set of changes into the directory: rows, journal and generation, all or nothing.

The caller's transaction carries everything; a row that is not in the state in which the changes
found it makes the whole of it ``Stale``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from rollbook.directory.records import batches, field_names
from rollbook.directory.tables import RECORD_TABLES, districts, journal
from rollbook.errors import Stale
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import KIND_ORDER, Kind


def generation_of(connection: Connection, district: str) -> int:
    """The directory's generation: how many times it has been written."""
    query = select(districts.c.generation).where(districts.c.id == district)
    return connection.execute(query).scalar_one_or_none() or 0


def apply_changes(
    connection: Connection, district: str, run: str, changes: Sequence[Change], expected: int
) -> int:
    """Apply ``changes`` on generation ``expected`` and return the next generation.

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
    versions: dict[tuple[Kind, str], int] = {}
    for kind in sorted({change.kind for change in changes}, key=KIND_ORDER.__getitem__):
        by_verb: dict[Verb, list[Change]] = defaultdict(list)
        for change in changes:
            if change.kind is kind:
                by_verb[change.verb].append(change)
        _add(connection, district, kind, by_verb[Verb.ADD], versions)
        _update(connection, district, kind, by_verb[Verb.UPDATE], versions)
        _remove(connection, district, kind, by_verb[Verb.REMOVE], expected + 1, versions)
    _journal(connection, district, run, expected + 1, changes, versions)
    return expected + 1


def _add(
    connection: Connection,
    district: str,
    kind: Kind,
    changes: list[Change],
    versions: dict[tuple[Kind, str], int],
) -> None:
    if not changes:
        return
    table, names = RECORD_TABLES[kind], field_names(kind)
    left = _versions_of_removed(connection, district, kind, (c.id for c in changes))
    rows: list[dict[str, Any]] = []
    for change in changes:
        version = left.get(change.id, 0) + 1
        versions[change.key] = version
        values = change.after or {}
        rows.append(
            {name: values.get(name) for name in names}
            | {"district": district, "id": change.id, "version": version}
        )
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(
        {name: bindparam(name) for name in ("district", "id", "version", *names)}
    )
    statement = statement.on_conflict_do_update(
        index_elements=["district", "id"],
        set_={name: statement.excluded[name] for name in ("version", *names)}
        | {"removed_in": None, "merged_into": None},
        where=table.c.removed_in.is_not(None),
    )
    _all_or_stale(connection.execute(statement, rows).rowcount, rows, kind)


def _update(
    connection: Connection,
    district: str,
    kind: Kind,
    changes: list[Change],
    versions: dict[tuple[Kind, str], int],
) -> None:
    table = RECORD_TABLES[kind]
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        before, after = change.before or {}, change.after or {}
        fields = tuple(sorted(before.keys() | after.keys()))
        version = change.before_version or 0
        versions[change.key] = version + 1
        groups[fields].append(
            {f"to_{name}": after.get(name) for name in fields}
            | {"at_district": district, "at_id": change.id, "at_version": version}
        )
    for fields, rows in groups.items():
        statement = _guarded_update(kind).values(
            {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in fields}
            | {"version": table.c.version + 1}
        )
        _all_or_stale(connection.execute(statement, rows).rowcount, rows, kind)


def _remove(
    connection: Connection,
    district: str,
    kind: Kind,
    changes: list[Change],
    generation: int,
    versions: dict[tuple[Kind, str], int],
) -> None:
    if not changes:
        return
    table = RECORD_TABLES[kind]
    rows: list[dict[str, Any]] = []
    for change in changes:
        version = change.before_version or 0
        versions[change.key] = version + 1
        rows.append(
            {
                "at_district": district,
                "at_id": change.id,
                "at_version": version,
                "to_merged_into": change.merged_into,
            }
        )
    statement = _guarded_update(kind).values(
        removed_in=generation,
        merged_into=bindparam("to_merged_into"),
        version=table.c.version + 1,
    )
    _all_or_stale(connection.execute(statement, rows).rowcount, rows, kind)


def _guarded_update(kind: Kind) -> Any:
    table = RECORD_TABLES[kind]
    return update(table).where(
        table.c.district == bindparam("at_district"),
        table.c.id == bindparam("at_id"),
        table.c.version == bindparam("at_version"),
        table.c.removed_in.is_(None),
    )


def _all_or_stale(written: int, rows: Sequence[object], kind: Kind) -> None:
    if written != len(rows):
        raise Stale(
            f"{len(rows) - written} of {len(rows)} {kind} records are no longer as the "
            "changeset found them.",
            remedy="Sync again and look at the new preview.",
        )


def _versions_of_removed(
    connection: Connection, district: str, kind: Kind, ids: Iterable[str]
) -> dict[str, int]:
    table = RECORD_TABLES[kind]
    found: dict[str, int] = {}
    for batch in batches(ids):
        query = select(table.c.id, table.c.version).where(
            table.c.district == district, table.c.id.in_(batch), table.c.removed_in.is_not(None)
        )
        found.update((row.id, row.version) for row in connection.execute(query))
    return found


def _journal(
    connection: Connection,
    district: str,
    run: str,
    generation: int,
    changes: Sequence[Change],
    versions: dict[tuple[Kind, str], int],
) -> None:
    rows = [
        {
            "district": district,
            "generation": generation,
            "seq": seq,
            "run": run,
            "kind": change.kind,
            "verb": change.verb,
            "record_id": change.id,
            "before": change.before,
            "after": change.after,
            "version": versions[change.key],
            "merged_into": change.merged_into,
        }
        for seq, change in enumerate(changes)
    ]
    if rows:
        connection.execute(insert(journal), rows)
