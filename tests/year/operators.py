"""The people at the desk: they know the truth, and decide by it."""

from __future__ import annotations

from dataclasses import replace

from rollbook.desk import decisions
from rollbook.desk.desk import Desk
from rollbook.desk.views import HoldState, HoldView

FIRST, SECOND = "dana", "kim"


def waiting(desk: Desk, district: str) -> list[HoldView]:
    """The holds that wait for a decision."""
    return list(decisions.holds(desk, district))


def approve_all(desk: Desk, district: str) -> None:
    """Let a true file in: approve whatever waits, as two people where it takes two."""
    while holds := waiting(desk, district):
        hold = holds[0]
        _approve(desk, hold, FIRST)
        if decisions.hold(desk, hold.id).state in (HoldState.OPEN, HoldState.SNOOZED):
            _approve(desk, hold, SECOND)


def reject_all(desk: Desk, district: str) -> None:
    """Turn a spoilt file down."""
    while holds := waiting(desk, district):
        at = replace(desk, operator=FIRST)
        decisions.reject(at, holds[0].id, reason="the export is broken")


def _approve(desk: Desk, hold: HoldView, who: str) -> None:
    decisions.approve(
        replace(desk, operator=who), hold.id, confirm=hold.count, reason="as it should be"
    )
