"""When the sources of districts were read last, in two queries however many they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select

from rollbook.directory.tables import districts, runs, snapshots
from rollbook.roster.states import RunKind, RunState

LOOKED_AT = 12
"""Newest runs of a district among which the rhythm of its pulls is looked for."""

_TELLING = 3
"""Pulls from which on there is a rhythm."""

_UNREAD = (*(RunState.FETCHING, RunState.FETCH_FAILED, RunState.INPUT_REFUSED, RunState.CANCELLED),)
"""A run in one of these states has read no source that was fit to be compared."""


@dataclass(frozen=True, slots=True)
class Pull:
    """The last time that a district's source was read and found fit.

    ``seconds`` is what fetching took, ``new_at`` when this content first came, ``rhythm`` the
    moments of the newest pulls, oldest first; each may be missing for a run of an older store.
    """

    run: str
    at: datetime
    rows: int | None
    seconds: float | None
    new_at: datetime | None
    rhythm: tuple[datetime, ...]


def last_pulls(connection: Connection, ids: Collection[str]) -> dict[str, Pull]:
    """The last pull of each of some districts; of one that was never read, nothing."""
    rhythms: dict[str, list[datetime]] = {}
    for district, at in connection.execute(_newest(ids)):
        rhythms.setdefault(district, []).append(at)
    last = connection.execute(_last(ids)).all()
    for row in last:
        if len(rhythms.get(row.district, ())) < min(_TELLING, row.number):
            rhythms[row.district] = _further_back(connection, row.district)
    return {
        row.district: Pull(
            run=row.id,
            at=row.created_at,
            rows=sum(row.rows.values()) if row.rows else None,
            seconds=(row.timings or {}).get("fetch"),
            new_at=row.new_at,
            rhythm=tuple(rhythms.get(row.district, ())),
        )
        for row in last
    }


def _further_back(connection: Connection, district: str) -> list[datetime]:
    """The moments of the newest pulls of a district whose newest runs have hardly read anything,
    oldest first: where drops are put away, most nights may be quiet."""
    query = (
        select(runs.c.created_at)
        .where(runs.c.district == district, _was_read(runs))
        .order_by(runs.c.number.desc())
        .limit(LOOKED_AT)
    )
    return list(connection.execute(query).scalars())[::-1]


def _was_read(table: Any) -> Any:
    return and_(
        table.c.kind == RunKind.SYNC,
        table.c.snapshot.is_not(None),
        table.c.state.not_in(_UNREAD),
    )


def _last(ids: Collection[str]) -> Any:
    other = runs.alias()
    number = (
        select(other.c.number)
        .where(other.c.district == districts.c.id, _was_read(other))
        .order_by(other.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    snapshot = and_(snapshots.c.district == runs.c.district, snapshots.c.id == runs.c.snapshot)
    return (
        select(
            *(runs.c.district, runs.c.id, runs.c.number, runs.c.created_at, runs.c.timings),
            snapshots.c.rows,
            snapshots.c.created_at.label("new_at"),
        )
        .select_from(districts)
        .join(runs, and_(runs.c.district == districts.c.id, runs.c.number == number))
        .outerjoin(snapshots, snapshot)
        .where(districts.c.id.in_(ids))
    )


def _newest(ids: Collection[str]) -> Any:
    last = runs.alias()
    number = (
        select(func.max(last.c.number)).where(last.c.district == districts.c.id).scalar_subquery()
    )
    recent = and_(runs.c.district == districts.c.id, runs.c.number > number - LOOKED_AT)
    return (
        select(runs.c.district, runs.c.created_at)
        .select_from(districts)
        .join(runs, recent)
        .where(districts.c.id.in_(ids), _was_read(runs))
        .order_by(runs.c.district, runs.c.number)
    )
