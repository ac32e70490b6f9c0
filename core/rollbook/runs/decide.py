"""Deciding about a hold: approve, reject, snooze; and turning a whole changeset down. Each is bound
to what the operator saw."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import account_changes, audit, changesets, holds, runs
from rollbook.directory.audit import Actor
from rollbook.directory.holds import HoldRow
from rollbook.directory.runs import RunRow
from rollbook.errors import ConfigInvalid, Stale
from rollbook.roster.states import UNDECIDED, HoldState, RunState
from rollbook.runs.approvals import good_approvals, good_until, missing_at, refuse_unfit
from rollbook.runs.release import refuse_stale, release, reopen_expired


def approve(
    connection: Connection,
    actor: Actor,
    district: District,
    hold_id: str,
    *,
    confirm: int,
    reason: str,
    digest: str | None,
) -> RunRow:
    """Approve a hold and apply what it releases; returns its run.

    Where two people have to agree, the first approval changes nothing yet. Raises ``Stale`` when
    the number or the digest is not what waits, when the hold has been decided about, or when the
    directory has moved on, and ``NotPermitted`` where somebody else has to approve.
    """
    hold, run = decidable(connection, actor, hold_id, digest)
    if confirm != hold.records:
        raise Stale(
            f"hold {hold.id} is about {hold.records:,}, not {confirm:,}.",
            remedy="Look at it again and confirm the number that you see.",
        )
    if not agree(connection, actor, district, hold, run, digest=run.digest, reason=reason):
        return run
    reopen_expired(connection, actor, run, district)
    return _go_on(connection, actor, run, district, started=hold.whole_run)


def agree(
    connection: Connection,
    actor: Actor,
    district: District,
    hold: HoldRow,
    run: RunRow,
    *,
    digest: str,
    reason: str,
) -> bool:
    """Write an operator's approval of a changeset; whether that was the last one needed.

    Raises ``NotPermitted`` where somebody else has to agree.
    """
    _need_reason(reason)
    timezone = district.timezone
    given = good_approvals(connection, hold, digest, actor.at, timezone)
    refuse_unfit(connection, actor, hold, run, given, digest)
    holds.approve(
        connection,
        actor,
        hold,
        digest=digest,
        generation=run.expected_generation,
        reason=reason,
        expires_at=good_until(
            connection, run, actor.at, district.approvals.approval_hours, timezone
        ),
        times=1 + sum(row.times for row in given if (row.hold, row.who) == (hold.id, actor.who)),
    )
    body = {"digest": digest, "generation": run.expected_generation}
    if missing := missing_at(connection, hold, digest, actor.at, timezone):
        audit.write(
            connection,
            actor,
            "approval.given",
            district=hold.district,
            subject=hold.id,
            body={"rule": hold.rule, "count": hold.records, "missing": missing, "reason": reason}
            | body,
        )
        return False
    holds.settle(connection, actor, hold, HoldState.APPROVED, reason=reason, body=body)
    return True


def reject(
    connection: Connection,
    actor: Actor,
    district: District,
    hold_id: str,
    *,
    reason: str,
    digest: str | None = None,
) -> RunRow:
    """Turn a hold down: what it keeps back is not applied. A whole-run hold ends the run."""
    hold, run = decidable(connection, actor, hold_id, digest)
    _need_reason(reason)
    holds.settle(connection, actor, hold, HoldState.REJECTED, reason=reason)
    if not hold.whole_run:
        return _go_on(connection, actor, run, district, started=False)
    return _turn_down(connection, actor, run, reason, hold.id)


def reject_run(
    connection: Connection, actor: Actor, run_id: str, *, reason: str, digest: str | None = None
) -> RunRow:
    """Turn down a changeset that waits, with all its open holds: nothing of it is applied.

    Raises ``Stale`` where it does not wait, ``digest`` is another's, or part of it is in already.
    """
    run = runs.get(connection, run_id)
    refuse_stale(connection, run, actor.at)
    _refuse_other(run, digest)
    _need_reason(reason)
    if runs.went_in(run):
        raise Stale(
            f"part of run {run.id} has been applied already.",
            remedy="Reject the holds that are left of it, or undo it.",
        )
    return _turn_down(connection, actor, run, reason, run.id)


def _turn_down(
    connection: Connection, actor: Actor, run: RunRow, reason: str, origin: str
) -> RunRow:
    """``origin`` is the hold or the run that was rejected; ``reason`` is told with the run, unless
    it was made for one."""
    for hold in holds.of_run(connection, run.id):
        if hold.state in UNDECIDED:
            why = f"with {origin}: {reason}"
            holds.settle(connection, actor, hold, HoldState.REJECTED, reason=why)
    return runs.move(
        connection,
        actor,
        run,
        RunState.REJECTED,
        message="Rejected: nothing was applied.",
        body={"hold": origin} if origin != run.id else {"reason": reason},
        reason=run.reason or reason,
    )


def snooze(connection: Connection, actor: Actor, hold_id: str, *, until: datetime) -> None:
    """Let a hold keep quiet until a time; it stays undecided and keeps everything back."""
    hold, _ = decidable(connection, actor, hold_id, None)
    if until <= actor.at:
        raise ConfigInvalid("a hold can be snoozed only until a time to come.")
    holds.settle(
        connection,
        actor,
        hold,
        HoldState.SNOOZED,
        reason="",
        body={"until": until.isoformat()},
        snoozed_until=until,
    )


def decidable(
    connection: Connection, actor: Actor, hold_id: str, digest: str | None
) -> tuple[HoldRow, RunRow]:
    """A hold that waits for a decision, with its run. Raises ``Stale`` where it does not."""
    hold = holds.get(connection, hold_id)
    if hold.state not in UNDECIDED:
        by = f" by {hold.decided_by} at {hold.decided_at:%Y-%m-%d %H:%M} UTC"
        raise Stale(
            f"hold {hold.id} is already {hold.state.lower()}{by if hold.decided_by else ''}.",
            remedy="Look at the newest holds.",
        )
    run = runs.get(connection, hold.run)
    refuse_stale(connection, run, actor.at)
    _refuse_other(run, digest)
    return hold, run


def _refuse_other(run: RunRow, digest: str | None) -> None:
    if digest is not None and digest != run.digest:
        raise Stale(
            f"the changeset of run {run.id} is {run.digest}, not {digest}.",
            remedy="Look at it again.",
        )


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise ConfigInvalid("a decision needs a reason.", remedy="Say why in a few words.")


def _go_on(
    connection: Connection, actor: Actor, run: RunRow, district: District, *, started: bool
) -> RunRow:
    """Apply what the decision released, unless the run still waits as a whole.

    A previewed run whose lanes are decided about waits for its ``apply``; the approval of a hold
    on the whole run is the word to go.
    """
    undecided = [h for h in holds.of_run(connection, run.id) if h.state in UNDECIDED]
    if any(hold.whole_run for hold in undecided):
        return run
    if run.preview and not started and not runs.went_in(run):
        if undecided:
            return run
        ready = changesets.lane_condition("ready", False)
        if not changesets.count_by(connection, run.id, ready) and not account_changes.count(
            connection, run.id, ready
        ):
            return runs.move(
                connection, actor, run, RunState.REJECTED, message="Rejected: nothing was applied."
            )
        return runs.move(
            connection, actor, run, RunState.READY, message="Decided; waits to be applied."
        )
    return release(connection, actor, run, district)
