"""Whose the records of the directory are: ids by their hashes, a few numbers a record."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from rollbook.directory.sqlite import along_ids
from rollbook.directory.tables import RECORD_TABLES
from rollbook.roster.kinds import Kind

_PERSON: dict[Kind, str] = {
    Kind.USER: "id",
    Kind.ROLE: "user_id",
    Kind.ENROLLMENT: "user_id",
    Kind.GUARDIAN: "student_id",
    Kind.DEMOGRAPHICS: "id",
}
_AT_ONCE = 500
"""Records that are read at a time; of more, the first are out of the processor's reach again."""


@dataclass(frozen=True, slots=True)
class Held:
    """The live records of a kind: their rows, the hashes of their ids and of the people whom they
    are about, and pairs of people where a record is about two."""

    rows: NDArray[np.int64]
    ids: NDArray[np.uint64]
    people: NDArray[np.uint64]
    pairs: NDArray[np.uint64]


def held_of(
    connection: Connection, district: str, kind: Kind, hashed: Callable[[bytes], int]
) -> Held:
    """What the directory holds of a kind of people's records, in no order."""
    table = RECORD_TABLES[kind]
    rows, ids, people, pairs = array("q"), array("Q"), array("Q"), array("Q")
    two = kind is Kind.GUARDIAN
    query = select(
        table.c.row, table.c.id, table.c[_PERSON[kind]], table.c["guardian_id" if two else "id"]
    ).where(table.c.district == district, table.c.removed_in.is_(None))
    query = along_ids(connection, query, table)
    found = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    for part in found.partitions():
        numbers, records, persons, others = zip(*part, strict=True)
        rows.extend(numbers)
        ids.extend(map(hashed, map(str.encode, records)))
        whose = [hashed((person or "").encode()) for person in persons]
        people.extend(whose)
        if two:
            named = (hashed((other or "").encode()) for other in others)
            pairs.extend(chain.from_iterable(zip(whose, named, strict=True)))
    return Held(
        np.frombuffer(rows, np.int64),
        np.frombuffer(ids, np.uint64),
        np.frombuffer(people, np.uint64),
        np.frombuffer(pairs, np.uint64).reshape(-1, 2),
    )
