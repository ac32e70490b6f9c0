"""Trying a plan on the changes of a run: what it would expect, and what would be held."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.positions import Mask
from rollbook.changes.sequence import Changes
from rollbook.changes.waiting import FREE, along, dependents, spread
from rollbook.config.district import District
from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.expectations import beside
from rollbook.desk.hold_reason import HoldReason
from rollbook.desk.plan_presenting import draft_of, lines_of
from rollbook.desk.plan_views import PlanDraft, TriedPlan
from rollbook.desk.plans import planned_by, population_of
from rollbook.desk.presenting import active_pauses
from rollbook.directory import changesets, holds, pauses, runs
from rollbook.directory.audit import Actor
from rollbook.directory.runs import RunRow
from rollbook.directory.standing import users_by_place
from rollbook.errors import NotFound
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.rules import judge
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup, role_group
from rollbook.roster.states import WAITING, HoldState, RunKind
from rollbook.runs.case import case_of, names_with
from rollbook.runs.expected import expected_by
from rollbook.runs.pauses import local_date
from rollbook.runs.resting import paused_positions
from rollbook.runs.review import why_review
from rollbook.runs.saved_changeset import saved_changeset


def try_plan(
    desk: Desk, district_id: str, draft: PlanDraft, run_id: str | None = None
) -> TriedPlan:
    """What a draft would make of the changes of a run, else of the district's newest sync that
    waits, else of the newest that has any. Of a run that waits, those that wait are judged, by the
    numbers that the directory has by now. Nothing is saved.

    Raises ``ConfigInvalid`` for a draft that makes no sense, and ``NotFound``.
    """
    district = find_district(desk.home, district_id)
    with desk.store.read() as connection, TemporaryDirectory(prefix="rollbook-") as folder:
        plan = planned_by(district, draft, population_of(connection, district))
        run = _run(connection, district_id, run_id)
        waits = run.state in WAITING
        lanes = changesets.lanes_of(connection, run.id).values()
        rejected = {h.id for h in holds.of_run(connection, run.id) if h.state == HoldState.REJECTED}
        numbers = [
            lane.number
            for lane in lanes
            if not waits or (lane.applied_in is None and rejected.isdisjoint(lane.holds))
        ]
        changes = Changes.spooled(
            Path(folder) / "changes", changesets.changes_in(connection, run.id, numbers)
        )
        gone = changesets.gone_in(connection, run.id) if waits else {}
        changeset = saved_changeset(connection, run, changes, gone)
        names = names_with(connection, district_id, changes)
        expected = expected_by(connection, district, changeset, plan, None, names)
        case, free = _cases(
            connection,
            Actor(desk.operator, desk.clock()),
            district,
            run,
            changeset,
            reviewed=not waits or bool(gone),
        )
        raised, held = _judged(case, expected.mask, free)
        counts: Counter[tuple[Kind, Verb, str | None, RoleGroup | None, bool]] = Counter()
        for announced in (True, False):
            here = np.flatnonzero(expected.mask == announced).astype(np.int32)
            for cell, number in changes.columns.cells(here).items():
                counts[*cell, announced] = number
        totals = [[school, t.least, t.most] for school, t in (plan.totals or {}).items()]
        expectation = dict(run.expectation or {})
        expectation |= {"plan": "draft", "void": [v.why for v in expected.void], "totals": totals}
        if gone:
            expectation["students_before"] = _students_now(connection, district_id)
        settled = changesets.number_of(connection, run.id) - len(changes)
        return TriedPlan(
            run=run.id,
            judged=_judged_words(run, settled),
            settled=settled,
            draft=draft_of(plan),
            lines=lines_of(plan, {}, names),
            expectation=beside(expectation, counts, names, {}),
            holds=tuple(_hold(hold, names) for hold in raised),
            changes=len(changes),
            held=held,
            held_without=_judged(case, None, free)[1],
        )


def _judged_words(run: RunRow, settled: int) -> str:
    if run.state not in WAITING:
        return "Nothing of it waits any more: it is judged as it came."
    if not settled:
        return ""
    have = "change has" if settled == 1 else "changes have"
    return f"Only what waits of it: {settled:,} more {have} gone in or been turned down."


def _run(connection: Connection, district_id: str, run_id: str | None) -> RunRow:
    if run_id is not None:
        run = runs.get(connection, run_id)
        if run.district != district_id or run.digest is None:
            raise NotFound(f"run {run_id} has no changes of {district_id}.")
        return run
    syncs = [r for r in runs.newest(connection, district_id, limit=50) if r.kind == RunKind.SYNC]
    waiting = [run for run in syncs if run.state in WAITING]
    changed = [r for r in syncs if r.digest and changesets.number_of(connection, r.id)]
    for run in (*waiting, *changed):
        return run
    raise NotFound(
        f"{district_id} has no run to try a plan on.", remedy="Preview a sync of it first."
    )


def _cases(
    connection: Connection,
    actor: Actor,
    district: District,
    run: RunRow,
    changeset: Changeset,
    *,
    reviewed: bool,
) -> tuple[Case, Mask]:
    """The case of a run as it is judged today without a plan, and its unpaused changes; where it
    was ``reviewed``, it is no review any more."""
    changes = changeset.changes
    resting = active_pauses(connection, district.id, district.timezone, actor.at)
    paused = paused_positions(changes, resting)
    if (paused != FREE).any():
        paused = spread(dependents(changes), paused)
    last = runs.last_applied_sync(connection, district.id)
    review = ""
    if not reviewed:
        today = local_date(actor.at, district.timezone)
        all_pauses = pauses.of_district(connection, district.id)
        review = why_review(connection, district, last, all_pauses, today, run.snapshot)
    free = paused == FREE
    case = case_of(
        connection,
        actor,
        district,
        changeset,
        unpaused=free,
        expected=None,
        names=names_with(connection, district.id, changes),
        review=review,
        first=last is None,
        inverse=False,
    )
    return case, free


def _judged(case: Case, expected: Mask | None, free: Mask) -> tuple[list[Raised], int]:
    """The holds of a case, and how many changes would wait for a decision."""
    raised = judge(replace(case, expected=expected))
    if any(hold.whole_run for hold in raised):
        return raised, len(case.active)
    waiting = np.zeros(len(free), np.bool_)
    for hold in raised:
        waiting[hold.positions.places] = True
    changes = case.changeset.changes
    places = np.flatnonzero(waiting).astype(np.int32)
    reached = along(dependents(changes), places, len(changes)) & free if len(places) else waiting
    return raised, int(np.count_nonzero(reached))


def _students_now(connection: Connection, district_id: str) -> dict[str, int]:
    places = users_by_place(connection, district_id)
    return {
        school: number
        for (school, role), number in places.items()
        if school is not None and role_group(role) is RoleGroup.STUDENT
    }


def _hold(hold: Raised, names: dict[str, str]) -> HoldReason:
    return HoldReason(
        rule=hold.rule,
        title=hold.title,
        kind=hold.kind,
        verb=hold.verb,
        school=hold.school,
        school_name=names.get(hold.school or "", hold.school or ""),
        role=hold.role,
        count=hold.count,
        base=hold.base,
        percent=hold.percent,
        why=hold.why,
        cause=hold.cause,
        whole_run=hold.whole_run,
        approvers=hold.approvers,
    )
