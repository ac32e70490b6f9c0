"""The other acts of an operator: pauses, people, checklists, snoozing, exporting, looking."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.conftest import Call
from rollbook.cli.commands.pause import PRESETS
from rollbook.cli.commands.sync import URGENCY
from rollbook.demo.days import drop_students, next_day
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster
from rollbook.desk import pausing


@pytest.fixture
def held(settled: Call, northfield: District, tmp_path: Path) -> tuple[Call, dict[str, object]]:
    """The program with a held removal, and its hold."""
    short = drop_students(northfield, northfield.schools[0].id, 0.2)
    write_oneroster(short, tmp_path / "drop")
    [hold] = settled("sync", "northfield", "--json").document["holds"]
    return settled, hold


def test_a_pause_keeps_its_lane_back_until_it_is_ended(
    settled: Call, northfield: District, tmp_path: Path
) -> None:
    made = settled("pause", "northfield", "--verb", "remove", "--reason", "not final", "--json")
    assert made.code == 0
    pause = made.document
    assert (pause["verbs"], pause["active"], pause["reason"]) == (["remove"], True, "not final")
    tomorrow = next_day(northfield, arrivals=2, leavers=3, class_changes=0, moves=0)
    write_oneroster(tomorrow, tmp_path / "drop")
    run = settled("sync", "northfield", "--json").document
    assert run["state"] == "APPLIED"
    assert run["pauses"] == [pause["id"]]
    assert run["waiting"]["user"]["remove"] >= 3
    assert run["applied"]["user"]["remove"] == 0
    assert run["applied"]["user"]["add"] >= 2
    assert [p["id"] for p in settled("pauses", "northfield", "--json").document] == [pause["id"]]
    assert pause["id"] in settled("pauses").out
    ended = settled("resume", pause["id"], "--json").document
    assert ended["resumed_at"].endswith("Z")
    assert settled("pauses", "--json").document == []
    assert len(settled("pauses", "--ended", "--json").document) == 1
    after = settled("sync", "northfield", "--json").document
    assert after["applied"]["user"]["remove"] >= 3


def test_the_presets_are_the_desks() -> None:
    assert set(PRESETS) == set(pausing.PRESETS)


def test_a_preset_has_dates_in_words(settled: Call) -> None:
    made = settled(
        *("pause", "northfield", "--preset", "summer", "--from", "2030-06-10"),
        *("--to", "2030-08-20", "--reason", "summer break"),
    )
    assert made.code == 0
    assert "2030-06-10" in made.out
    assert "2030-08-20" in made.out
    assert "rollbook resume northfield.p1" in made.err


def test_a_hold_is_snoozed_exported_and_rejected(
    held: tuple[Call, dict[str, object]], tmp_path: Path
) -> None:
    call, hold = held
    hold_id = str(hold["id"])
    before = datetime.now(UTC)
    snoozed = call("hold", "snooze", hold_id, "--until", "8h", "--json").document
    assert snoozed["state"] == "SNOOZED"
    until = datetime.fromisoformat(snoozed["snoozed_until"])
    assert timedelta(hours=8) <= until - before < timedelta(hours=8, minutes=5)
    dated = call("hold", "snooze", hold_id, "--until", "2099-06-01", "--json").document
    assert dated["snoozed_until"] == "2099-06-01T05:00:00Z"
    assert call("hold", "snooze", hold_id, "--until", "2001-01-01").code == 2
    assert [h["id"] for h in call("holds", "--json").document] == [hold_id]

    file = tmp_path / "held.csv"
    exported = call("hold", "export", hold_id, file, "--json").document
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert exported["rows"] == len(rows)
    assert sum(row["kind"] == "user" for row in rows) == hold["count"]

    rejected = call("hold", "reject", hold_id, "--reason", "the export was cut off", "--json")
    assert rejected.code == 0
    assert rejected.document["holds"][0]["state"] == "REJECTED"
    assert call("hold", "reject", hold_id, "--reason", "again").code == 6
    assert call("holds", "--json").document == []
    assert call("holds", "--decided", "--json").document[-1]["reason"] == "the export was cut off"


def test_a_hold_is_told_in_words_with_what_to_type(
    held: tuple[Call, dict[str, object]], northfield: District
) -> None:
    call, hold = held
    listed = call("holds")
    assert str(hold["id"]) in listed.out
    assert f"rollbook hold show {hold['id']}" in listed.err
    told = call("hold", "show", str(hold["id"])).out
    assert northfield.schools[0].name in told
    assert f"rollbook hold approve {hold['id']} --confirm {hold['count']} --reason" in told
    assert f"{hold['count']} of {hold['base']}" in told


def test_two_people_become_one_and_two_again(
    settled: Call, northfield: District, tmp_path: Path
) -> None:
    first, second, *_ = northfield.students
    twin = replace(
        second, given=first.given, family=first.family, birth_date=first.birth_date, number="X1"
    )
    others = tuple(s for s in northfield.students if s.id != second.id)
    write_oneroster(replace(northfield, students=(*others, twin)), tmp_path / "drop")
    settled("sync", "northfield")
    pairs = settled("duplicates", "northfield", "--json").document
    [pair] = [p for p in pairs if {p["a"], p["b"]} == {first.id, second.id}]
    assert pair["role"] == "student"
    assert pair["evidence"]

    card = settled("student", "northfield", first.id, "--json").document
    choice = ("merge", "northfield", first.id, second.id, "--take", "identifier")
    preview = settled(*choice, "--preview", "--json").document
    assert (preview["keep"]["id"], preview["lose"]["id"]) == (first.id, second.id)
    moved = preview["enrollments_moved"]
    merged = settled(
        *choice, "--token", preview["token"], "--reason", "one birth certificate", "--json"
    )
    assert merged.code == 0
    merge = merged.document
    assert (merge["keep"], merge["lose"], merge["state"]) == (first.id, second.id, "ACTIVE")
    one = settled("student", "northfield", first.id, "--json").document
    assert one["values"]["identifier"] == "X1"
    assert len(one["enrollments"]) == len(card["enrollments"]) + moved
    assert settled("sync", "northfield", "--json").document["state"] == "NOOP"
    stale = settled(
        "merge", "northfield", first.id, second.id, "--token", preview["token"], "--reason", "x"
    )
    assert stale.code == 6
    assert [m["id"] for m in settled("merges", "northfield", "--json").document] == [merge["id"]]

    assert settled("split", merge["id"], "--reason", "twins after all").code == 0
    assert settled("student", "northfield", first.id, "--json").document["values"] == card["values"]
    assert settled("distinct", "northfield", first.id, second.id).code == 0
    left = settled("duplicates", "northfield", "--json").document
    assert not [p for p in left if {p["a"], p["b"]} == {first.id, second.id}]


def test_a_checklist_is_shown_ticked_and_printed(settled: Call, tmp_path: Path) -> None:
    lists = settled("checklist", "northfield", "--json").document
    assert {"end-of-year", "roll-up", "first-sync", "blackout"} < {c["name"] for c in lists}
    view = settled("checklist", "northfield", "end-of-year", "--json").document
    step = next(s for s in view["steps"] if not s["automatic"])
    ticked = settled(
        *("checklist", "northfield", "end-of-year", "--done", step["id"]),
        *("--note", "board, 12 June", "--json"),
    ).document
    done = next(s for s in ticked["steps"] if s["id"] == step["id"])
    assert (done["state"], done["note"]) == ("done", "board, 12 June")
    assert done["done_by"]
    text = settled("checklist", "northfield", "end-of-year", "--markdown").out
    assert "- [x]" in text
    assert (
        settled("checklist", "northfield", "end-of-year", "--export", tmp_path / "a.md").code == 0
    )
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == text
    noted = ("--note-on", "paused", "--note", "from 5 June")
    assert "from 5 June" in settled("checklist", "northfield", "end-of-year", *noted).out
    assert "board, 12 June" in settled("checklist", "northfield", "end-of-year").out
    undone = settled(
        "checklist", "northfield", "end-of-year", "--undone", step["id"], "--json"
    ).document
    assert next(s for s in undone["steps"] if s["id"] == step["id"])["state"] == "open"
    both = ("--done", step["id"], "--undone", step["id"])
    assert settled("checklist", "northfield", "end-of-year", *both).code == 2


def test_several_districts_answer_with_a_list_and_the_most_urgent_code(
    settled: Call, northfield: District, tmp_path: Path
) -> None:
    drop = write_oneroster(northfield, tmp_path / "lakeside")
    (drop / "users.csv").write_bytes(b"")
    settled("district", "add", "lakeside", "--name", "Lakeside", "--path", drop)
    (tmp_path / "home" / "districts" / "broken.toml").write_text("name = ", encoding="utf-8")
    answer = settled("sync", "--all", "--json")
    assert answer.code == 4
    ended = {document["district"]: document for document in answer.document}
    assert ended["northfield"]["state"] == "NOOP"
    assert ended["lakeside"]["state"] == "INPUT_REFUSED"
    assert ended["broken"]["error"]["code"] == "config-invalid"
    assert settled("sync", "northfield", "nowhere", "--json").code == 2
    assert URGENCY[-1] == 0
    assert len(settled("sync", "northfield", "northfield", "--json").document) == 2
    assert settled("config", "validate").code == 2
    states = {d["id"]: d["state"] for d in settled("districts", "--json").document}
    assert (states["broken"], states["lakeside"]) == ("broken", "refused")


@pytest.mark.parametrize("written", ["oneroster-csv", "oneroster_csv"])
def test_a_source_may_be_written_with_either_mark(written: str, call: Call, tmp_path: Path) -> None:
    added = call(
        "district", "add", "x", "--name", "X", "--source", written, "--path", tmp_path, "--json"
    )
    assert added.document["source_type"] == "oneroster-csv"


def test_looking_shows_what_was_done(settled: Call, tmp_path: Path) -> None:
    runs = settled("runs", "northfield", "--json").document
    assert [run["run"] for run in runs] == ["northfield.1"]
    assert "northfield.1" in settled("runs").out
    shown = settled("run", "show", "northfield.1", "--json").document
    assert shown["run"] == "northfield.1"
    assert "northfield.1  APPLIED" in settled("run", "show", "northfield.1").out
    detail = settled("district", "show", "northfield", "--json").document
    assert detail["counts"]["org"] == 4
    assert len(detail["schools"]) == 3
    assert settled("district", "check", "northfield").code == 0
    checked = settled("doctor", "--json")
    assert (checked.code, checked.document["ok"]) == (0, True)
    assert settled("config", "validate", "--json").document["ok"] is True
    paths = settled("paths", "--json").document
    assert paths["store"] == str(tmp_path / "home" / "store.db")
    events = [entry["event"] for entry in settled("audit", "northfield", "--json").document]
    assert any("hold" in event for event in events)
    assert settled("audit", "northfield", "--limit", "2").out.count("\n") == 3
    verdict = settled("audit", "verify", "--json").document
    assert verdict["ok"] is True
    assert verdict["entries"] >= len(events)


def test_changes_are_filtered_and_streamed(settled: Call, northfield: District) -> None:
    school = northfield.schools[0]
    students = [s for s in northfield.students if s.school_id == school.id]
    listed = settled(
        *("changes", "northfield.1", "--kind", "user", "--verb", "add"),
        *("--school", school.id, "--json"),
    ).document
    assert listed["run"] == "northfield.1"
    assert listed["digest"].startswith("sha256:")
    ids = {row["id"] for row in listed["changes"]}
    assert {student.id for student in students} <= ids
    assert listed["count"] == len(listed["changes"])
    one = students[0]
    search = settled(
        "changes", "northfield.1", "--kind", "user", "--search", one.id.upper(), "--json"
    ).document
    assert [row["id"] for row in search["changes"]] == [one.id]
    everything = settled("changes", "northfield.1", "--format", "ndjson").out
    whole = settled("changes", "northfield.1", "--json").document
    assert everything.count("\n") == whole["count"]
    table = settled("changes", "northfield.1", "--kind", "org").out
    assert table.startswith("+ add    org")
    assert table.count("\n") == 4
