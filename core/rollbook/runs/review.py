"""R9: why a run wants a person in any case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import history, holds, runs, snapshots
from rollbook.directory.holds import HoldRow
from rollbook.directory.pauses import PauseRow
from rollbook.directory.runs import RunRow
from rollbook.roster.states import HoldState
from rollbook.runs.pauses import local_date, long_pause_since


def why_review(
    connection: Connection,
    district: District,
    last: RunRow | None,
    pauses: Sequence[PauseRow],
    today: date,
    snapshot: str,
) -> str:
    """Why the next run of a district is a review, in words; empty when it is not.

    ``last`` is the newest sync that wrote the directory, ``snapshot`` what is compared now.
    """
    if last is None:
        return f"This is the first run of {district.id}."
    undone = history.undone(connection, district.id).get(last.id)
    if undone is not None and (reviewed := _review_of(connection, last.id)) is not None:
        return (
            f"The last run that was applied, {last.id}, was a review ({reviewed.id}), and {undone} "
            "has undone it."
        )
    again = snapshots.sent_before(connection, district.id, snapshot, last.snapshot)
    # After a file of which a part was turned down, the one before it is how a source mends it.
    if again is not None and runs.was_overtaken(connection, district.id, again):
        return (
            f"This is the input of {local_date(again, district.timezone)} again; newer ones have "
            "been applied since."
        )
    days = district.thresholds.review_after_pause_days
    long = long_pause_since(pauses, last.created_at, today, district.timezone, days)
    if long is not None:
        return f"This is the first run after the pause {long.id} of {days} days or more."
    if runs.policy_revision_of(connection, district.id) != district.policy_revision():
        return "The source or the thresholds of this district have changed since the last run."
    return ""


def why_review_base(connection: Connection, district: str, snapshot: str) -> str:
    """Why a set is a review that changes made of another one, of ``snapshot``, where that waited
    for one and never got it: what it held comes with the changes."""
    made = runs.newest_of(connection, district, snapshot)
    hold = _review_of(connection, made.id) if made is not None else None
    if hold is None or hold.state == HoldState.APPROVED:
        return ""
    return f"The set that these changes go into was to be reviewed, and was not ({hold.id})."


def why_review_linked(connection: Connection, run: str) -> str:
    """Why the re-linked form of a waiting ``run`` is a review, where that was to be one and nobody
    has looked: its reasons may be such as only its files tell."""
    hold = _review_of(connection, run)
    if hold is None or hold.state == HoldState.APPROVED:
        return ""
    return f"What is re-linked was to be reviewed, and was not ({hold.id})."


def _review_of(connection: Connection, run: str) -> HoldRow | None:
    """The hold of a run that is a review, if it is one."""
    return next((hold for hold in holds.of_run(connection, run) if hold.rule == "R9"), None)
