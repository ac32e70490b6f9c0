"""Saving a changeset with its lanes, judging it, and raising its holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.consequences import consequences
from rollbook.changes.waiting import dependents, spread
from rollbook.config.district import District
from rollbook.directory import audit, changesets, fingerprints, holds, policies, runs
from rollbook.directory.audit import Actor
from rollbook.directory.pauses import PauseRow
from rollbook.directory.records import departed_versions, school_names
from rollbook.directory.runs import RunRow
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.rules import judge
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import UNDECIDED, WAITING, HoldState, RunKind, RunState
from rollbook.runs.carry import carry_over, offered
from rollbook.runs.facts import facts
from rollbook.runs.lanes import Lanes
from rollbook.runs.marks import Marks, Placed
from rollbook.runs.pauses import paused_positions
from rollbook.runs.sliced_marks import SlicedMarks


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
    marks: Marks | SlicedMarks | None = None,
) -> RunRow:
    """Save and judge the changeset of a run; it ends NOOP, READY or HELD.

    ``marks`` are the fingerprints of the lines that were read, for the records that will say just
    what these lines say.

    Whatever waited of the district before is superseded: there is one changeset to decide about.
    """
    if run.kind == RunKind.SYNC:
        policies.note(connection, actor, district.id, district.policy_revision())
    offers = offered(connection, actor, district, RunKind(run.kind))
    supersede_waiting(connection, actor, run)
    changes = changeset.changes
    edges = dependents(changes)
    paused = spread(edges, paused_positions(changes, pauses), len(changes))
    known = facts(connection, actor, district, changes, first=first)
    case = Case(
        changeset=changeset,
        active=frozenset(range(len(changes))) - paused.keys(),
        thresholds=district.thresholds,
        school_names=school_names(connection, district.id) | _new_names(changes),
        review=review,
        first=first,
        inverse=inverse,
        windows=known.windows,
        privileged=known.privileged,
        students=known.students,
        filled=known.filled,
    )
    raised = judge(case) if judged else []
    ids = tuple(f"{run.id}.h{index + 1}" for index in range(len(raised)))
    held = {
        hold_id: spread(edges, dict.fromkeys(hold.positions, hold_id), len(changes)).keys()
        - paused.keys()
        for hold_id, hold in zip(ids, raised, strict=True)
        if not hold.whole_run
    }
    expires = actor.at + timedelta(days=district.approvals.changeset_days)
    holds.save(
        connection,
        [
            _hold_row(
                run,
                actor,
                hold_id,
                hold,
                _covered(hold.positions if hold.whole_run else held[hold_id], changes),
            )
            | {"expires_at": expires, "single_operator": district.approvals.single_operator}
            for hold_id, hold in zip(ids, raised, strict=True)
        ],
    )
    lanes = Lanes.of(changes, paused, held)
    changesets.save_lanes(connection, run.id, lanes.planned(changes))
    versions = departed_versions(connection, district.id, changes)
    lines = marks.placed(changes, lanes.numbers) if marks else Placed()
    changesets.save(
        connection,
        run.id,
        (
            (seq, lane, _returning(change, versions), lines.with_change.get(seq))
            for seq, (lane, change) in enumerate(zip(lanes.numbers, changes, strict=True))
        ),
    )
    changesets.save_confirmations(connection, run.id, lines.with_lane)
    fingerprints.confirm_now(connection, district.id, lines.at_once)
    fingerprints.take_away(connection, district.id, marks.lapsed if marks else ())
    state = RunState.HELD if raised else RunState.READY if case.active else RunState.NOOP
    planned = runs.move(
        connection,
        actor,
        run,
        RunState.PLANNED,
        body={"digest": changeset.digest, "generation": generation, "changes": len(changes)},
        digest=changeset.digest,
        base_generation=generation,
        expected_generation=generation,
        policy_revision=district.policy_revision(),
        counts=_counts(changeset),
        schools=_school_counts(changeset),
        consequences=consequences(changes),
        expectation={
            "students_incoming": changeset.incoming_students,
            "students_by_school": dict(changeset.students_by_school),
            "students_expected": district.expected.students,
        },
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
    done = runs.move(
        connection, actor, planned, state, message=_message(state, changes, raised, paused)
    )
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
        runs.move(connection, actor, older, RunState.SUPERSEDED, message=f"Overtaken by {run.id}.")


def _hold_row(
    run: RunRow, actor: Actor, hold_id: str, hold: Raised, covers: dict[str, dict[str, int]]
) -> dict[str, object]:
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
        "covers": covers,
        "state": HoldState.OPEN,
        "created_at": actor.at,
    }


def _covered(positions: Collection[int], changes: Sequence[Change]) -> dict[str, dict[str, int]]:
    """What waits with a hold: changes by verb and kind."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for position in sorted(positions):
        found[changes[position].verb][changes[position].kind] += 1
    return {verb: dict(kinds) for verb, kinds in found.items()}


def _returning(change: Change, versions: Mapping[tuple[Kind, str], int]) -> Change:
    """An addition of a record that was here before builds on the version that it left with."""
    if change.verb is Verb.ADD and change.key in versions:
        return change._replace(before_version=versions[change.key])
    return change


def _counts(changeset: Changeset) -> dict[str, dict[str, int]]:
    return {kind: asdict(tally) for kind, tally in changeset.totals.items()}


def _school_counts(changeset: Changeset) -> list[list[object]]:
    ordered = sorted(changeset.schools.items(), key=lambda item: (item[0] is None, item[0] or ""))
    return [
        [school, {kind: asdict(tally) for kind, tally in kinds.items()}]
        for school, kinds in ordered
    ]


def _new_names(changes: Sequence[Change]) -> dict[str, str]:
    return {
        change.id: str(change.after["name"])
        for change in changes
        if change.kind is Kind.ORG and change.after and "name" in change.after
    }


def _message(
    state: RunState,
    changes: Sequence[Change],
    raised: Sequence[Raised],
    paused: Mapping[int, str],
) -> str:
    if not changes:
        return "Nothing to do: the directory is as the input says."
    if state is RunState.NOOP:
        return f"All {len(changes):,} changes wait for a pause to end."
    if raised:
        rules = ", ".join(dict.fromkeys(hold.rule for hold in raised))
        return f"Held by {rules}."
    waiting = f" {len(paused):,} wait for a pause." if paused else ""
    return f"{len(changes) - len(paused):,} changes are ready to be applied.{waiting}"
