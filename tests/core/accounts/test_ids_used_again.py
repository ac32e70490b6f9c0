"""An account never goes to another person than the one it was made for."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.accounts.looking import account, names_belong, rows, the_hold, told
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene
from rollbook.accounts.same_person import Identity, is_somebody_else
from rollbook.desk import decisions, pausing, relinking, undoing
from rollbook.desk.views import Kind, Verb
from rollbook.roster.accounts import AccountState, AccountVerb

ANN = Identity("Ann", "Lee", "7", "2015-01-02")


@pytest.mark.parametrize(
    ("now", "somebody_else"),
    [
        (ANN, False),
        (ANN._replace(given="ANN ", family="Leé"), False),
        (ANN._replace(family="Kim"), False),
        (ANN._replace(born="2015-02-01"), False),
        (ANN._replace(born=None), False),
        (ANN._replace(born=None, number=""), False),
        (ANN._replace(born=None, number="8"), True),
        (ANN._replace(born=None, given="Zoe"), True),
        (ANN._replace(born="2014-09-09", number="8"), True),
        (ANN._replace(born="2014-09-09", given="Zoe"), True),
        (Identity("Zoe", "Stone", "9", "2015-01-02"), True),
    ],
)
def test_who_is_the_same_person(now: Identity, somebody_else: bool) -> None:
    assert is_somebody_else(ANN, now) is somebody_else


def a_stranger(scene: Scene, person: str, number: int = 1) -> None:
    """Somebody else comes under an id."""
    scene.sis.add_student("s2", person, grades="01", identifier=f"q{number}")
    scene.sis.users[person] |= {"givenName": f"Zoe{number}", "familyName": f"Stone{number}"}
    scene.sis.demographics[person]["birthDate"] = "2019-09-09"


def test_a_stranger_gets_an_account_of_their_own(accounts_scene: Scene) -> None:
    scene = accounts_scene
    was = account(scene, "s1-01")
    scene.sis.drop_user("s1-01")
    scene.sync()
    a_stranger(scene, "s1-01")
    view = scene.sync()
    hold = the_hold(view, "C9")
    assert (hold.count, hold.verb, hold.whole_run) == (1, Verb.ADD, False)
    assert "Stone" not in hold.why
    assert "s1-01" not in scene.users()
    assert account(scene, "s1-01").id == "s1-01"
    assert the_hold(scene.sync(), "C9").count == 1
    view = scene.approve(the_hold(scene.sync(), "C9"))
    assert told(view) == {"vacate": 1, "create": 1}
    assert [(f.code, f.record_id) for f in view.findings if f.code == "id-used-again"] == [
        ("id-used-again", "s1-01")
    ]
    now, left = account(scene, "s1-01"), account(scene, "s1-01~former")
    assert (now.id, now.username, now.state) == ("s1-01~2", "zstone137", AccountState.ACTIVE)
    assert (left.id, left.username, left.state) == ("s1-01", was.username, AccountState.SUSPENDED)
    assert left.delete_on is not None
    names_belong(scene)
    swapped = {"givenName": "Max", "familyName": "Moore", "identifier": "q2"}
    scene.sis.users["s1-01"] |= swapped
    assert told(scene.sync()) == {"rename": 1}
    scene.sis.users["s1-01"] |= {"givenName": "Eve", "familyName": "Adams"}
    scene.sis.demographics["s1-01"]["birthDate"] = "2011-01-01"
    hold = the_hold(scene.sync(), "C9")
    assert hold.verb is Verb.UPDATE
    assert scene.users()["s1-01"]["given_name"] == "Max"
    scene.approve(hold)
    assert account(scene, "s1-01").id == "s1-01~3"
    assert account(scene, "s1-01~2~former").username == "mmoore37"
    names_belong(scene)


def test_what_is_theirs_waits_with_a_stranger_night_after_night(accounts_scene: Scene) -> None:
    scene = accounts_scene
    for class_id in ("c-x", "c-y"):
        scene.sis.classes[class_id] = dict(scene.sis.classes["c-s1-1"])
        scene.sis.enroll("s1-01", class_id)
    scene.sync()
    before = of_theirs(scene)
    pause = pausing.pause(scene.desk, NORTH, kinds=(Kind.USER,), reason="x")
    scene.sis.drop_class("c-x")
    scene.sis.users["s1-01"] |= {"givenName": "Eve", "familyName": "Adams", "agents": "g-s1-02"}
    scene.sis.demographics["s1-01"]["birthDate"] = "2011-01-01"
    del scene.sis.enrollments["e-s1-01-c-s1-1"]
    scene.sis.enrollments["e-s1-01-c-y"]["classSourcedId"] = "c-s1-1"
    scene.sis.enroll("s1-01", "c-s2-1")
    view = scene.sync()
    assert view.holds == ()
    assert "c-x" not in scene.held()[Kind.CLASS]
    left = of_theirs(scene)
    assert left == before - {("e-s1-01-c-x", "c-x")}
    pausing.resume(scene.desk, pause.id)
    hold = the_hold(scene.sync(), "C9")
    assert hold.covers == {
        "add": {"enrollment": 1, "guardian": 1},
        "remove": {"enrollment": 1, "guardian": 1},
        "update": {"demographics": 1, "enrollment": 1, "user": 1},
    }
    decisions.reject(scene.desk, hold.id, reason="somebody else")
    scene.sis.users["s1-09"]["phone"] = "555"
    view = scene.sync()
    assert of_theirs(scene) == left
    view = scene.approve(the_hold(view, "C9"))
    assert told(view) == {"vacate": 1, "create": 1}
    assert of_theirs(scene) == {
        ("given_name", "Eve"),
        ("birth_date", "2011-01-01"),
        ("g-s1-02", "s1-01"),
        ("e-s1-01-c-y", "c-s1-1"),
        ("e-s1-01-c-s2-1", "c-s2-1"),
    }


def of_theirs(scene: Scene) -> set[tuple[object, object]]:
    """The name, the birthday, the guardians and the seats under one id."""
    held = scene.held()
    links, seats = held[Kind.GUARDIAN].values(), held[Kind.ENROLLMENT].items()
    return {
        ("given_name", held[Kind.USER]["s1-01"]["given_name"]),
        ("birth_date", held[Kind.DEMOGRAPHICS]["s1-01"]["birth_date"]),
        *((v["guardian_id"], "s1-01") for v in links if v["student_id"] == "s1-01"),
        *((seat, v["class_id"]) for seat, v in seats if v["user_id"] == "s1-01"),
    }


def test_many_strangers_wait_and_no_former_account_is_opened(accounts_scene: Scene) -> None:
    scene = accounts_scene
    ids = scene.sis.students()[:6]
    for person in ids:
        scene.sis.drop_user(person)
    scene.sync_through()
    for number, person in enumerate(ids):
        a_stranger(scene, person, number)
    view = scene.sync()
    for hold in [hold for hold in view.holds if not hold.of_accounts]:
        view = scene.approve(hold)
    hold = the_hold(view, "C1")
    assert (hold.count, hold.covers) == (6, {"create": {"account": 6}})
    for person in ids:
        assert account(scene, f"{person}~former").state is AccountState.SUSPENDED
    scene.sis.drop_user(ids[5])
    hold = the_hold(scene.sync(), "C1")
    assert hold.count == 5
    scene.sis.drop_user(ids[4])
    hold = the_hold(scene.sync(), "C1")
    assert (hold.count, "4 of which were held before" in hold.why) == (4, True)
    scene.approve(hold)
    assert account(scene, ids[0]).id == f"{ids[0]}~2"


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_many_strangers_wait_when_the_list_is_back(accounts_scene: Scene, tmp_path: Path) -> None:
    scene, file = accounts_scene, tmp_path / "list.csv"
    ids = scene.sis.students()[:6]
    for person in ids:
        scene.sis.drop_user(person)
    scene.sync_through()
    set_policy(scene, {**POLICY, "file": str(file)})
    for number, person in enumerate(ids):
        a_stranger(scene, person, number)
    assert told(scene.sync_through()) == {"vacate": 6}
    file.write_text("id,username\n", encoding="utf-8")
    view = scene.sync()
    assert (told(view), the_hold(view, "C1").count) == ({"create": 6}, 6)
    assert view.accounts.applied == {}


def test_a_child_that_is_re_linked_keeps_the_own_account(accounts_scene: Scene) -> None:
    """The new id had an account once, of a child who has left."""
    scene = accounts_scene
    left, own = account(scene, "s1-01"), account(scene, "s1-02")
    scene.sis.drop_user("s1-01")
    scene.sync()
    for student in scene.sis.students("s1"):
        scene.sis.rekey(student, "s1-01" if student == "s1-02" else f"new-{student}")
    view = scene.sync()
    hold = the_hold(view, "R4")
    plan = relinking.relink_preview(scene.desk, hold.id)
    for desk in (scene.desk, scene.at("lee")):
        if AccountVerb.RELINK not in view.accounts.applied:
            view = relinking.relink(desk, hold.id, confirm=plan.count, reason="x", digest=None)
    assert told(view) == {"vacate": 1, "relink": 14}
    assert [row.account for row in rows(scene, view.summary.id, verb=AccountVerb.VACATE)] == [
        "s1-01"
    ]
    now = account(scene, "s1-01")
    assert (now.id, now.username, now.state) == ("s1-02", own.username, AccountState.ACTIVE)
    assert account(scene, "s1-01~former").username == left.username
    names_belong(scene)
    undoing.undo(scene.desk, view.summary.id, reason="x")
    assert account(scene, "s1-02").username == own.username
    names_belong(scene)
