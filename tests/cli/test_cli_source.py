"""Proposing a mapping and copying one that is shipped."""

from pathlib import Path

from cli.conftest import Call
from core.small_sis import small_sis
from core.sources.dialects.exports import clever, write


def test_a_proposal_is_printed_and_read(call: Call, tmp_path: Path) -> None:
    drop = write(clever(small_sis(1, 3, classes=1)), tmp_path / "drop")
    mapping = tmp_path / "mapping.toml"
    answer = call("source", "guess", drop)
    assert answer.code == 0
    mapping.write_text(answer.out, encoding="utf-8")
    call(
        *("district", "add", "north", "--name", "North", "--source", "mapped-csv"),
        *("--path", drop, "--set", f"mapping={mapping}"),
    )
    assert call("district", "check", "north").code == 0
    done = call("sync", "north", "--preview", "--json").document
    assert done["changeset"]["counts"]["user"]["add"] == 4


def test_a_file_that_is_there_is_never_overwritten(call: Call, tmp_path: Path) -> None:
    drop = write(clever(small_sis(1, 3, classes=1)), tmp_path / "drop")
    mapping = tmp_path / "mapping.toml"
    assert call("source", "guess", drop, "-o", mapping).code == 0
    mapping.write_text("mine", encoding="utf-8")
    answer = call("source", "guess", drop, "-o", mapping)
    assert (answer.code, mapping.read_text("utf-8")) == (2, "mine")
    assert "is there already" in answer.err
    nowhere = call("source", "guess", drop, "-o", tmp_path / "no" / "m.toml")
    assert nowhere.code == 2


def test_a_profile_is_printed_to_be_copied(call: Call) -> None:
    answer = call("source", "profile", "remind-2.0", "--json")
    assert "school_enrollments.csv" in answer.document["mapping"]
    unknown = call("source", "profile", "../clever")
    assert unknown.code == 2
    assert "clever, remind-1.0" in unknown.err
