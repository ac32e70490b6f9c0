"""The rows of checklist steps that people ticked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import checklist_ticks
from rollbook.errors import Stale

TickRow = Row[Any]


def of_checklist(
    connection: Connection, district: str, checklist: str, season: str
) -> dict[str, TickRow]:
    """What was ticked of a checklist in a season, by step."""
    query = select(checklist_ticks).where(
        checklist_ticks.c.district == district,
        checklist_ticks.c.checklist == checklist,
        checklist_ticks.c.school_year == season,
    )
    return {row.step: row for row in connection.execute(query)}


def set_tick(
    connection: Connection,
    actor: Actor,
    district: str,
    checklist: str,
    season: str,
    step: str,
    *,
    done: bool,
    note: str,
) -> None:
    """Tick or untick a step, with who, when and a note.

    Raises ``Stale`` for a step that somebody else has ticked: whose word it was stays.
    """
    before = of_checklist(connection, district, checklist, season).get(step)
    if done and before is not None and before.done and before.who != actor.who:
        raise Stale(
            f"step {step!r} is already ticked by {before.who} at {before.at:%Y-%m-%d %H:%M} UTC.",
            remedy="Untick it first, or put a note on it.",
        )
    _put(connection, actor, (district, checklist, season, step), done=done, note=note)
    audit.write(
        connection,
        actor,
        "checklist.ticked" if done else "checklist.unticked",
        district=district,
        subject=f"{checklist}/{step}",
        body={"season": season, "note": note},
    )


def put_note(
    connection: Connection,
    actor: Actor,
    district: str,
    checklist: str,
    season: str,
    step: str,
    note: str,
) -> None:
    """Put a note on a step that stays ticked, by whom it is, or unticked; a blank one takes the
    note away."""
    before = of_checklist(connection, district, checklist, season).get(step)
    ticked = before if before is not None and before.done else None
    key = (district, checklist, season, step)
    by = actor if ticked is None else Actor(ticked.who, ticked.at)
    _put(connection, by, key, done=ticked is not None, note=note)
    audit.write(
        connection,
        actor,
        "checklist.noted",
        district=district,
        subject=f"{checklist}/{step}",
        body={"season": season, "note": note},
    )


def _put(
    connection: Connection,
    actor: Actor,
    key: tuple[str, str, str, str],
    *,
    done: bool,
    note: str,
) -> None:
    names = ("district", "checklist", "school_year", "step")
    values = dict(zip(names, key, strict=True))
    connection.execute(
        delete(checklist_ticks).where(
            *(checklist_ticks.c[name] == value for name, value in values.items())
        )
    )
    connection.execute(
        insert(checklist_ticks).values(**values, done=done, note=note, who=actor.who, at=actor.at)
    )
