"""What was raised as a row of the holds."""

from __future__ import annotations

from datetime import datetime

from rollbook.config.district import District
from rollbook.directory.audit import Actor
from rollbook.directory.runs import RunRow
from rollbook.holds.judgement import Raised
from rollbook.roster.states import HoldState


def hold_row(
    run: RunRow,
    district: District,
    actor: Actor,
    hold_id: str,
    hold: Raised,
    covers: dict[str, dict[str, int]],
    expires: datetime,
) -> dict[str, object]:
    """The row of an open hold; ``covers`` is what waits with it, verb and kind to count."""
    return {
        "id": hold_id,
        "run": run.id,
        "district": run.district,
        "rule": hold.rule,
        "title": hold.title,
        "kind": hold.kind,
        "verb": hold.verb,
        "school": hold.school,
        "role": hold.role,
        "records": hold.count,
        "base": hold.base,
        "percent": hold.percent,
        "why": hold.why,
        "cause": hold.cause,
        "whole_run": hold.whole_run,
        "approvers": hold.approvers,
        "single_operator": district.approvals.single_operator,
        "covers": covers,
        "state": HoldState.OPEN,
        "created_at": actor.at,
        "expires_at": expires,
    }
