"""A run is taken back."""

from pathlib import Path

from cli.conftest import Call
from cli.program import Program
from rollbook.demo.days import next_day
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster


def test_undo_gives_the_earlier_directory_back_byte_for_byte(
    settled: Call, rollbook: Program, northfield: District, tmp_path: Path
) -> None:
    drop = tmp_path / "drop"
    write_oneroster(next_day(northfield, arrivals=4, leavers=2), drop)
    there = settled("sync", "northfield", "--json").document
    assert there["state"] == "APPLIED"
    there_lines = rollbook("changes", there["run"], "--format", "ndjson").out
    assert there_lines

    counting = settled("undo", there["run"], "--preview", "--json")
    assert "the next sync brings the same again" in settled("undo", there["run"], "--preview").err
    counted = counting.document
    assert counted["counts"]["user"]["remove"] == there["applied"]["user"]["add"]
    assert counted["students"] == 0
    wrong = ("undo", there["run"], "--reason", "export of the wrong day", "--json")
    assert settled(*wrong, "--generation", str(counted["generation"] - 1)).code == 6
    back = rollbook(*wrong, "--generation", str(counted["generation"]))
    assert back.code == 0
    assert "the next sync brings the same again" in back.err
    assert back.document["kind"] == "undo"
    assert back.document["undo_of"] == there["run"]
    assert back.document["applied"]["user"] == {
        "add": there["applied"]["user"]["remove"],
        "update": there["applied"]["user"]["update"],
        "remove": there["applied"]["user"]["add"],
    }

    write_oneroster(northfield, drop)
    same = settled("sync", "northfield", "--json")
    assert (same.code, same.document["state"]) == (0, "NOOP")
    assert settled("changes", same.document["run"], "--format", "csv").out.count("\n") <= 1
    write_oneroster(next_day(northfield, arrivals=4, leavers=2), drop)
    again = settled("sync", "northfield", "--json").document
    assert again["changeset"]["digest"] == there["changeset"]["digest"]
    assert settled("changes", again["run"], "--format", "ndjson").out == there_lines
    assert settled("undo", there["run"], "--reason", "twice").code == 6
    assert settled("audit", "verify").code == 0
