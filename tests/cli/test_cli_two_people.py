"""On the command line: what wants two people, and what comes back under new ids."""

from pathlib import Path

import pytest

from cli.conftest import Call
from core.small_sis import SmallSis, small_sis


@pytest.fixture
def sis() -> SmallSis:
    return small_sis()


@pytest.fixture
def north(call: Call, sis: SmallSis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """A small district in the directory, with Sam at the keyboard."""
    monkeypatch.setattr("rollbook.desk.desk.login", lambda: "sam")
    call("district", "add", "north", "--name", "North", "--path", sis.write(tmp_path / "drop"))
    [hold] = call("sync", "north", "--json").document["holds"]
    decide(call, hold)
    return call


def decide(call: Call, hold: dict[str, object], verb: str = "approve") -> int:
    words = ("hold", verb, str(hold["id"]), "--confirm", str(hold["count"]), "--reason", "seen")
    return call(*words).code


def test_exit_codes_of_two_people(
    north: Call, sis: SmallSis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sis.drop_students("s1", 15)
    sis.write(tmp_path / "drop")
    [hold] = north("sync", "north", "--json").document["holds"]
    assert (hold["approvers"], hold["missing"], hold["approvals"]) == (2, 2, [])
    assert decide(north, hold) == 3
    assert decide(north, hold) == 5
    shown = north("hold", "show", hold["id"])
    assert "wants 2 people; 1 of 2: sam at " in shown.out
    monkeypatch.setattr("rollbook.desk.desk.login", lambda: "lee")
    assert decide(north, hold) == 0
    assert decide(north, hold) == 6
    document = north("hold", "show", hold["id"], "--json").document
    assert [approval["who"] for approval in document["approvals"]] == ["sam", "lee"]
    assert "sam at " in north("hold", "show", hold["id"]).out


def test_a_re_key_is_shown_and_then_re_linked(north: Call, sis: SmallSis, tmp_path: Path) -> None:
    for student in sis.students("s1"):
        sis.rekey(student, f"x-{student}")
    sis.write(tmp_path / "drop")
    answer = north("sync", "north", "--json")
    assert answer.code == 3
    hold = next(hold for hold in answer.document["holds"] if hold["rule"] == "R4")
    assert hold["relinkable"] is True
    plan = north("hold", "relink", hold["id"])
    assert plan.code == 0
    assert "30 user" in plan.out
    assert "s1-01" in plan.out
    assert f"hold relink {hold['id']} --confirm 30 --reason WHY" in plan.out
    document = north("hold", "relink", hold["id"], "--json").document
    assert (document["count"], document["doubtful"]) == (30, 0)
    assert ["user", "s1-01", "x-s1-01"] in document["pairs"]
    words = ("hold", "relink", hold["id"], "--reason", "new ids", "--json", "--confirm")
    assert north(*words, "29").code == 6
    assert north(*words, "30", "--digest", "sha256:other").code == 6
    done = north(*words, "30", "--digest", document["digest"])
    assert done.code == 0
    assert done.document["state"] == "APPLIED"
    assert north("sync", "north", "--json").document["state"] == "NOOP"
    assert north("holds", "--json").document == []


def test_what_is_no_re_key_is_wrong_usage(north: Call, sis: SmallSis, tmp_path: Path) -> None:
    sis.drop_students("s1", 6)
    sis.write(tmp_path / "drop")
    [hold] = north("sync", "north", "--json").document["holds"]
    assert north("hold", "relink", hold["id"]).code == 2
    assert north("hold", "relink", hold["id"], "--confirm", "6", "--reason", "x").code == 2
