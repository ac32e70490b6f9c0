"""What is typed wrong, and what may not be done."""

from pathlib import Path

import pytest

from cli.conftest import Call
from rollbook.cli import groups
from rollbook.config.home import Home
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster
from rollbook.directory.store import open_store, sqlite_url
from rollbook.runs.lock import district_lock

NAME = "Ada Lovelace"


@pytest.mark.parametrize(
    "args",
    [
        ("sync",),
        ("sync", "northfield", "--all"),
        ("sync", "nowhere"),
        ("district", "show", "nowhere"),
        ("district", "add", "North Field", "--name", "x", "--path", "/tmp"),
        ("district", "add", "north", "--name", "x", "--path", "/tmp", "--timezone", "Mars"),
        ("hold", "approve", "northfield.1.h1", "--confirm", "many", "--reason", "x"),
        ("hold", "approve", "northfield.1.h1", "--confirm", "3"),
        ("hold", "show", "nowhere.1.h1"),
        ("run", "show", "nowhere.1"),
        ("apply", "nowhere.1"),
        ("changes", "nowhere.1"),
        ("changes", "nowhere.1", "--kind", "pupil"),
        ("changes", "nowhere.1", "--format", "csv", "--json"),
        ("pause", "northfield", "--from", "31.8.2026", "--reason", "x"),
        ("resume", "nowhere.p1"),
        ("undo", "nowhere.1"),
        ("student", "nowhere", "1"),
        ("merge", "nowhere", "1", "2"),
        ("split", "nowhere.m1"),
        ("checklist", "nowhere"),
        ("checklist", "nowhere", "end-of-year", "--note", "x"),
        ("completion", "tcsh"),
        ("console", "--json"),
        ("hold",),
        ("--nonsense",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_2_and_one_document(args: tuple[str, ...], call: Call) -> None:
    answer = call(*args, "--json")
    assert answer.code == 2
    error = answer.document["error"]
    assert set(error) == {"code", "message", "remedy", "file", "line", "field"}
    assert error["code"] in ("usage", "not-found", "config-invalid")
    assert error["message"]
    told = call(*(arg for arg in args if arg != "--json"))
    if "--json" not in args:
        assert told.code == 2
        assert told.out == ""
        assert told.err.startswith("rollbook: ")
        assert told.err.count("\n") == 1


def test_global_options_stand_before_or_after_the_command(
    call: Call, tmp_path: Path, northfield: District
) -> None:
    drop = write_oneroster(northfield, tmp_path / "drop")
    call("district", "add", "northfield", "--name", "Northfield", "--path", drop)
    home, other = tmp_path / "home", tmp_path / "other"
    before = call("--home", home, "--json", "districts")
    after = call("districts", "--json", "--home", home)
    assert before == after
    assert [district["id"] for district in after.document] == ["northfield"]
    assert call("--home", other, "districts", "--json").document == []
    assert call("--home", other, "districts", "--json", "--home", home).out == after.out
    assert (
        call("audit", "--json", "--limit", "1").document
        == call("--json", "audit", "list", "--limit", "1").document
    )


def test_a_read_only_program_writes_nothing(settled: Call, tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    audit = settled("audit", "--json").out
    for args in (
        ("sync", "northfield"),
        ("sync", "--all"),
        ("district", "add", "lakeside", "--name", "Lakeside", "--path", str(drop)),
        ("pause", "northfield", "--reason", "x"),
        ("undo", "northfield.1", "--reason", "x"),
        ("hold", "reject", "northfield.1.h1", "--reason", "x"),
        ("run", "reject", "northfield.1", "--reason", "x"),
        ("checklist", "northfield", "first-sync", "--done", "x"),
        ("demo", "--headless"),
    ):
        answer = settled("--read-only", *args, "--json")
        assert answer.code == 5, args
        assert answer.document["error"]["code"] == "not-permitted"
    assert not (tmp_path / "home" / "districts" / "lakeside.toml").exists()
    assert settled("--read-only", "audit", "--json").out == audit
    assert settled("--read-only", "districts").code == 0


def test_a_run_that_is_under_way_is_not_joined(settled: Call, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    store = open_store(sqlite_url(home.store))
    with district_lock(store, home.locks, "northfield"):
        answer = settled("sync", "northfield", "--json")
    assert answer.code == 1
    store.close()
    assert answer.document["error"]["code"] == "busy"
    assert settled("sync", "northfield").code == 0


def test_the_console_needs_a_terminal_and_names_its_twins(call: Call) -> None:
    for args in ((), ("console",), ("demo",)):
        answer = call(*args)
        assert answer.code == 2
        assert "rollbook districts" in answer.err
        assert "rollbook hold approve HOLD" in answer.err
    assert call("--json").code == 2


def test_what_nobody_reckoned_with_is_one_line_and_a_log(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise ZeroDivisionError(NAME)

    monkeypatch.setattr(groups.LazyGroup, "get_command", fail)
    answer = call("districts")
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.startswith("rollbook: rollbook failed (ZeroDivisionError). What happened is")
    [log] = (tmp_path / "home" / "logs").glob("fault-*.log")
    assert NAME not in answer.err + log.read_text(encoding="utf-8")
    assert call("districts", "--json").document["error"]["code"] == "fault"


def test_a_store_that_cannot_be_opened_is_told_without_its_password(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLLBOOK_STORE", "nonsense://desk:hunter2@db/rollbook")
    answer = call("districts", "--json")
    assert answer.code in (1, 2)
    assert answer.document["error"]["message"]
    assert "hunter2" not in answer.out + answer.err


def test_lists_and_pauses_of_what_is_not_there_say_what_to_type(settled: Call) -> None:
    for command in ("runs", "holds", "pauses", "plans", "notices"):
        found = settled(command, "nope")
        assert found.code == 2
        assert "no district 'nope'. Districts here: northfield" in found.err
    assert settled("plans", "northfield").code == 0
    found = settled("pause", "northfield", "--until", "soon", "--reason", "summer")
    assert found.code == 2
    assert "--until: 'soon' is no date; write ready, or" in found.err
    found = settled("pause", "northfield", "--school", "nope", "--reason", "summer")
    assert "by the id that it has in the SIS" in found.err
    found = settled("accounts", "northfield")
    assert found.code == 0
    assert "northfield has no accounts yet" in found.err
    assert "[accounts.student]" in found.err
    assert "No account fits" in settled("accounts", "northfield", "--search", "x").err
