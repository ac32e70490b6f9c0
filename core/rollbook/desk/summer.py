"""Ending the pauses of a summer when the roll-up that they wait for has come."""

from __future__ import annotations

from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.pausing import end_due_pauses
from rollbook.desk.views import PauseView
from rollbook.directory import pauses
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.rollover.roll_up import RollUpState
from rollbook.runs.awaited_roll_up import awaited_roll_up


def end_awaited_pauses(desk: Desk) -> tuple[PauseView, ...]:
    """End the pauses that wait for a roll-up which is done in all schools of their district.

    What counts is what the newest input says: the pause itself keeps the directory from saying so.
    A district whose file cannot be read is left out.
    """
    ended: list[PauseView] = []
    with desk.store.read() as connection:
        waiting = pauses.districts_awaiting_ready(connection)
    for district_id in waiting:
        try:
            district = find_district(desk.home, district_id)
        except (NotFound, ConfigInvalid):
            continue
        with desk.store.read() as connection:
            done = awaited_roll_up(connection, district) is RollUpState.DONE
        ended += end_due_pauses(desk, district_id, ready=done)
    return tuple(ended)
