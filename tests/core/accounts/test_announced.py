"""The moves that a plan announced are neither counted nor held by C2; renames are, by C1."""

from __future__ import annotations

import numpy as np
import pytest

from core.scene import NORTH, Scene
from rollbook.changes.positions import NO_PLACES
from rollbook.changes.sequence import Changes
from rollbook.config.district import Thresholds
from rollbook.config.home import find_district
from rollbook.holds.account_rules import account_holds
from rollbook.roster.accounts import HELD_BY, AccountVerb
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values
from rollbook.runs.account_holds import Keeping
from rollbook.runs.account_lanes import AccountLanes
from rollbook.runs.account_planning import plan_accounts
from rollbook.runs.lanes import Lanes
from rollbook.runs.pauses import local_date


def moved(student: str, *, renamed: bool) -> Change:
    before: Values = {"primary_org_id": "s1"}
    after: Values = {"primary_org_id": "s2"}
    if renamed:
        before["given_name"], after["given_name"] = "x", "Bo"
    return Change(Kind.USER, Verb.UPDATE, student, before, after, "s2", RoleGroup.STUDENT)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_the_announced_part_goes_and_the_rest_waits(accounts_scene: Scene) -> None:
    scene = accounts_scene
    district = find_district(scene.desk.home, NORTH)
    changes = Changes.of(
        moved(student, renamed=student == "s1-15")
        for student in sorted(scene.users())
        if student.startswith("s1-")
    )
    announced = np.arange(len(changes)) >= 5
    today = local_date(scene.clock.now, district.timezone)
    with scene.desk.store.engine.connect() as connection, connection.begin() as transaction:
        plan = plan_accounts(connection, district, changes, today, chance="0", expected=announced)
        transaction.rollback()
    assert plan.counts == {AccountVerb.MOVE: 15, AccountVerb.RENAME: 1}
    assert (plan.renamed, plan.moved) == (1, 5)
    limits = district.thresholds.model_copy(update={"move_floor": 5})
    [hold] = account_holds(plan.renamed, plan.moved, 32, limits)
    assert (hold.rule, hold.count) == ("C2", 5)
    free = Lanes(((None, (), None),), np.zeros(len(changes), np.int32))
    holds = [Keeping(f"h{rule[1]}", rule, verbs, None) for rule, verbs in HELD_BY.items()]
    lanes = AccountLanes(free, (), holds, NO_PLACES, NO_PLACES)
    in_lanes = [row[1] for row in lanes.rows(plan)]
    assert in_lanes == [1] * 5 + [0] * 9 + [2, 0]
    assert [lane.holds for lane in lanes.made] == [("h2",), ("h1",)]


@pytest.mark.parametrize(
    ("renamed", "repeating", "held"), [(16, 16, None), (17, 17, 17), (20, 16, None), (21, 16, 21)]
)
def test_the_few_who_repeat_a_grade_are_no_mass(
    renamed: int, repeating: int, held: int | None
) -> None:
    """Of 320 accounts sixteen are a twentieth; beside them five are too many, as ever."""
    holds = account_holds(renamed, 0, 320, Thresholds(), repeating=repeating)
    assert [hold.count for hold in holds] == ([] if held is None else [held])
