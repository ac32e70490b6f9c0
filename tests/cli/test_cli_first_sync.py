"""A district's OneRoster set goes in: added, previewed, held as a first run, approved, there."""

from pathlib import Path

import pytest

from cli.conftest import Call
from cli.program import Program
from rollbook.demo.shape import District
from rollbook.demo.write import Version, write_oneroster, write_zip


@pytest.mark.parametrize(("version", "packed"), [("1.1", False), ("1.2", True)])
def test_the_first_run_waits_for_a_person_and_then_goes_in(
    rollbook: Program,
    call: Call,
    northfield: District,
    tmp_path: Path,
    version: Version,
    packed: bool,
) -> None:
    if packed:
        drop = write_zip(northfield, tmp_path / "northfield.zip", version)
    else:
        drop = write_oneroster(northfield, tmp_path / "drop", version)
    people = len(northfield.students) + len(northfield.guardians) + len(northfield.staff)
    added = rollbook(
        *("district", "add", "northfield", "--name", "Northfield Public Schools"),
        *("--timezone", "America/Chicago", "--source", "oneroster-csv", "--path", drop, "--json"),
    )
    assert (added.code, added.document["id"], added.document["state"]) == (0, "northfield", "new")

    first = rollbook("sync", "northfield", "--json")
    run = first.document
    assert first.code == 3
    assert run["state"] == "HELD"
    assert run["district"] == "northfield"
    users = run["changeset"]["counts"]["user"]
    assert (users["before"], users["incoming"], users["add"]) == (0, people, people)
    assert run["applied"]["user"] == {"add": 0, "update": 0, "remove": 0}
    assert run["waiting"]["user"]["add"] == people
    assert set(run["changeset"]["schools"]) >= {school.id for school in northfield.schools}
    assert run["changeset"]["digest"].startswith("sha256:")
    assert set(run["timings"]) >= {"fetch", "stage", "compare", "judge", "apply", "total"}
    [hold] = run["holds"]
    assert (hold["rule"], hold["state"], hold["school"], hold["whole_run"]) == (
        *("R9", "OPEN", None, True),
    )
    assert call("districts", "--json").document[0]["students"] == 0

    told = call("hold", "show", hold["id"])
    assert told.code == 0
    assert "This is the first run of northfield" in told.out
    assert f"rollbook hold approve {hold['id']} --confirm {hold['count']}" in told.out

    approved = rollbook(
        *("hold", "approve", hold["id"], "--confirm", str(hold["count"])),
        *("--digest", run["changeset"]["digest"], "--reason", "counts as in the SIS", "--json"),
    )
    assert approved.code == 0
    assert approved.document["state"] == "APPLIED"
    assert approved.document["applied"]["user"]["add"] == people
    assert approved.document["generation"] > run["generation"]

    [district] = call("districts", "--json").document
    assert (district["students"], district["schools"]) == (180, 3)
    again = call("sync", "northfield", "--json")
    assert (again.code, again.document["state"]) == (0, "NOOP")
    assert call("audit", "verify").code == 0


def test_a_person_at_a_terminal_is_told_what_to_do_next(
    call: Call, northfield: District, tmp_path: Path
) -> None:
    drop = write_oneroster(northfield, tmp_path / "drop")
    added = call("district", "add", "northfield", "--name", "Northfield", "--path", drop)
    assert "rollbook sync northfield --preview" in added.err
    held = call("--home", tmp_path / "home", "sync", "northfield")
    assert held.code == 3
    assert "R9 first run" in held.out
    assert "likely cause" in held.out
    home = tmp_path / "home"
    assert f"rollbook --home {home} hold approve northfield.1.h1 --confirm" in held.out
    assert "northfield: reading the source" in held.err
    assert "reading" not in held.out


def test_a_preview_is_turned_down_and_made_again(
    call: Call, northfield: District, tmp_path: Path
) -> None:
    drop = write_oneroster(northfield, tmp_path / "drop")
    call("district", "add", "northfield", "--name", "Northfield", "--path", drop)
    preview = ("sync", "northfield", "--preview", "--json")
    made = call(*preview).document
    because = ("--reason", "the file of last year")
    other = call("run", "reject", "northfield.1", *because, "--digest", "sha256:0")
    assert other.code == 6
    rejected = call("run", "reject", "northfield.1", *because, "--json")
    assert rejected.code == 0
    assert rejected.document["state"] == "REJECTED"
    assert [hold["state"] for hold in rejected.document["holds"]] == ["REJECTED"]
    assert not any(any(verbs.values()) for verbs in rejected.document["applied"].values())
    assert call("run", "reject", "northfield.1", *because).code == 6
    assert call("apply", "northfield.1").code == 6
    [told] = [e for e in call("audit", "--json").document if e["event"] == "run.rejected"]
    assert told["body"]["reason"] == "the file of last year"
    again = call(*preview)
    assert again.code == 3
    assert again.document["run"] == "northfield.2"
    assert again.document["changeset"] == made["changeset"]
