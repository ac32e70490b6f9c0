"""Every dialect of files from `district add` to the directory, by the command line."""

from pathlib import Path

import pytest

from cli.conftest import Call
from core.small_sis import SmallSis, small_sis
from core.sources.dialects.exports import EXPORTS, write
from rollbook.sources.profiles import profile_path

CANARY = b"hunter2-canary"


@pytest.fixture
def sis() -> SmallSis:
    return small_sis(1, 6, classes=2)


def added(call: Call, dialect: str, drop: Path) -> None:
    kind, _, version = dialect.partition(" ")
    more = ("--set", f"version={version}") if kind == "remind-csv" else ()
    answer = call(
        *("district", "add", "north", "--name", "North", "--source", kind, "--path", drop, *more)
    )
    assert answer.code == 0, answer.err


def approved(call: Call) -> None:
    for hold in call("holds", "north", "--json").document:
        confirm = ("--confirm", str(hold["count"]), "--reason", "seen")
        call("hold", "approve", hold["id"], *confirm)


@pytest.mark.parametrize("dialect", EXPORTS)
def test_a_dialect_comes_in_stays_and_changes(
    call: Call, tmp_path: Path, sis: SmallSis, dialect: str
) -> None:
    export = EXPORTS[dialect]
    drop = write(export(sis), tmp_path / "drop")
    added(call, dialect, drop)
    assert call("district", "check", "north").code == 0
    first = call("sync", "north", "--json").document
    assert first["changeset"]["counts"]["user"]["add"] >= 8
    approved(call)
    assert call("sync", "north", "--json").document["state"] == "NOOP"
    assert "byte by byte" in call("runs", "north", "--limit", "1", "--json").document[0]["message"]
    sis.users["s1-01"]["familyName"] = "Andersson"
    write(export(sis), drop)
    done = call("sync", "north", "--json").document
    assert done["state"] == "APPLIED"
    assert done["applied"]["user"]["update"] == 1
    assert done["changeset"]["counts"]["user"]["remove"] == 0
    sis.drop_user("s1-06")
    write(export(sis), drop)
    gone = call("sync", "north", "--json").document
    assert gone["changeset"]["counts"]["user"]["remove"] >= 1
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert any("snapshots" in path.parts for path in kept)
    assert not [path for path in kept if CANARY in path.read_bytes()]
    assert not [path for path in kept if path.parent.name.startswith("staging-")]


def test_a_finding_of_a_sync_names_the_file_of_the_source(
    call: Call, tmp_path: Path, sis: SmallSis
) -> None:
    files = EXPORTS["clever-csv"](sis)
    files["students.csv"][3]["First_name"] = "N/A"
    added(call, "clever-csv", write(files, tmp_path / "drop"))
    run = call("sync", "north", "--preview", "--json").document["run"]
    found = call("run", "show", run, "--json").document["findings"]["items"]
    [bad] = [f for f in found if f["code"] == "placeholder-kept"]
    assert (bad["file"], bad["line"], bad["field"]) == ("students.csv", 5, "First_name")


def test_a_refusal_names_the_file_of_the_source(call: Call, tmp_path: Path, sis: SmallSis) -> None:
    drop = write(EXPORTS["sds-csv 1"](sis), tmp_path / "drop")
    (drop / "Section.csv").unlink()
    added(call, "sds-csv 1", drop)
    answer = call("sync", "north")
    assert answer.code == 4
    assert "Section.csv" in answer.out + answer.err


def test_another_profile_makes_the_next_run_a_review(
    call: Call, tmp_path: Path, sis: SmallSis
) -> None:
    profile = tmp_path / "own.toml"
    profile.write_bytes(profile_path("clever").read_bytes())
    drop = write(EXPORTS["clever-csv"](sis), tmp_path / "drop")
    call(
        *("district", "add", "north", "--name", "North", "--source", "clever-csv"),
        *("--path", drop, "--set", f"profile={profile}"),
    )
    call("sync", "north")
    approved(call)
    assert call("sync", "north", "--json").document["state"] == "NOOP"
    text = profile.read_text("utf-8").replace('value = "school"', 'value = "department"')
    profile.write_text(text, encoding="utf-8")
    assert call("sync", "north", "--json").document["state"] == "HELD"


def test_a_mapping_that_makes_no_sense_is_told(call: Call, tmp_path: Path, sis: SmallSis) -> None:
    drop = write(EXPORTS["clever-csv"](sis), tmp_path / "drop")
    mapping = tmp_path / "own.toml"
    mapping.write_text('name = "X"\ncolour = 1\n', encoding="utf-8")
    call(
        *("district", "add", "north", "--name", "North", "--source", "mapped-csv"),
        *("--path", drop, "--set", f"mapping={mapping}"),
    )
    answer = call("sync", "north")
    assert answer.code == 2
    assert "own.toml: colour" in answer.err
