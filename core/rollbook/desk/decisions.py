"""Holds and the decisions about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from rollbook.config.home import find_district, timezone_of
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import hold_view, run_view
from rollbook.desk.views import HoldView, RunView
from rollbook.directory import holds as hold_rows
from rollbook.directory import runs
from rollbook.directory.run_schools import names_around
from rollbook.people.noted import note_duplicates
from rollbook.roster.states import UNDECIDED
from rollbook.runs import decide


def holds(
    desk: Desk, district_id: str | None = None, *, decided: bool = False
) -> tuple[HoldView, ...]:
    """The holds that wait, oldest first; with ``decided`` all that there ever were."""
    with desk.store.read() as connection:
        views = [
            _view(desk, connection, row)
            for row in hold_rows.listed(connection, district_id, decided=decided)
        ]
    if decided:
        return tuple(views)
    return tuple(view for view in views if view.state in UNDECIDED)


def hold(desk: Desk, hold_id: str) -> HoldView:
    """One hold. Raises ``NotFound``."""
    with desk.store.read() as connection:
        return _view(desk, connection, hold_rows.get(connection, hold_id))


def approve(
    desk: Desk, hold_id: str, *, confirm: int, reason: str, digest: str | None = None
) -> RunView:
    """Approve a hold and apply at once what that releases.

    ``confirm`` is the hold's ``count``, the number that the operator saw. Raises ``Stale`` when it
    is another, when ``digest`` is not the changeset's, when somebody has decided already, when a
    newer run has taken its place, or when the directory has moved on, and ``NotPermitted``.
    """
    actor = desk.approver()
    with desk.store.write() as connection:
        row = hold_rows.get(connection, hold_id)
        district = find_district(desk.home, row.district)
        run = decide.approve(
            connection, actor, district, hold_id, confirm=confirm, reason=reason, digest=digest
        )
        note_duplicates(connection, row.district)
        return run_view(connection, desk.home, run.id, actor.at)


def reject(desk: Desk, hold_id: str, *, reason: str, digest: str | None = None) -> RunView:
    """Turn a hold down: what it keeps back is not applied. Raises ``Stale`` as ``approve``."""
    actor = desk.actor()
    with desk.store.write() as connection:
        district = find_district(desk.home, hold_rows.get(connection, hold_id).district)
        run = decide.reject(connection, actor, district, hold_id, reason=reason, digest=digest)
        return run_view(connection, desk.home, run.id, actor.at)


def reject_run(desk: Desk, run_id: str, *, reason: str, digest: str | None = None) -> RunView:
    """Turn down a changeset that waits, with all its open holds; the next sync compares anew.

    Raises ``Stale`` where it does not wait any more, where ``digest`` is not its own, and where
    part of it has been applied, and ``ConfigInvalid`` without a reason.
    """
    actor = desk.actor()
    with desk.store.write() as connection:
        decide.reject_run(connection, actor, run_id, reason=reason, digest=digest)
        return run_view(connection, desk.home, run_id, actor.at)


def snooze(desk: Desk, hold_id: str, *, until: datetime) -> HoldView:
    """Keep a hold quiet until a time; all stays held. Raises ``Stale``, ``ConfigInvalid``."""
    actor = desk.actor()
    with desk.store.write() as connection:
        decide.snooze(connection, actor, hold_id, until=until)
        return _view(desk, connection, hold_rows.get(connection, hold_id))


def _view(desk: Desk, connection: Connection, row: hold_rows.HoldRow) -> HoldView:
    run = runs.get(connection, row.run)
    names = names_around(connection, run)
    timezone = timezone_of(desk.home, row.district)
    return hold_view(connection, row, run, names, timezone, desk.clock())
