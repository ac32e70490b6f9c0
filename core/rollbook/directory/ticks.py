"""The rows of checklist steps that people ticked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import checklist_ticks

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
    """Tick or untick a step, with who, when and a note."""
    connection.execute(
        delete(checklist_ticks).where(
            checklist_ticks.c.district == district,
            checklist_ticks.c.checklist == checklist,
            checklist_ticks.c.school_year == season,
            checklist_ticks.c.step == step,
        )
    )
    connection.execute(
        insert(checklist_ticks).values(
            district=district,
            checklist=checklist,
            school_year=season,
            step=step,
            done=done,
            note=note,
            who=actor.who,
            at=actor.at,
        )
    )
    audit.write(
        connection,
        actor,
        "checklist.ticked" if done else "checklist.unticked",
        district=district,
        subject=f"{checklist}/{step}",
        body={"season": season, "note": note},
    )
