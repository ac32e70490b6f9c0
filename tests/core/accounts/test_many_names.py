"""Where many people are looked at, the whole ledger is read once, and gives the same names."""

from __future__ import annotations

import json

import pytest

from core.accounts.looking import account, derived, ledger, names_belong, the_hold
from core.accounts.policies import POLICY, set_policy
from core.scene import Scene
from rollbook.runs import given_names


def by_initial(scene: Scene) -> None:
    """A policy under which all students of a grade want one and the same name."""
    student = {**POLICY["student"], "username": "{given.1}{grad.2}"}
    set_policy(scene, {**POLICY, "student": student})


def test_the_ledger_at_once_is_the_ledger_name_by_name(
    accounts_scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = accounts_scene
    first = account(scene, "s1-01").username
    by_initial(scene)
    scene.approve(the_hold(scene.sync(), "C1"))
    given = ledger(scene)
    assert {given["username", f"g37{number}"] for number in ("", 2, 3)} <= set(given.values())
    set_policy(scene, POLICY)
    for person in ("n1", "n2"):
        scene.sis.add_student("s1", person, grades="01", givenName="G", familyName="Familys101")
    by_name = derived(scene)
    monkeypatch.setattr(given_names, "MANY", 1)
    assert derived(scene) == by_name
    back = {one.person: json.loads(one.after)["username"] for one in by_name}
    assert back["s1-01"] == first, "an account gets its own name back"
    scene.sync_through()
    assert account(scene, "s1-01").username == first
    assert len({account(scene, one).username for one in ("n1", "n2", "s1-01")}) == 3
    names_belong(scene)
