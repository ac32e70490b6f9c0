"""When a pause is in force and what it covers, as the documentation says it and not the engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from core.scene import Scene
from rollbook.directory.tables import pauses
from rollbook.roster.changes import Change

ZONE = ZoneInfo("America/Chicago")


def pauses_of(scene: Scene) -> list[Row[Any]]:
    """Every pause that there ever was."""
    with scene.desk.store.read() as connection:
        return list(connection.execute(select(pauses)))


def in_force(pause: Row[Any], at: datetime) -> bool:
    """Whether a pause covers the day in Chicago, and nobody has ended it yet."""
    day = at.astimezone(ZONE).date().isoformat()
    ended = pause.resumed_at is not None
    return not ended and pause.starts <= day and (pause.ends is None or day <= pause.ends)


def begins(pause: Row[Any]) -> datetime:
    """When a pause begins: at midnight in Chicago, or when it was made on that day."""
    midnight = datetime.combine(date.fromisoformat(pause.starts), time.min, ZONE)
    begins: datetime = max(midnight.astimezone(UTC), pause.created_at)
    return begins


def covers(pause: Row[Any], change: Change) -> bool:
    """Whether a pause without presets covers a change."""
    before = change.before or {}
    left = {before.get(name) for name in ("primary_org_id", "school_id", "org_id")}
    return (
        (pause.school is None or pause.school in {change.school, *left})
        and (not pause.kinds or change.kind in pause.kinds)
        and (not pause.verbs or change.verb in pause.verbs)
    )
