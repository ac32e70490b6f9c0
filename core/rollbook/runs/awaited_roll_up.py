"""Whether a roll-up is done by what has come and waits for a pause: nothing of it has gone in."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.sequence import Changes
from rollbook.config.district import District
from rollbook.directory import changesets, grade_memory, holds, runs
from rollbook.directory.runs import RunRow
from rollbook.rollover.roll_up import RollUpState, detect
from rollbook.roster.kinds import Kind
from rollbook.roster.states import UNDER_WAY, RunState
from rollbook.runs.incoming_grades import incoming_grades

_NOTHING_COMPARED = UNDER_WAY | {
    RunState.CANCELLED,
    RunState.FETCH_FAILED,
    RunState.INPUT_REFUSED,
}


def awaited_roll_up(connection: Connection, district: District) -> RollUpState:
    """How far the roll-up is in the directory together with what a pause keeps back of the newest
    input. What was only looked at, turned down or is held as a whole proves nothing."""
    ladder = district.grades.ladder
    newest = runs.newest_sync(connection, district.id, but=_NOTHING_COMPARED, previews=False)
    if newest is not None and _went_in(connection, newest):
        paused = changesets.lane_condition("paused", False)
        query = changesets.matching(newest.id, kind=Kind.USER, condition=paused)
        rows = connection.execute(query, execution_options={"yield_per": 5000})
        changes = Changes.of([changesets.change_of(row) for row in rows])
        everything = np.ones(len(changes), bool)
        incoming = incoming_grades(connection, district.id, changes, everything)
        if incoming is not None:
            return detect(incoming.after, ladder).state
    return detect(grade_memory.moves_of(connection, district.id), ladder).state


def _went_in(connection: Connection, run: RunRow) -> bool:
    """Whether all of a run went in but for what waits for a pause, or in part for a person."""
    if run.state == RunState.HELD:
        return not holds.keeps_whole_run(connection, run.id)
    return run.state in (RunState.APPLIED, RunState.NOOP)
