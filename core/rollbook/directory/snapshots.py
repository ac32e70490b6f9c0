"""What is known of each snapshot: its digest, its files and how many rows they had."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from rollbook.directory.audit import Actor
from rollbook.directory.tables import snapshots


def create(
    connection: Connection,
    actor: Actor,
    district: str,
    sha256: str,
    files: dict[str, str],
    sizes: dict[str, int],
    quick: dict[str, str],
) -> str:
    """Note a snapshot; returns its id, such as ``s4``. ``files`` maps a name to its SHA-256,
    ``sizes`` to its bytes, ``quick`` to the digest by which it is known again."""
    query = select(func.count()).select_from(snapshots).where(snapshots.c.district == district)
    snapshot = f"s{connection.execute(query).scalar_one() + 1}"
    connection.execute(
        insert(snapshots).values(
            district=district,
            id=snapshot,
            sha256=sha256,
            files=files,
            sizes=sizes,
            quick=quick,
            accepted=False,
            created_at=actor.at,
        )
    )
    return snapshot


def accept(connection: Connection, district: str, snapshot: str, rows: dict[str, int]) -> None:
    """Note that a snapshot was fit to be compared, and the rows of each of its files."""
    connection.execute(
        update(snapshots)
        .where(snapshots.c.district == district, snapshots.c.id == snapshot)
        .values(accepted=True, rows=rows)
    )


def newest_accepted(connection: Connection, district: str) -> str | None:
    """The snapshot that was fit to be compared last."""
    query = (
        select(snapshots.c.id)
        .where(snapshots.c.district == district, snapshots.c.accepted)
        .order_by(func.length(snapshots.c.id).desc(), snapshots.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def get(connection: Connection, district: str, snapshot: str) -> Row[Any] | None:
    """A snapshot's row."""
    query = select(snapshots).where(snapshots.c.district == district, snapshots.c.id == snapshot)
    return connection.execute(query).first()


def sha256_of(connection: Connection, district: str, snapshot: str) -> str | None:
    """The digest of a snapshot's content."""
    query = select(snapshots.c.sha256).where(
        snapshots.c.district == district, snapshots.c.id == snapshot
    )
    return connection.execute(query).scalar_one_or_none()


def sent_before(
    connection: Connection, district: str, snapshot: str, newer: str
) -> datetime | None:
    """When the content of ``snapshot`` was last accepted before ``newer``, which is of other
    content; ``None`` where it was not, or is the same."""
    sha256 = sha256_of(connection, district, snapshot)
    if sha256 is None or sha256 == sha256_of(connection, district, newer):
        return None
    query = select(snapshots.c.id, snapshots.c.created_at).where(
        snapshots.c.district == district, snapshots.c.sha256 == sha256, snapshots.c.accepted
    )
    numbered = {int(row.id[1:]): row.created_at for row in connection.execute(query)}
    older = [number for number in numbered if number < int(newer[1:])]
    return numbered[max(older)] if older else None


def same_since(connection: Connection, district: str, sha256: str) -> datetime | None:
    """When the content that was accepted last came first, if it is of that digest."""
    query = (
        select(snapshots.c.sha256, snapshots.c.created_at)
        .where(snapshots.c.district == district, snapshots.c.accepted)
        .order_by(snapshots.c.created_at.desc(), func.length(snapshots.c.id).desc())
    )
    since: datetime | None = None
    for row in connection.execute(query):
        if row.sha256 != sha256:
            break
        since = row.created_at
    return since


def usual_rows(connection: Connection, district: str, *, last: int = 5) -> dict[str, float]:
    """The median number of rows of each file over the ``last`` accepted snapshots."""
    query = (
        select(snapshots.c.rows)
        .where(snapshots.c.district == district, snapshots.c.accepted)
        .order_by(snapshots.c.created_at.desc(), func.length(snapshots.c.id).desc())
        .limit(last)
    )
    seen: dict[str, list[int]] = {}
    for row in connection.execute(query):
        for name, count in (row.rows or {}).items():
            seen.setdefault(name, []).append(count)
    return {name: float(median(counts)) for name, counts in seen.items()}
