"""Applying what may go of a run, exactly as it was saved, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import (
    account_changes,
    audit,
    changesets,
    expected_plans,
    history,
    holds,
    pauses,
    runs,
    student_facts,
)
from rollbook.directory.apply import apply_lanes, generation_of, next_generation
from rollbook.directory.audit import Actor
from rollbook.directory.lane_standing import (
    LaneStanding,
    account_changes_by_lane,
    standing_of,
)
from rollbook.directory.pauses import PauseRow
from rollbook.directory.runs import RunRow
from rollbook.errors import Held, Stale
from rollbook.roster.states import UNDECIDED, WAITING, HoldState, RunKind, RunState
from rollbook.runs.account_release import account_words, stand_ins
from rollbook.runs.anew import make_anew
from rollbook.runs.approvals import good_approvals, still_missing
from rollbook.runs.pauses import is_active, kept_back, local_date
from rollbook.runs.purge import refuse_excluded
from rollbook.runs.resting_facts import resting_facts, students_told
from rollbook.runs.school_year import settle_after, settle_before


def refuse_stale(connection: Connection, run: RunRow, at: datetime) -> None:
    """Raise ``Stale`` unless a run still waits, is young enough, and the directory is its own."""
    if run.state not in WAITING:
        raise Stale(
            f"run {run.id} is already {run.state}, {audit.by_whom(connection, run.id)}.",
            remedy=f"Look at the newest run of {run.district}.",
        )
    if run.expires_at is not None and run.expires_at <= at:
        raise Stale(
            f"the changeset of run {run.id} is too old since {run.expires_at:%Y-%m-%d %H:%M} UTC.",
            remedy=make_anew(run),
        )
    generation = generation_of(connection, run.district)
    if generation != run.expected_generation:
        raise Stale(
            f"the directory of {run.district} is at generation {generation}, run {run.id} was "
            f"made for {run.expected_generation}; it was last written "
            f"{_last_written(connection, run.district)}.",
            remedy=make_anew(run),
        )


def _last_written(connection: Connection, district: str) -> str:
    applied = runs.last_applied(connection, district)
    return audit.by_whom(connection, applied) if applied else "by nobody on record"


def release(connection: Connection, actor: Actor, run: RunRow, district: District) -> RunRow:
    """Apply the changes of a waiting run that neither a hold nor a pause keeps back.

    The run ends APPLIED, or HELD while holds are open. Raises ``Stale`` as ``refuse_stale`` does
    and when a pause that has begun since covers what would go in, or a plan that expected it is
    over, and ``Held`` when a hold keeps the whole run back.
    """
    refuse_stale(connection, run, actor.at)
    reopen_expired(connection, actor, run, district)
    all_holds = {hold.id: hold for hold in holds.of_run(connection, run.id)}
    for hold in all_holds.values():
        if hold.whole_run and hold.state != HoldState.APPROVED:
            raise Held(
                f"run {run.id} is held by {hold.rule} ({hold.id}).", remedy="Decide about it first."
            )
    keeps = {h.id for h in all_holds.values() if h.state != HoldState.APPROVED}
    standing = standing_of(connection, run.id, all_holds.values())
    lanes = list(standing.lanes.values())
    going = [
        lane.number
        for lane in lanes
        if lane.applied_in is None and lane.pause is None and keeps.isdisjoint(lane.holds)
    ]
    _refuse_paused(connection, actor, run, district, going)
    plans = {lane.plan for lane in lanes if lane.number in going} - {None}
    _refuse_unexpected(connection, actor, run, district, plans)
    applying = runs.move(
        connection,
        actor,
        run,
        RunState.APPLYING,
        body={"digest": run.digest, "generation": run.expected_generation, "lanes": going},
    )
    if run.kind == RunKind.PURGE:
        refuse_excluded(connection, run.id, district)
    generation = run.expected_generation
    of_accounts = account_changes_by_lane(connection, run.id)
    before = standing.count("applied")
    if going:
        today = local_date(actor.at, district.timezone)
        remembered = settle_before(connection, district, today)
        generation = apply_lanes(connection, run.district, run.id, going, generation)
        settle_after(connection, district, today, remembered)
        account_changes.apply_lanes(connection, run.district, run.id, going)
        changesets.mark_applied(connection, run.id, going, generation, actor.at)
        history.note_applied(connection, actor, run, generation)
        if run.kind == RunKind.SYNC:
            runs.set_policy_revision(connection, run.district, run.policy_revision)
    told = _tell(connection, actor, run, district, generation if going else generation + 1)
    if told and not going:
        generation = next_generation(connection, run.district, generation)
    account_changes.settle(connection, run.district, run)
    done = standing.with_applied(going, generation)
    now_of_accounts = sum(of_accounts[lane] for lane in going)
    students = 0
    if told or run.applied_at is not None:
        students = student_facts.students(connection, run.id, applied=True)
    holds.spend(connection, run.id, generation)
    undecided = [h for h in all_holds.values() if h.state in UNDECIDED]
    applied_something = generation > run.base_generation
    return runs.move(
        connection,
        actor,
        applying,
        RunState.HELD
        if undecided
        else RunState.APPLIED
        if applied_something
        else RunState.REJECTED
        if keeps
        else RunState.NOOP,
        message=_message(run, done, len(undecided), of_accounts, students),
        body={"generation": generation, "applied": done.count("applied") - before}
        | ({"account_changes": now_of_accounts} if now_of_accounts else {}),
        expected_generation=generation,
        applied_at=actor.at if going or told else run.applied_at,
    )


def _tell(
    connection: Connection, actor: Actor, run: RunRow, district: District, generation: int
) -> int:
    """Write the facts about students that no pause keeps back; returns how many.

    An undo takes back as well what was told of those who leave with it.
    """
    if not student_facts.any_left(connection, run.id):
        return 0
    resting = resting_facts(connection, run, _in_force(connection, actor, run, district))
    undoes = run.kind == RunKind.UNDO
    return student_facts.apply(
        connection, run.district, run.id, generation, but=resting, anybody=undoes
    )


def _in_force(
    connection: Connection, actor: Actor, run: RunRow, district: District
) -> list[PauseRow]:
    """The pauses that keep a sync still now."""
    if run.kind != RunKind.SYNC:
        return []
    today = local_date(actor.at, district.timezone)
    found = pauses.of_district(connection, run.district)
    return [pause for pause in found if is_active(pause, today)]


def _refuse_paused(
    connection: Connection, actor: Actor, run: RunRow, district: District, going: Sequence[int]
) -> None:
    """A pause keeps a sync still, also one that was compared before the pause began."""
    active = _in_force(connection, actor, run, district)
    if not active:
        return
    keeping = kept_back(
        chain(
            changesets.changes_in(connection, run.id, going),
            stand_ins(connection, run.id, going),
        ),
        active,
    )
    if (first := next(keeping, None)) is not None:
        raise Stale(
            f"pause {first.id} has begun since run {run.id} was made and keeps "
            f"{1 + sum(1 for _ in keeping):,} of its changes back.",
            remedy="Sync again, or end the pause first.",
        )


def _refuse_unexpected(
    connection: Connection,
    actor: Actor,
    run: RunRow,
    district: District,
    plans: Set[str | None],
) -> None:
    """What no rule held because a plan expected it goes in only while that plan counts."""
    if not plans:
        return
    today = local_date(actor.at, district.timezone)
    row = expected_plans.in_force(connection, run.district, today)
    if row is None or plans != {row.id}:
        over = ", ".join(sorted(filter(None, plans)))
        raise Stale(
            f"plan {over} is over since run {run.id} was made, which counted on it.",
            remedy="Sync again and look at the new preview.",
        )


def reopen_expired(connection: Connection, actor: Actor, run: RunRow, district: District) -> None:
    """An approval that was not used in its time is void, and its hold open again.

    It may have waited for the other holds of its run, or for a previewed run to be applied.
    """
    for hold in holds.of_run(connection, run.id):
        if hold.state != HoldState.APPROVED or holds.is_spent(connection, hold):
            continue
        good = good_approvals(connection, hold, run.digest, actor.at, district.timezone)
        if still_missing(hold, good, frozenset()):
            holds.reopen(connection, actor, hold)


def _message(
    run: RunRow, standing: LaneStanding, undecided: int, of_accounts: Mapping[int, int], told: int
) -> str:
    """What became of all the changes of a run by now, of its account changes by lane, and of the
    students about whom it has told something."""
    applied, held, paused, rejected = map(standing.count, ("applied", "held", "paused", "rejected"))
    changes = "change" if applied == 1 else "changes"
    done, waiting = (
        sum(of_accounts[lane] for lane in standing.lanes_that(word) if lane in of_accounts)
        for word in ("applied", "held")
    )
    words_of_accounts = account_words(run, done, waiting)
    nothing = "No record was changed." if words_of_accounts else "Nothing was applied."
    words = f"{applied:,} {changes} applied." if applied else nothing
    if told:
        words = f"{applied:,} {changes} applied; {students_told(told)}."
    if held:
        words += f" {held:,} wait behind {undecided} hold{'s' if undecided > 1 else ''}."
    if paused:
        words += f" {paused:,} wait for a pause to end."
    if rejected:
        words += f" {rejected:,} were turned down."
    return words + words_of_accounts
