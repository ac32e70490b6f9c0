"""What a clock that jumped does to approvals: nobody knows any more how old they are."""

from __future__ import annotations

from rollbook.desk.desk import Desk
from rollbook.desk.expiring import reopen_unused
from rollbook.directory import audit, voided_approvals


def distrust_approvals(desk: Desk, seconds: float) -> int:
    """Void what was approved and not used before the clock jumped by so many seconds; how many
    approvals have to be given again. ``safety.md`` §4.6."""
    actor = desk.actor()
    with desk.store.write() as connection:
        voided = voided_approvals.void_unused(connection, actor.at, "the clock jumped")
        body = {"seconds": round(seconds), "approvals": voided}
        audit.write(connection, actor, "clock.jumped", body=body)
    reopen_unused(desk)
    return voided
