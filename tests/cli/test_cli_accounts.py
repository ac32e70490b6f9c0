"""Accounts on the command line, in a process of their own where exit codes matter."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.accounts.policies import POLICY, set_policy
from core.graded_sis import graded
from core.scene import Scene, new_scene
from core.small_sis import small_sis
from rollbook.cli import main
from rollbook.cli.hold_text import scope
from rollbook.desk.decisions import holds
from rollbook.desk.views import Kind, Verb


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A district with accounts, of whom one was renamed in its second run."""
    scene = new_scene(tmp_path_factory.mktemp("accounts"), graded(small_sis(1, 5, classes=1)))
    set_policy(scene, POLICY)
    scene.sync_through()
    scene.sis.users["s1-02"]["familyName"] = "[bold]O’Hara\x1b[31m"
    scene.sync()
    scene.close()
    return scene


def home(scene: Scene) -> tuple[str, str]:
    return "--home", str(scene.desk.home.root)


def told(scene: Scene, capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> str:
    assert main([*args, *home(scene)]) == code
    return capsys.readouterr().out


def test_lists_and_exports(
    scene: Scene, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = told(scene, capsys, "accounts", "north", "--search", "bold")
    assert "[bold]O’Hara" in page
    assert "\x1b" not in page
    found = json.loads(told(scene, capsys, "accounts", "north", "--role", "staff", "--json"))
    assert found["count"] == len(found["accounts"]) == 1
    assert found["accounts"][0]["username"] == "givents11.familyts11"
    file = tmp_path / "out.csv"
    told(scene, capsys, "accounts", "north", "-o", str(file))
    assert len(file.read_text(encoding="utf-8").splitlines()) == 7
    assert file.stat().st_mode & 0o777 == 0o600
    lines = told(scene, capsys, "accounts", "north", "--format", "ndjson").splitlines()
    assert len(lines) == 6


def test_what_a_run_does_to_accounts(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(scene, capsys, "accounts", "changes", "north.2", "--verb", "rename")
    assert page.startswith("rename     s1-02")
    assert "username: gfamilys10236 → email: " in page
    assert "username: gboldohara31m36" in page
    made = told(scene, capsys, "accounts", "changes", "north.1", "--verb", "create")
    assert "; password due: yes; " in made
    assert ": ;" not in made
    assert main(["accounts", "changes", "north.2", "--verb", "move", *home(scene)]) == 0
    assert "No account change fits that." in capsys.readouterr().err
    found = json.loads(told(scene, capsys, "accounts", "changes", "north.2", "--json"))
    assert [row["verb"] for row in found["changes"]] == ["rename"]
    run = json.loads(told(scene, capsys, "run", "show", "north.2", "--json"))
    assert run["changeset"]["consequences"]["rename"] == 1
    assert run["accounts"] == {
        "counts": {"rename": 1},
        "applied": {"rename": 1},
        "held": {},
        "paused": {},
        "unread": False,
    }


def test_history_sample_and_purge(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(scene, capsys, "accounts", "history", "north", "s1-02")
    assert "gfamilys10236" in page
    assert "still to be made" in page
    found = json.loads(told(scene, capsys, "accounts", "sample", "north", "--json"))
    assert found["school_year"] == 2026
    assert told(scene, capsys, "accounts", "sample", "north").count("gfamilys1") >= 4
    assert told(scene, capsys, "accounts", "purge", "north") == "No account is due to be deleted.\n"
    told(scene, capsys, "accounts", "purge", "north", "--confirm", "1", "--reason", "x", code=6)


def test_a_hold_of_accounts_is_about_accounts(scene: Scene) -> None:
    [first, *_] = holds(scene.desk, decided=True)
    assert scope(replace(first, kind=Kind.USER, verb=Verb.ADD, of_accounts=True)) == "add account"
