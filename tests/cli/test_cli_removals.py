"""A fifth of one school's students is missing from the next file."""

from pathlib import Path

import pytest

from cli.conftest import Call
from cli.program import Program
from rollbook.demo.days import drop_students, next_day
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster


def approve(rollbook: Program, hold: dict[str, object]) -> int:
    words = ("hold", "approve", str(hold["id"]), "--confirm", str(hold["count"]))
    return rollbook(*words, "--reason", "asked the office").code


def short_file(district: District, folder: Path) -> tuple[District, int]:
    """Tomorrow's set with three new students and a fifth of the first school's missing."""
    tomorrow = next_day(district, arrivals=3, moves=0, class_changes=0, edits=0)
    school = tomorrow.schools[0].id
    short = drop_students(tomorrow, school, 0.2)
    write_oneroster(short, folder)
    return short, len(tomorrow.students) - len(short.students)


def test_the_lane_is_held_the_rest_goes_in_and_a_right_approval_lets_it_through(
    settled: Call, rollbook: Program, northfield: District, tmp_path: Path
) -> None:
    short, missing = short_file(northfield, tmp_path / "drop")
    school = short.schools[0]
    answer = rollbook("sync", "northfield", "--json")
    run = answer.document
    assert answer.code == 3
    assert run["state"] == "HELD"
    [hold] = run["holds"]
    assert {name: hold[name] for name in ("rule", "kind", "verb", "school", "role", "state")} == {
        **{"rule": "R1", "kind": "user", "verb": "remove", "school": school.id},
        **{"role": "student", "state": "OPEN"},
    }
    assert hold["count"] == missing
    assert hold["percent"] == pytest.approx(100 * missing / hold["base"], abs=0.1)
    assert f"{missing}" in hold["why"]
    assert school.name in hold["why"]
    assert hold["cause"]
    assert hold["whole_run"] is False
    assert run["waiting"]["user"]["remove"] == missing
    assert run["applied"]["user"]["remove"] == 0
    assert run["applied"]["user"]["add"] >= 3
    held = settled("changes", run["run"], "--hold", hold["id"], "--kind", "user", "--json").document
    assert held["count"] == missing
    assert {row["verb"] for row in held["changes"]} == {"remove"}
    present = {student.id for student in short.students}
    newcomer = min(present - {student.id for student in northfield.students})
    assert settled("student", "northfield", newcomer, "--json").document["id"] == newcomer
    gone = min({student.id for student in northfield.students} - present)
    assert settled("student", "northfield", gone, "--json").document["removed"] is False

    wrong = rollbook(
        *("hold", "approve", hold["id"], "--confirm", str(missing + 1), "--reason", "x", "--json")
    )
    assert wrong.code == 6
    assert wrong.document["error"]["code"] == "stale"
    assert settled("hold", "show", hold["id"], "--json").document["state"] == "OPEN"
    stale_digest = settled(
        *("hold", "approve", hold["id"], "--confirm", str(missing), "--reason", "x"),
        *("--digest", "sha256:0000"),
    )
    assert stale_digest.code == 6

    assert approve(rollbook, hold) == 0
    assert settled("run", "show", run["run"], "--json").document["state"] == "APPLIED"
    assert settled("student", "northfield", gone, "--json").document["removed"] is True
    assert approve(rollbook, hold) == 6
    assert settled("audit", "verify").code == 0


def test_a_newer_file_makes_the_approval_stale(
    settled: Call, rollbook: Program, northfield: District, tmp_path: Path
) -> None:
    short, _ = short_file(northfield, tmp_path / "drop")
    [hold] = settled("sync", "northfield", "--json").document["holds"]
    shorter = drop_students(short, short.schools[0].id, 0.1)
    write_oneroster(shorter, tmp_path / "drop")
    newer = settled("sync", "northfield", "--json").document
    assert approve(rollbook, hold) == 6
    assert settled("hold", "show", hold["id"], "--json").document["state"] == "SUPERSEDED"
    [fresh] = newer["holds"]
    assert fresh["count"] > hold["count"]
    assert approve(rollbook, fresh) == 0


def test_what_is_approved_is_what_was_previewed(
    settled: Call, rollbook: Program, northfield: District, tmp_path: Path
) -> None:
    write_oneroster(next_day(northfield, leavers=2), tmp_path / "drop")
    preview = rollbook("sync", "northfield", "--preview", "--json")
    run = preview.document
    assert (preview.code, run["state"], run["preview"]) == (0, "READY", True)
    assert run["applied"]["user"] == {"add": 0, "update": 0, "remove": 0}
    applied = rollbook("apply", run["run"], "--json")
    assert (applied.code, applied.document["state"]) == (0, "APPLIED")
    assert applied.document["changeset"] == run["changeset"]
    verbs = ("add", "update", "remove")
    assert applied.document["applied"] == {
        kind: {verb: counts[verb] for verb in verbs}
        for kind, counts in run["changeset"]["counts"].items()
    }
    assert settled("apply", run["run"]).code == 6
