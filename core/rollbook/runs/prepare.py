"""Saving a changeset with its lanes, judging it, and raising its holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from secrets import token_hex

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.consequences import consequences
from rollbook.changes.positions import NO_PLACES, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.waiting import FREE, NOBODY, along, dependents, spread
from rollbook.config.district import District
from rollbook.directory import (
    account_changes,
    audit,
    changesets,
    fingerprints,
    holds,
    policies,
    runs,
    student_facts,
)
from rollbook.directory.audit import Actor
from rollbook.directory.pauses import PauseRow
from rollbook.directory.runs import RunRow
from rollbook.holds.account_rules import first_names
from rollbook.holds.judgement import Raised
from rollbook.holds.rules import judge
from rollbook.roster.accounts import HELD_BY
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import UNDECIDED, WAITING, HoldState, RunKind, RunState
from rollbook.roster.student_facts import FactChange
from rollbook.runs.account_holds import Keeping
from rollbook.runs.account_judging import judge_accounts
from rollbook.runs.account_lanes import AccountLanes
from rollbook.runs.account_people import common_ground, grade_changes
from rollbook.runs.account_plan import AccountPlan
from rollbook.runs.account_planning import plan_accounts
from rollbook.runs.account_release import list_words
from rollbook.runs.account_seat_lanes import SeatLanes
from rollbook.runs.anew import overtaken
from rollbook.runs.carry import carry_over, offered
from rollbook.runs.case import case_of, names_with
from rollbook.runs.expected import Expected, expected_part
from rollbook.runs.former_people import strangers
from rollbook.runs.hold_row import hold_row
from rollbook.runs.lanes import Lanes
from rollbook.runs.marks import Marks
from rollbook.runs.pauses import local_date
from rollbook.runs.resting import paused_positions
from rollbook.runs.resting_facts import resting_facts, students_told
from rollbook.runs.saving import returning, saved_rows
from rollbook.runs.unenrolled import told
from rollbook.runs.with_strangers import what_is_theirs


def save_changeset(
    connection: Connection,
    actor: Actor,
    run: RunRow,
    changeset: Changeset,
    district: District,
    *,
    generation: int,
    pauses: Sequence[PauseRow] = (),
    review: str = "",
    first: bool = False,
    inverse: bool = False,
    judged: bool = True,
    marks: Marks | None = None,
    about_students: Iterable[FactChange] = (),
    days_since_whole: int | None = None,
) -> RunRow:
    """Save and judge the changeset of a run; it ends NOOP, READY or HELD.

    ``marks`` are the fingerprints of the lines that were read, for the records that will say just
    what these lines say. ``about_students`` is what goes in with the
    changeset beside the roster, ``days_since_whole`` how long ago a complete set of files came.

    Whatever waited of the district before is superseded: there is one changeset to decide about.
    """
    if run.kind == RunKind.SYNC:
        policies.note(connection, actor, district.id, district.policy_revision())
    offers = offered(connection, actor, district, RunKind(run.kind))
    supersede_waiting(connection, actor, run)
    changes = changeset.changes
    versions = returning(connection, district.id, changes)
    others = strangers(connection, district.id, changes, versions)
    with_others = what_is_theirs(connection, district.id, changes, others.quite)
    paused = paused_positions(changes, pauses)
    if (paused != FREE).any():
        paused = spread(dependents(changes, with_others), paused)
    unpaused = paused == FREE
    names = names_with(connection, district.id, changes)
    expected = None
    today = local_date(actor.at, district.timezone)
    if run.kind == RunKind.SYNC and not first:
        expected = expected_part(connection, district, changeset, names, today)
    case = case_of(
        connection,
        actor,
        district,
        changeset,
        unpaused=unpaused,
        expected=expected.mask if expected else None,
        names=names,
        review=review,
        first=first,
        inverse=inverse,
        days_since_whole=days_since_whole,
        strangers=others.quite,
    )
    if case.unenrolled:
        runs.save_findings(
            connection, run.id, [told(school, names, today) for school in case.unenrolled]
        )
    raised = judge(case) if judged else []
    plan = plan_accounts(
        connection,
        district,
        changes,
        today,
        chance=token_hex(16),
        pauses=pauses,
        paused=~unpaused,
        expected=expected.mask if expected else None,
        at_desk=run.kind != RunKind.SYNC,
        undoes=run.undo_of,
        strangers=others.all,
    )
    seen_whole = first and any(hold.whole_run for hold in raised)
    raised += judge_accounts(connection, district, plan, names, actor.at, expected)
    if not seen_whole:
        raised += [first_names(plan.created[role], role) for role in plan.first]
    ids = tuple(f"{run.id}.h{index + 1}" for index in range(len(raised)))
    of_accounts = {
        i: Keeping.of(i, hold) for i, hold in zip(ids, raised, strict=True) if hold.rule in HELD_BY
    }
    in_part = {
        i: hold
        for i, hold in zip(ids, raised, strict=True)
        if not hold.whole_run and hold.rule not in HELD_BY
    }
    edges = dependents(changes, with_others) if in_part else NOBODY
    held = {
        hold_id: places_of(along(edges, hold.positions.places, len(changes)) & unpaused)
        for hold_id, hold in in_part.items()
    }
    del edges
    expires = actor.at + timedelta(days=district.approvals.changeset_days)
    holds.save(
        connection,
        [
            hold_row(
                run,
                district,
                actor,
                hold_id,
                hold,
                plan.covered_by(of_accounts[hold_id])
                if hold_id in of_accounts
                else _covered(hold.positions.places if hold.whole_run else held[hold_id], changes),
                expires,
            )
            for hold_id, hold in zip(ids, raised, strict=True)
        ],
    )
    through = (expected.plan.id, places_of(expected.mask & unpaused)) if expected else None
    lanes = Lanes.of(paused, [pause.id for pause in pauses], held, through)
    changesets.save_lanes(connection, run.id, lanes.planned(changes))
    lines = (marks or Marks({})).placed(changes, lanes.numbers)
    rows = saved_rows(run.id, changes, lanes.numbers, versions, lines.marks())
    changesets.save(connection, rows)
    _save_accounts(
        connection,
        run.id,
        plan,
        AccountLanes(
            lanes,
            [pause.id for pause in pauses],
            list(of_accounts.values()),
            common_ground(changes, plan.parts),
            grade_changes(changes) if plan.year_moves_on else NO_PLACES,
            SeatLanes(plan.seats, changes, lanes) if plan.seats is not None else None,
        ),
    )
    changesets.save_confirmations(connection, run.id, lines.with_lane)
    fingerprints.confirm_now(connection, district.id, lines.at_once)
    fingerprints.take_away(connection, district.id, marks.lapsed if marks else ())
    to_tell, telling = 0, False
    if student_facts.save(connection, run.id, about_students):
        resting = resting_facts(connection, run, pauses)
        to_tell = student_facts.students(connection, run.id, applied=False)
        telling = student_facts.any_left(connection, run.id, but=resting)
    runs.save_findings(connection, run.id, plan.findings())
    ready = bool(case.active) or len(plan) > plan.paused or telling
    digest = plan.digest(changeset.digest)
    state = RunState.HELD if raised else RunState.READY if ready else RunState.NOOP
    planned = runs.move(
        connection,
        actor,
        run,
        RunState.PLANNED,
        body={"digest": digest, "generation": generation, "changes": len(changes)}
        | ({"account_changes": len(plan)} if len(plan) else {}),
        digest=digest,
        base_generation=generation,
        expected_generation=generation,
        policy_revision=district.policy_revision(),
        counts=_counts(changeset),
        schools=_school_counts(changeset),
        consequences=plan.consequences() if plan.basis else consequences(changes),
        account_basis=plan.basis,
        expectation=_expectation(changeset, district, expected),
        expires_at=expires,
    )
    for hold in raised:
        audit.write(
            connection,
            actor,
            "hold.raised",
            district=run.district,
            subject=run.id,
            body={"rule": hold.rule, "kind": hold.kind, "school": hold.school, "count": hold.count},
        )
    waiting = len(changes) - len(case.active)
    message = _message(state, len(changes), len(plan), raised, waiting, to_tell)
    message += list_words(plan.basis)
    done = runs.move(connection, actor, planned, state, message=message)
    if state is RunState.NOOP:
        account_changes.settle(connection, district.id, done)
    return carry_over(connection, actor, done, offers)


def supersede_waiting(connection: Connection, actor: Actor, run: RunRow) -> None:
    """Close what waited of this district: a newer changeset has taken its place."""
    for older in runs.in_states(connection, run.district, WAITING):
        if older.id == run.id:
            continue
        for hold in holds.of_run(connection, older.id):
            if hold.state in UNDECIDED:
                holds.settle(
                    connection, actor, hold, HoldState.SUPERSEDED, reason=f"overtaken by {run.id}"
                )
        message = overtaken(older, run.id)
        runs.move(connection, actor, older, RunState.SUPERSEDED, message=message)


def _covered(places: Places, changes: Changes) -> dict[str, dict[str, int]]:
    """What waits with a hold: changes by verb and kind."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (kind, verb, _, _), number in changes.columns.cells(places).items():
        found[verb][kind] += number
    return {verb: dict(kinds) for verb, kinds in found.items()}


def _counts(changeset: Changeset) -> dict[str, dict[str, int]]:
    return {kind: tally.numbers() for kind, tally in changeset.totals.items()}


def _expectation(
    changeset: Changeset, district: District, expected: Expected | None
) -> dict[str, object]:
    """The students who are there, who come and who were expected, in all and by school."""
    before = {
        school: number
        for (kind, school, role), number in changeset.live.items()
        if kind is Kind.USER and role is RoleGroup.STUDENT and school is not None
    }
    found: dict[str, object] = {
        "students_incoming": changeset.incoming_students,
        "students_by_school": dict(changeset.students_by_school),
        "students_before": before,
        "students_expected": district.expected.students,
        "schools_expected": dict(district.expected.schools),
    }
    if expected is not None:
        totals = (expected.plan.totals or {}).items()
        found["plan"] = expected.plan.id
        found["void"] = [void.why for void in expected.void]
        found["totals"] = [[school, total.least, total.most] for school, total in totals]
    return found


def _school_counts(changeset: Changeset) -> list[list[object]]:
    ordered = sorted(changeset.schools.items(), key=lambda item: (item[0] is None, item[0] or ""))
    return [
        [school, {kind: tally.numbers() for kind, tally in kinds.items()}]
        for school, kinds in ordered
    ]


def _save_accounts(
    connection: Connection, run: str, plan: AccountPlan, lanes: AccountLanes
) -> None:
    account_changes.save_rows(connection, run, lanes.rows(plan))
    changesets.save_lanes(connection, run, lanes.made)
    account_changes.save_counts(connection, run, lanes.counts, lanes.adding_up)


def _message(
    state: RunState,
    changes: int,
    of_accounts: int,
    raised: Sequence[Raised],
    paused: int,
    students: int,
) -> str:
    if not changes and not of_accounts and students and not raised:
        when = ", once a pause ends" if state is RunState.NOOP else ""
        return f"The roster is as the input says; {students_told(students)}{when}."
    if not changes and not of_accounts:
        return "Nothing to do: the directory is as the input says."
    if state is RunState.NOOP:
        return f"All {changes:,} changes wait for a pause to end."
    if raised:
        rules = ", ".join(dict.fromkeys(hold.rule for hold in raised))
        return f"Held by {rules}."
    if not changes:
        return f"No record changes; {of_accounts:,} account changes are ready to be applied."
    waiting = f" {paused:,} wait for a pause." if paused else ""
    accounts = f" {of_accounts:,} account changes go with them." if of_accounts else ""
    return f"{changes - paused:,} changes are ready to be applied.{waiting}{accounts}"
