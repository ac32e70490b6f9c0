"""Which rows that were set aside say something about the quality of the input (R8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.directory.records import departed_versions
from rollbook.roster.kinds import Kind

_FEW = 10


def set_aside_anew(
    connection: Connection, district: str, changeset: Changeset, of_changes: Set[Kind]
) -> Counter[Kind]:
    """Rows of a set made of changes that lack what they belong to, by kind, without those of which
    all of it has left: that was told and judged when it did, and its rows stay in what changes go
    into. What came whole contradicts itself with them, as a set does that loses a few people each
    night: only rows of kinds that came as changes, ``of_changes``, are left out.

    Where these are more than one in ``_FEW`` that came, they count: the file names what is old.
    """
    wanted: dict[Kind, set[str]] = {}
    for _, owners in changeset.ownerless:
        for kind, record in owners:
            wanted.setdefault(kind, set()).add(record)
    gone = {
        (kind, record)
        for kind, ids in wanted.items()
        for record in departed_versions(connection, district, kind, ids)
    }
    left_over = Counter[Kind]()
    for (kind, owners), rows in changeset.ownerless.items():
        left_over[kind] += rows if kind in of_changes and owners <= gone else 0
    few = {k: n for k, n in left_over.items() if n * _FEW <= changeset.totals[k].incoming}
    return Counter(changeset.rejected) - Counter(few)
