"""The season and the roll-up, from the command line."""

from __future__ import annotations

from cli.conftest import Call


def test_the_season_in_words_and_as_json(settled: Call) -> None:
    answer = settled("season", "northfield")
    assert answer.code == 0, answer.err
    document = settled("season", "northfield", "--json").document
    assert f"northfield  Northfield  {document['season']}" in answer.out
    assert document["waits_for"] in answer.out
    assert document["roll_up"] == "not yet"
    assert document["year"]["school_year"] + 1 == document["following"]["school_year"]
    [listed] = settled("season", "--json").document
    assert listed == document
    assert document["season"] in settled("season").out
    [line] = settled("districts", "--json").document
    assert line["season"] == document["season"]
    assert document["season"] in settled("district", "show", "northfield").out


def test_the_roll_up_in_numbers(settled: Call) -> None:
    answer = settled("rollup", "northfield", "--grades")
    assert answer.code == 0, answer.err
    assert "roll-up not yet" in answer.out
    assert "before  now" in answer.out
    document = settled("rollup", "northfield", "--json").document
    assert document["evidence"]["up"] == 0
    assert document["evidence"]["stayed"] > 0
    assert "last year" not in answer.out, "it is the same year still"
    assert {school["state"] for school in document["schools"]} == {"not yet"}
    before = sum(grade["before"] for grade in document["grades"])
    assert before == sum(g["before"] for s in document["schools"] for g in s["grades"]) == 180


def test_a_district_that_was_never_synced_has_no_season(call: Call) -> None:
    call("district", "add", "north", "--name", "North", "--path", "/nowhere")
    assert "never synced" in call("season", "north").out
    assert "its first run" in call("season").out
    assert call("rollup", "north").code == 0
    assert call("season", "south").code != 0
