"""Overrides and exclusions: from the policy, and from a file with a bad line in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.accounts.looking import account, left_over, told
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene
from rollbook.cli.run_text import run_exit_code
from rollbook.config.account_lists import read_account_list
from rollbook.config.accounts import Accounts, Override
from rollbook.config.home import find_district
from rollbook.desk.districts import districts
from rollbook.desk.doctor import validate_config
from rollbook.desk.seasons import season
from rollbook.desk.views import DistrictState
from rollbook.errors import ConfigInvalid
from rollbook.notices import gathering
from rollbook.notices.templates import words_of
from rollbook.roster.accounts import AccountState
from rollbook.runs.account_rules import lists_of


def test_a_list_and_the_policy_together(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("\ufeffid,username,exclude\n1,chief,\n2,,yes\n3,other,x\n", encoding="utf-8")
    policy = Accounts.model_validate(
        {"overrides": {"1": {"username": "boss"}}, "exclude": ["9"], "file": str(file)}
    )
    overrides, excluded = lists_of(policy)
    assert excluded == {"2", "3", "9"}
    assert overrides == {
        "1": Override(username="boss"),
        "2": Override(),
        "3": Override(username="other"),
    }
    before = policy.revision()
    file.write_text("id,username\n1,other\n", encoding="utf-8")
    assert policy.revision() != before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the columns are missing"),
        ("name,username\n", "line 1: the columns are name, username"),
        ("id,id\n", "line 1"),
        ("id,username\n1\n", "line 2: 1 cells, the header has 2"),
        ("id,username\n,x\n", "line 2: the id is blank or there twice"),
        ("id,username\n1,x\n1,y\n", "line 3: the id is blank or there twice"),
        ("id,exclude\n1,perhaps\n", "line 2: exclude is neither yes nor no"),
        ("id,username\n1,a b\n", "line 2: username: is not in the form"),
        ('id,username\n1,"x\n', "cannot be read"),
    ],
)
def test_a_bad_list_is_refused_by_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=said):
        read_account_list(file)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_accounts_wait_for_a_list_and_records_do_not(accounts_scene: Scene, tmp_path: Path) -> None:
    scene, file = accounts_scene, tmp_path / "list.csv"
    scene.configure(notices={"to": ["desk@north.example.org"]})
    set_policy(scene, {**POLICY, "file": str(file)})
    gone = scene.sis.users["s1-04"]
    scene.sis.drop_user("s1-03")
    scene.sis.users["s1-02"]["familyName"] = "Kim"
    view = scene.sync()
    assert scene.users()["s1-02"]["family_name"] == "Kim"
    assert (told(view), view.accounts.unread, run_exit_code(view)) == ({}, True, 3)
    assert view.summary.message.endswith(
        "Accounts wait: the list beside their policy cannot be read."
    )
    [finding] = [f for f in view.findings if f.code == "account-list-unread"]
    assert "list.csv: cannot be read: No such file" in finding.message
    assert [check.ok for check in validate_config(scene.desk)] == [True, False]
    assert districts(scene.desk)[0].state is DistrictState.HELD
    assert "Accounts wait" in season(scene.desk, NORTH).will_do
    with scene.desk.store.read() as connection:
        waiting = gathering.waits(connection, find_district(scene.desk.home, NORTH), scene.clock())
    assert [found.event for found in waiting] == ["accounts"]
    assert words_of("accounts", {"name": "North", "district": NORTH}, tmp_path).spoilt == ()
    assert scene.sync().accounts.unread
    assert account(scene, "s1-03").state is AccountState.ACTIVE
    scene.sis.drop_user("s1-04")
    scene.sync()
    stranger = {"givenName": "Zoe", "familyName": "Stone", "identifier": "q1"}
    scene.sis.users["s1-04"] = {**gone, **stranger, "agents": ""}
    scene.sis.demographics["s1-04"] = {"birthDate": "2019-09-09"}
    assert told(scene.sync_through()) == {"vacate": 1}
    file.write_text("id,username,exclude\ns1-01,chief,\ns1-02,,yes\n", encoding="utf-8")
    view = scene.sync()
    assert (told(view), view.accounts.unread) == (
        {"create": 1, "rename": 1, "suspend": 1},
        False,
    )
    assert account(scene, "s1-01").username == "chief"
    assert account(scene, "s1-02").username == "gfamilys10236"
    assert account(scene, "s1-04").id == "s1-04~2"
    assert left_over(scene) == []


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_who_left_or_became_a_guardian_is_found_later(
    accounts_scene: Scene, tmp_path: Path
) -> None:
    scene, file = accounts_scene, tmp_path / "list.csv"
    file.write_text("id,exclude\ns1-03,yes\ns1-04,yes\n", encoding="utf-8")
    set_policy(scene, {**POLICY, "file": str(file)})
    scene.sync()
    scene.sis.drop_user("s1-03")
    becomes_a_parent(scene, "s1-04")
    assert told(scene.sync()) == {}
    file.unlink()
    becomes_a_parent(scene, "s1-05")
    assert told(scene.sync()) == {}
    file.write_text("id,exclude\n", encoding="utf-8")
    assert told(scene.sync()) == {"suspend": 3}
    assert {account(scene, f"s1-0{n}").state for n in (3, 4, 5)} == {AccountState.SUSPENDED}
    assert left_over(scene) == []


def becomes_a_parent(scene: Scene, person: str) -> None:
    """A student is one no more, and gives up all seats."""
    scene.sis.users[person] |= {"role": "parent", "grades": "", "agents": ""}
    for seat, row in list(scene.sis.enrollments.items()):
        if row["userSourcedId"] == person:
            del scene.sis.enrollments[seat]
