"""A night on which nothing new has arrived where what came last was put away.

Nothing was read: a quiet run has no snapshot, so that the source grows no younger by it. What is
due of accounts is done all the same: suspensions by date, and what another policy makes of them.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rollbook.changes.nothing import NO_CONSEQUENCES, NO_DIGEST
from rollbook.config.district import District
from rollbook.directory import pauses, runs, snapshots
from rollbook.directory.apply import generation_of
from rollbook.directory.audit import Actor
from rollbook.roster.states import WAITING, RunState
from rollbook.runs.account_rest import accounts_settled
from rollbook.runs.no_changes import no_changes
from rollbook.runs.pauses import is_active, local_date
from rollbook.runs.prepare import save_changeset
from rollbook.runs.unchanged import COMPARED_NOTHING, OF_ITS_NIGHT
from rollbook.sources import upload_clock
from rollbook.sources.base import About

_NOT_ACCEPTED = COMPARED_NOTHING | {RunState.INPUT_REFUSED}
"""States of a run whose input, if there was any, says nothing of what is there."""


def close_quiet(
    connection: Connection, actor: Actor, district: District, run: str, about: About
) -> str:
    """Close a run that found nothing new, or plan what is due of accounts; returns the run to look
    at.

    ``about`` is what is known of the set that came last.

    That is another one where what came last still waits there. What was found in the newest set
    that was not refused counts on: its rows are as they were.
    """
    row = runs.get(connection, run)
    last = runs.newest_sync(connection, district.id, but=_NOT_ACCEPTED)
    newest = snapshots.newest_accepted(connection, district.id)
    came = snapshots.get(connection, district.id, newest) if newest else None
    generation = generation_of(connection, district.id)
    message = "Nothing new has arrived."
    if came is not None:
        at = came.created_at.astimezone(ZoneInfo(district.timezone))
        message = f"Nothing new has arrived since {at:%Y-%m-%d %H:%M}."
    waits = last is not None and last.state in WAITING and last.expires_at > actor.at
    if last is not None and last.state == RunState.READY and last.snapshot is None:
        # A preview of what was due of accounts alone: it is made anew, and goes in.
        waits = False
    if last is not None:
        runs.copy_findings(connection, last.id, run, but=OF_ITS_NIGHT)
        if waits:
            message += f" What came then still waits in {last.id}."
    if came is not None:
        since = snapshots.same_since(connection, district.id, came.sha256) or came.created_at
        # What came last may have been changes only, or the same files once more.
        whole = upload_clock.days_since_whole(about, actor.at) or 0
        if finding := upload_clock.overdue(district.source, max(whole, (actor.at - since).days)):
            runs.save_findings(connection, run, (finding,))
    if not waits and not accounts_settled(connection, district, actor.at):
        today = local_date(actor.at, district.timezone)
        paused = [p for p in pauses.of_district(connection, district.id) if is_active(p, today)]
        unchanged = no_changes(connection, district.id)
        save_changeset(
            connection, actor, row, unchanged, district, generation=generation, pauses=paused
        )
        return run
    runs.move(
        connection,
        actor,
        row,
        RunState.NOOP,
        message=message,
        digest=NO_DIGEST,
        base_generation=generation,
        expected_generation=generation,
        policy_revision=district.policy_revision(),
        counts={},
        schools=[],
        consequences=NO_CONSEQUENCES,
    )
    return last.id if last is not None and waits else run
