"""Noting that what has waited too long waits no more."""

from __future__ import annotations

from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.directory import holds, runs
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.roster.states import UNDECIDED, HoldState, RunState
from rollbook.runs.anew import expired
from rollbook.runs.release import reopen_expired


def close_expired(desk: Desk) -> int:
    """Close the runs whose changesets are too old, with their holds; how many there were.

    They could not be decided about any more before either: this only writes it down.
    """
    actor = desk.actor()
    with desk.store.read() as connection:
        if not runs.too_old(connection, actor.at):
            return 0
    with desk.store.write() as connection:
        found = runs.too_old(connection, actor.at)
        for run in found:
            for hold in holds.of_run(connection, run.id):
                if hold.state in UNDECIDED:
                    reason = "nobody decided in time"
                    holds.settle(connection, actor, hold, HoldState.EXPIRED, reason=reason)
            runs.move(connection, actor, run, RunState.EXPIRED, message=expired(run))
    return len(found)


def reopen_unused(desk: Desk) -> int:
    """Open again the holds whose approvals were not used in time; how many there were."""
    actor = desk.actor()
    with desk.store.read() as connection:
        if not holds.approved_and_unused(connection):
            return 0
    with desk.store.write() as connection:
        waiting = holds.approved_and_unused(connection)
        for run_id in sorted({hold.run for hold in waiting}):
            run = runs.get(connection, run_id)
            try:
                district = find_district(desk.home, run.district)
            except (NotFound, ConfigInvalid):
                continue
            reopen_expired(connection, actor, run, district)
        return len(waiting) - len(holds.approved_and_unused(connection))
