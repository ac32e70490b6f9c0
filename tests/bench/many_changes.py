"""A run with as many changes as are wanted: what the lists over them are measured on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rollbook.changes.sequence import Changes
from rollbook.desk.desk import Desk
from rollbook.directory import changesets, holds, runs
from rollbook.directory.changesets import CountKey, PlannedLane
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import HoldState, RunKind, RunState
from rollbook.runs.saving import saved_rows

DISTRICT = "large"
SCHOOLS = 50
READY, HELD = 0, 1
_SHARES = ((Kind.USER, 2), (Kind.ROLE, 2), (Kind.ENROLLMENT, 6))
"""Kinds in the order of their numbers, in tenths of a run."""


def save_many_changes(desk: Desk, number: int) -> tuple[str, str]:
    """Save a held run of ``number`` changes, a multiple of 100; gives its id and its hold's.

    Of each kind a tenth are removals, which the hold keeps back, and a tenth additions.
    """
    actor = desk.actor()
    with desk.store.write() as connection:
        run = runs.create(connection, actor, DISTRICT, RunKind.SYNC, preview=True)
        hold = f"{run}.h1"
        until = actor.at + timedelta(days=7)
        row = runs.move(
            connection, actor, runs.get(connection, run), RunState.PLANNED, base_generation=0
        )
        holds.save(
            connection,
            [
                {
                    "id": hold,
                    "run": run,
                    "district": DISTRICT,
                    "rule": "R1",
                    "title": "Removals",
                    "verb": Verb.REMOVE,
                    "records": number // 10,
                    "base": number,
                    "percent": 10.0,
                    "why": "",
                    "cause": "",
                    "whole_run": False,
                    "covers": {},
                    "state": HoldState.OPEN,
                    "created_at": actor.at,
                    "expires_at": until,
                }
            ],
        )
        counts: dict[int, Counter[CountKey]] = {READY: Counter(), HELD: Counter()}
        for change in _changes(number):
            key = (change.kind, change.verb, change.school, change.role, change.verb is Verb.REMOVE)
            counts[_lane(change)][key] += 1
        changesets.save_lanes(
            connection,
            run,
            [
                PlannedLane(READY, None, (), counts[READY]),
                PlannedLane(HELD, None, (hold,), counts[HELD]),
            ],
        )
        with TemporaryDirectory() as folder:
            changes = Changes.spooled(Path(folder) / "changes", _changes(number))
            lanes = np.where(changes.columns.of(verb=Verb.REMOVE), HELD, READY).astype(np.int32)
            marks = repeat((None, None), number)
            changesets.save(connection, saved_rows(run, changes, lanes, {}, marks))
        shown: dict[Kind, Counter[str]] = {kind: Counter() for kind, _ in _SHARES}
        for of_lane in counts.values():
            for (kind, verb, *_), found in of_lane.items():
                shown[kind][verb] += found
        runs.move(connection, actor, row, RunState.HELD, digest="d", counts=shown, expires_at=until)
    return run, hold


def _lane(change: Change) -> int:
    return HELD if change.verb is Verb.REMOVE else READY


def _changes(number: int) -> Iterator[Change]:
    for kind, tenths in _SHARES:
        for position in range(number * tenths // 10):
            verb = {0: Verb.ADD, 9: Verb.REMOVE}.get(position % 10, Verb.UPDATE)
            yield Change(
                kind=kind,
                verb=verb,
                id=f"{kind}-{position:07}",
                before=None if verb is Verb.ADD else {"email": f"old-{position}@example.org"},
                after=None if verb is Verb.REMOVE else {"email": f"new-{position}@example.org"},
                school=f"s{position % SCHOOLS:02}",
                role=RoleGroup.STUDENT if kind is Kind.USER else None,
                label=f"Pupil {position:07}",
                before_version=None if verb is Verb.ADD else 1,
            )
