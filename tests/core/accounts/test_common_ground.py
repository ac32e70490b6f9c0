"""Accounts wait for a change of sessions or schools that waits, where their templates name it."""

from __future__ import annotations

from typing import Any

import pytest

from core.accounts.looking import account, rows, told
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import pausing
from rollbook.desk.views import Kind, Lane
from rollbook.directory.accounts import waiting
from rollbook.roster.accounts import AccountState

PLAIN: dict[str, Any] = {"student": {"username": "{given}.{id}", "length": 40}}


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    return accounts_scene


def sessions_wait(scene: Scene) -> None:
    pausing.pause(scene.desk, NORTH, kinds=(Kind.ACADEMIC_SESSION, Kind.ORG), reason="x")
    for session in scene.sis.tables["academicSessions"].values():
        session["title"] = f"{session['title']} term"
        session["endDate"] = "2026-05-29"
    scene.sis.tables["orgs"]["s2"]["name"] = "Lincoln"


def test_without_a_year_or_a_school_in_the_templates_nothing_waits(scene: Scene) -> None:
    set_policy(scene, PLAIN)
    configure_quietly(scene, thresholds={"rename_floor": 100})
    scene.sync_through()
    sessions_wait(scene)
    scene.sis.add_student("s1", "x1", grades="01")
    view = scene.sync()
    assert {row.verb: row.lane for row in rows(scene, view.summary.id)} == {"create": Lane.APPLIED}


def test_whether_an_account_is_in_use_waits_for_nothing_else(scene: Scene) -> None:
    sessions_wait(scene)
    scene.sis.add_student("s1", "x1", grades="01")
    scene.sis.drop_user("s1-01")
    view = scene.sync()
    assert told(view)["create"] == 1
    assert account(scene, "s1-01").state is AccountState.SUSPENDED
    with scene.desk.store.read() as connection:
        assert "x1" in waiting(connection, NORTH)


def test_a_preview_says_of_nobody_that_they_fit(scene: Scene) -> None:
    """Somebody fits as soon as a school has its old name again: not because a preview said so."""
    staff = {**POLICY["staff"], "username": "{given}.{family}"}
    set_policy(scene, {**POLICY, "staff": {**staff, "ou": "/People/{school_name}"}})
    configure_quietly(scene, thresholds={"move_floor": 1})
    view = scene.sync()
    assert view.holds
    set_policy(scene, POLICY)
    with scene.desk.store.read() as connection:
        before = set(waiting(connection, NORTH))
    assert before
    scene.sync(preview=True)
    with scene.desk.store.read() as connection:
        assert set(waiting(connection, NORTH)) == before
