"""The fingerprints of the source lines that say just what the directory holds.

The truth stands with each record. Reading it from a million records takes seconds, so all of a
kind's fingerprints are kept together as well: a whole base now and then, and what has changed since
in parts. Where there is no base, the records are read.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select

from rollbook.directory import tallies
from rollbook.directory.among import GIVEN, among, among_given, given
from rollbook.directory.changesets import Fingerprint
from rollbook.directory.json_fields import fields_of
from rollbook.directory.lane_changes import LaneChanges
from rollbook.directory.records import batches, field_names
from rollbook.directory.sqlite import along_ids, give_room
from rollbook.directory.tables import (
    RECORD_TABLES,
    fingerprint_bases,
    fingerprint_formats,
)
from rollbook.directory.wording import sql
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEARERS: tuple[Kind, ...] = tuple(kind for kind in Kind if kind is not Kind.GUARDIAN)
"""Kinds with a file of their own; guardian links stand on the lines of users."""

PARTS = 5
"""Parts after which a base is written anew."""

_AT_ONCE = 500
"""Records that are read at a time; of more, the first are out of the processor's reach again."""


@dataclass(frozen=True, slots=True)
class Base:
    """The fingerprints of a kind: of each hash the row of its record and its set of notes.

    ``parts`` says of how many pieces it was put together; 0 when it was read from the records.
    """

    hashes: NDArray[np.uint64]
    rows: NDArray[np.int64]
    noted: NDArray[np.uint16]
    parts: int


def follow(
    connection: Connection,
    district: str,
    run: str,
    lanes: Collection[int],
    going: Mapping[Kind, LaneChanges],
) -> None:
    """Take the fingerprints along with lanes that have just been written.

    What was written got its new fingerprint, or none, with its row. A person also loses theirs with
    a role or a guardian link that changes, unless these lanes confirm it.
    """
    held = tallies.held(connection, district)
    bulk = {kind for kind in BEARERS if kind in going and going[kind].number * 3 > held[kind]}
    touched = {
        kind: _written(connection, going[kind]) if kind in going and kind not in bulk else set()
        for kind in BEARERS
    }
    bereft = _bereft(connection, going, held[Kind.USER])
    if bereft and Kind.USER in going:
        bulky = Kind.USER in bulk
        bereft -= _written(connection, going[Kind.USER]) if bulky else touched[Kind.USER]
    _take_away(connection, Kind.USER, bereft)
    touched[Kind.USER] |= bereft
    listed = ", ".join(str(int(lane)) for lane in sorted(lanes))
    for kind in _confirmed_kinds(connection, run, listed):
        touched[kind] |= confirm(connection, district, run, kind, listed)
    for kind in BEARERS:
        if kind in bulk:
            keep_base(connection, district, kind, read_base(connection, district, kind))
        else:
            note_part(connection, district, kind, touched[kind])


def confirm(connection: Connection, district: str, run: str, kind: Kind, lanes: str) -> set[int]:
    """Give records the fingerprints that some lanes confirm; returns their rows."""
    table = RECORD_TABLES[kind].name
    where = (
        f"c.run = :run AND c.kind = :kind AND c.lane IN ({lanes}) "
        f"AND t.district = :district AND t.id = c.record_id AND t.removed_in IS NULL"
    )
    values = {"district": district, "run": run, "kind": kind}
    connection.execute(
        sql(
            f"UPDATE {table} AS t SET fingerprint = c.fingerprint, noted = c.noted "
            f"FROM confirmations AS c WHERE {where}"
        ),
        values,
    )
    return _rows(
        connection, f"SELECT t.row FROM confirmations AS c, {table} AS t WHERE {where}", values
    )


def confirm_now(
    connection: Connection, district: str, found: Iterable[tuple[Kind, str, Fingerprint]]
) -> None:
    """Give records the fingerprints of lines that say what they hold already."""
    by_kind: dict[Kind, list[dict[str, object]]] = {}
    for kind, record, mark in found:
        by_kind.setdefault(kind, []).append(
            {"district": district, "at": record, "hash": mark.hash, "noted": mark.noted}
        )
    if not by_kind:
        return
    give_room(connection, sum(map(len, by_kind.values())))
    held = tallies.held(connection, district)
    for kind, marks in by_kind.items():
        table = RECORD_TABLES[kind]
        connection.execute(
            sql(
                f"UPDATE {table.name} SET fingerprint = :hash, noted = :noted "
                "WHERE district = :district AND id = :at AND removed_in IS NULL"
            ),
            marks,
        )
        if len(marks) * 3 > held[kind]:
            keep_base(connection, district, kind, read_base(connection, district, kind))
            continue
        rows: set[int] = set()
        for batch in batches(str(mark["at"]) for mark in marks):
            query = select(table.c.row).where(
                table.c.district == district, among(connection, table.c.id, batch)
            )
            rows.update(connection.execute(query).scalars())
        note_part(connection, district, kind, rows)


def take_away(connection: Connection, district: str, lapsed: Iterable[tuple[Kind, str]]) -> None:
    """Let the lines of records be read again, whatever they say."""
    by_kind: dict[Kind, list[str]] = {}
    for kind, record in lapsed:
        by_kind.setdefault(kind, []).append(record)
    for kind, records in by_kind.items():
        table = RECORD_TABLES[kind]
        rows: set[int] = set()
        for batch in batches(records):
            query = select(table.c.row).where(
                table.c.district == district,
                among(connection, table.c.id, batch),
                table.c.fingerprint.is_not(None),
            )
            rows.update(connection.execute(query).scalars())
        _take_away(connection, kind, rows)
        note_part(connection, district, kind, rows)


def _confirmed_kinds(connection: Connection, run: str, lanes: str) -> list[Kind]:
    query = sql(f"SELECT DISTINCT kind FROM confirmations WHERE run = :run AND lane IN ({lanes})")
    return [Kind(kind) for (kind,) in connection.execute(query, {"run": run})]


def _written(connection: Connection, changes: LaneChanges) -> set[int]:
    """The rows that the changes of some lanes have written."""
    statement = (
        f"SELECT t.row FROM changes AS c JOIN {RECORD_TABLES[changes.kind].name} AS t "
        f"ON t.district = :district AND t.id = c.record_id WHERE {changes.chosen}"
    )
    return _rows(connection, statement, changes.values)


def _bereft(connection: Connection, going: Mapping[Kind, LaneChanges], held: int) -> set[int]:
    """The rows of the people whose roles or guardian links have changed; ``held`` are all."""
    users = going.get(Kind.USER)
    if users and users.numbers.get(Verb.ADD) == held:
        return set()
    behind: set[int] = set()
    for kind, names in ((Kind.ROLE, ("user_id",)), (Kind.GUARDIAN, ("student_id", "guardian_id"))):
        if kind not in going:
            continue
        fields = fields_of(kind, connection.dialect.name)
        for name in names:
            at = field_names(kind).index(name)
            for side in (fields.before[at], fields.after[at]):
                statement = (
                    f"SELECT t.row FROM {fields.changes} AS c "
                    f"JOIN {RECORD_TABLES[Kind.USER].name} AS t "
                    f"ON t.district = :district AND t.id = {side} "
                    f"WHERE {going[kind].chosen} AND t.fingerprint IS NOT NULL"
                )
                behind |= _rows(connection, statement, going[kind].values)
    return behind


def _rows(connection: Connection, statement: str, values: dict[str, Any]) -> set[int]:
    return set(connection.execute(sql(statement), values).scalars().all())


def _take_away(connection: Connection, kind: Kind, rows: Iterable[int]) -> None:
    gone = [{"at": row} for row in rows]
    if gone:
        table = RECORD_TABLES[kind].name
        connection.execute(
            sql(f"UPDATE {table} SET fingerprint = NULL, noted = NULL WHERE row = :at"), gone
        )


def forget_base(connection: Connection, district: str, kind: Kind) -> None:
    """Let the base of a kind be read from the records the next time."""
    connection.execute(
        delete(fingerprint_bases).where(
            fingerprint_bases.c.district == district, fingerprint_bases.c.kind == kind
        )
    )


def note_part(connection: Connection, district: str, kind: Kind, touched: set[int]) -> None:
    """Write down what has become of the fingerprints of some rows, where there is a base."""
    if not touched:
        return
    part = connection.execute(_NEWEST_PART, {"district": district, "kind": kind}).scalar_one()
    if part is None:
        return
    rows = sorted(touched)
    query = _marked(connection.dialect.name, kind)
    hashes, kept, noted = array("q"), array("q"), array("H")
    for batch in batches(rows):
        found = connection.execute(query, {GIVEN: given(connection, batch)})
        for row, fingerprint, notes in found.all():
            hashes.append(fingerprint)
            kept.append(row)
            noted.append(notes or 0)
    _save_part(connection, district, kind, part + 1, array("q", rows), hashes, kept, noted)


_NEWEST_PART = select(func.max(fingerprint_bases.c.part)).where(
    fingerprint_bases.c.district == bindparam("district"),
    fingerprint_bases.c.kind == bindparam("kind"),
)


@cache
def _marked(dialect: str, kind: Kind) -> Select[Any]:
    table = RECORD_TABLES[kind]
    return select(table.c.row, table.c.fingerprint, table.c.noted).where(
        among_given(dialect, table.c.row),
        table.c.removed_in.is_(None),
        table.c.fingerprint.is_not(None),
    )


def _save_part(
    connection: Connection,
    district: str,
    kind: Kind,
    part: int,
    gone: Any,
    hashes: Any,
    rows: Any,
    noted: Any,
) -> None:
    connection.execute(
        insert(fingerprint_bases),
        {
            "district": district,
            "kind": kind,
            "part": part,
            "gone": gone.tobytes(),
            "hashes": hashes.tobytes(),
            "rows": rows.tobytes(),
            "noted": noted.tobytes(),
        },
    )


def load_bases(connection: Connection, district: str, kinds: Collection[Kind]) -> dict[Kind, Base]:
    """All fingerprints of some kinds, each sorted by hash."""
    if not kinds:
        return {}
    parts: dict[Kind, list[Row[Any]]] = {kind: [] for kind in kinds}
    for row in connection.execute(_BASES, {"district": district, "kinds": sorted(kinds)}):
        parts[Kind(row.kind)].append(row)
    return {
        kind: _joined(found) if found else read_base(connection, district, kind)
        for kind, found in parts.items()
    }


# In whatever order: to sort them, SQLite would copy megabytes.
_BASES = select(fingerprint_bases).where(
    fingerprint_bases.c.district == bindparam("district"),
    fingerprint_bases.c.kind.in_(bindparam("kinds", expanding=True)),
)


def _joined(found: Sequence[Row[Any]]) -> Base:
    import numpy as np

    parts = sorted(found, key=attrgetter("part"))
    hashes = np.frombuffer(parts[0].hashes, np.uint64)
    rows = np.frombuffer(parts[0].rows, np.int64)
    noted = np.frombuffer(parts[0].noted, np.uint16)
    if len(parts) > 1:
        for part in parts[1:]:
            stay = ~np.isin(rows, np.frombuffer(part.gone, np.int64), kind="sort")
            hashes = np.concatenate([hashes[stay], np.frombuffer(part.hashes, np.uint64)])
            rows = np.concatenate([rows[stay], np.frombuffer(part.rows, np.int64)])
            noted = np.concatenate([noted[stay], np.frombuffer(part.noted, np.uint16)])
        order = np.argsort(hashes)
        hashes, rows, noted = hashes[order], rows[order], noted[order]
    return Base(hashes, rows, noted, len(parts))


def read_base(connection: Connection, district: str, kind: Kind) -> Base:
    """All fingerprints of a kind from the records themselves, sorted by hash."""
    import numpy as np

    table = RECORD_TABLES[kind]
    query = select(table.c.fingerprint, table.c.row, table.c.noted).where(
        table.c.district == district,
        table.c.removed_in.is_(None),
        table.c.fingerprint.is_not(None),
    )
    hashes, rows, noted = array("q"), array("q"), array("H")
    query = along_ids(connection, query, table)
    found = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    for part in found.partitions():
        marks, numbers, notes = zip(*part, strict=True)
        hashes.extend(marks)
        rows.extend(numbers)
        noted.extend(number or 0 for number in notes)
    sorted_by = np.frombuffer(hashes, np.int64).view(np.uint64)
    order = np.argsort(sorted_by)
    return Base(
        sorted_by[order],
        np.frombuffer(rows, np.int64)[order],
        np.frombuffer(noted, np.uint16)[order],
        0,
    )


def keep_base(connection: Connection, district: str, kind: Kind, base: Base) -> None:
    """Write a base anew, in the place of its parts. ``base`` is as the records are now."""
    forget_base(connection, district, kind)
    _save_part(connection, district, kind, 0, array("q"), base.hashes, base.rows, base.noted)


@dataclass(frozen=True, slots=True)
class Format:
    """What the fingerprints of a kind are made of, beside their lines: equal text, equal make.

    ``note_sets`` are the sets of notes that lines have, by number; ``secrets`` says that a line
    may hold a password.
    """

    made_of: str
    note_sets: list[list[list[str | None]]]
    secrets: bool


def formats_of(connection: Connection, district: str) -> dict[Kind, Format]:
    """The formats of a district's fingerprints; kinds that have none yet are left out."""
    return {
        Kind(row.kind): Format(row.format, row.note_sets, row.secrets)
        for row in connection.execute(_FORMATS, {"district": district})
    }


_FORMATS = select(fingerprint_formats).where(
    fingerprint_formats.c.district == bindparam("district")
)


def set_format(connection: Connection, district: str, kind: Kind, made: Format) -> None:
    """Note what the fingerprints of a kind are made of from now on."""
    table = fingerprint_formats
    connection.execute(delete(table).where(table.c.district == district, table.c.kind == kind))
    connection.execute(
        insert(table).values(
            district=district,
            kind=kind,
            format=made.made_of,
            note_sets=made.note_sets,
            secrets=made.secrets,
        )
    )


def forget_all(connection: Connection, district: str, kind: Kind) -> None:
    """Take every fingerprint of a kind away: the next reading reads every line."""
    table = RECORD_TABLES[kind].name
    connection.execute(
        sql(
            f"UPDATE {table} SET fingerprint = NULL, noted = NULL "
            "WHERE district = :district AND fingerprint IS NOT NULL"
        ),
        {"district": district},
    )
    forget_base(connection, district, kind)
