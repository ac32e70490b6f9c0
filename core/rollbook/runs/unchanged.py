"""A source that says, byte by byte, what it said last time, when all of that has gone in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from rollbook.changes.nothing import NO_CONSEQUENCES, NO_DIGEST
from rollbook.config.district import District
from rollbook.directory import changesets, runs, student_facts
from rollbook.directory.apply import generation_of
from rollbook.directory.audit import Actor
from rollbook.directory.runs import RunRow
from rollbook.roster.accounts import LIST_UNREAD
from rollbook.roster.states import RunState
from rollbook.runs.account_rest import accounts_settled
from rollbook.sources import upload_clock
from rollbook.sources.of_its_night import CLEVERS_STATE


def settled_run(connection: Connection, district: District, at: datetime) -> RunRow | None:
    """The newest sync, if comparing its input again would find nothing: all of it has gone in, and
    neither directory nor policy are other ones since, nor is an account due at that time."""
    run = runs.newest_sync(connection, district.id, but=COMPARED_NOTHING)
    if run is None:
        return None
    everything = run.state in (RunState.APPLIED, RunState.NOOP) and all(
        lane.applied_in is not None for lane in changesets.lanes_of(connection, run.id).values()
    )
    same = (
        run.snapshot is not None
        and not student_facts.any_left(connection, run.id)
        and run.expected_generation == generation_of(connection, district.id)
        and run.policy_revision == district.policy_revision()
    )
    if not everything or not same:
        return None
    return run if accounts_settled(connection, district, at) else None


COMPARED_NOTHING = frozenset({RunState.FETCHING, RunState.FETCH_FAILED, RunState.CANCELLED})
"""States of a run that has compared nothing."""

OF_ITS_NIGHT = CLEVERS_STATE | {upload_clock.CODE, LIST_UNREAD}
"""Codes of findings that are not about the input itself: the next night has its own."""


def close_unchanged(
    connection: Connection, actor: Actor, district: District, run: RunRow, settled: RunRow
) -> RunRow:
    """Close a run whose input is that of a settled one, with what that one found."""
    runs.copy_findings(connection, settled.id, run.id, but=OF_ITS_NIGHT)
    return runs.move(
        connection,
        actor,
        run,
        RunState.NOOP,
        message="Nothing to do: the input is the same, byte by byte, as last time.",
        body={"snapshot": settled.snapshot, "same_as": settled.id},
        snapshot=settled.snapshot,
        digest=NO_DIGEST,
        base_generation=settled.expected_generation,
        expected_generation=settled.expected_generation,
        policy_revision=settled.policy_revision,
        counts=_gone_in(settled.counts),
        schools=[[school, _gone_in(kinds)] for school, kinds in settled.schools or ()],
        consequences=NO_CONSEQUENCES,
        expectation=settled.expectation,
    )


def _gone_in(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, Any]]:
    """Counts as they are once everything that they count has gone in."""
    return {
        kind: {
            **line,
            "before": line["before"] + line["add"] - line["remove"],
            "add": 0,
            "update": 0,
            "remove": 0,
        }
        for kind, line in counts.items()
    }
