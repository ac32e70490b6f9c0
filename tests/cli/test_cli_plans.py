"""Plans, pauses that wait for the roll-up and the new-term check, as they are typed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.conftest import Call
from core.rollover.rolled_sis import graded_sis, graduate
from core.small_sis import SmallSis

TODAY = datetime.now(UTC).date()
DAYS = ("--from", str(TODAY - timedelta(days=1)), "--to", str(TODAY + timedelta(days=9)))


@pytest.fixture
def sis() -> SmallSis:
    return graded_sis()


@pytest.fixture
def north(call: Call, sis: SmallSis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """A small district of six grades in the directory, with Sam at the keyboard."""
    monkeypatch.setattr("rollbook.desk.desk.login", lambda: "sam")
    call("district", "add", "north", "--name", "North", "--path", sis.write(tmp_path / "drop"))
    [hold] = call("sync", "north", "--json").document["holds"]
    words = ("--confirm", str(hold["count"]), "--reason", "seen")
    assert call("hold", "approve", hold["id"], *words).code == 0
    return call


def test_a_plan_from_its_proposal_to_its_end(
    north: Call, sis: SmallSis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graduate(sis)
    sis.write(tmp_path / "drop")
    assert north("sync", "north", "--preview").code == 3
    options = (*DAYS, "--graduates", "8", "--total", "s2 15-25")
    tried = north("plan", "try", "north", *options, "--json").document
    assert (tried["held"], tried["held_without"] > 0, tried["holds"]) == (0, True, [])
    shown = north("plan", "try", "north", *options).out
    assert "Students in grade 08 leave. (0 of 10 by now)" in shown
    assert "0 of" in shown
    added = north("plan", "add", "north", *options, "--reason", "june")
    assert added.code == 0
    assert "plan agree north.e1" in added.err
    assert north("plan", "agree", "north.e1").code == 5
    monkeypatch.setattr("rollbook.desk.desk.login", lambda: "lee")
    assert north("plan", "agree", "north.e1", "--json").document["state"] == "in force"
    run = north("sync", "north", "--json")
    assert run.code == 0
    expectation = run.document["expectation"]
    assert expectation["plan"] == "north.e1"
    assert expectation["whole"]["splits"]["user"]["remove"] == {"expected": 20, "deviating": 0}
    text = north("run", "show", run.document["run"]).out
    assert "15 to 25" in text
    assert "deviating" in text
    assert "10 of 10 by now" in north("plan", "show", "north.e1").out
    assert "in force" in north("plans", "north").out
    assert north("plan", "end", "north.e1").code == 0
    assert north("plan", "end", "north.e1").code == 6
    assert north("plans", "north", "--json").document == []


@pytest.mark.parametrize(
    ("option", "typed", "words"),
    [
        ("--graduates", "12 <= many", "08 at Elm School <= 40"),
        ("--graduates", "12 at Oak", "There is no school 'Oak'."),
        ("--move", "05 es-1", "05 Elm School -> Central Middle"),
        ("--new", "KG", "KG 180-220"),
        ("--total", "many", "Elm School 300-340"),
    ],
)
def test_what_says_nothing_is_answered_with_an_example(
    call: Call, tmp_path: Path, option: str, typed: str, words: str
) -> None:
    call("district", "add", "north", "--name", "North", "--path", tmp_path)
    answer = call("plan", "add", "north", *DAYS, option, typed, "--reason", "x")
    assert answer.code == 2
    assert words in answer.err


def test_the_plan_of_an_ordinary_rollover_is_taken_in_as_it_was_printed(
    north: Call, sis: SmallSis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suggested = north("plan", "suggest", "north", *DAYS)
    assert suggested.document["classes"] == "replaced"
    assert suggested.document["promotion"] is True
    graduate(sis)
    sis.write(tmp_path / "drop")
    north("sync", "north", "--preview")
    file = tmp_path / "plan.json"
    file.write_text(suggested.out)
    tried = north("plan", "try", "north", "--draft", file, "--json").document
    assert tried["draft"] == suggested.document
    assert tried == north("plan", "try", "north", *DAYS, "--suggested", "--json").document
    with file.open() as piped:
        monkeypatch.setattr("sys.stdin", piped)
        added = north("plan", "add", "north", "--draft", "-", "--reason", "june", "--json").document
    assert added["draft"] == suggested.document


def test_the_console_s_notation_names_schools_and_makes_lists(north: Call) -> None:
    options = (*DAYS, "--graduates", "8 at School 2 <= 12; 5 at s1", "--move", "4 school 1->s2")
    lists = (
        *options,
        "--new",
        "3 10-30",
        "--new",
        "4 at School 2 1-2",
        "--total",
        "50-70;School 2 9-40",
    )
    draft = north("plan", "add", "north", *lists, "--reason", "x", "--json").document["draft"]
    assert draft["leavers"] == [
        {"grade": "08", "school": "s2", "most": 12},
        {"grade": "05", "school": "s1", "most": 10},
    ]
    assert draft["moves"] == [{"grade": "04", "origin": "s1", "destination": "s2"}]
    assert [(line["grade"], line["school"]) for line in draft["entrants"]] == [
        ("03", None),
        ("04", "s2"),
    ]
    assert [(line["school"], line["most"]) for line in draft["totals"]] == [(None, 70), ("s2", 40)]


@pytest.mark.parametrize(
    ("content", "more", "words"),
    [
        ('{"starts": "2026-06-15"}', (), "ends: has to be there"),
        ('{"starts": "2026-06-15", "ends": "2026-07-31", "leaver": []}', (), "leaver: there is no"),
        ('{"starts": "2026-06-15", "ends": "2026-07-31", "moves": [{}]}', (), "moves.0.grade"),
        ("starts: 2026-06-15", (), "plan.json holds no plan"),
        ("{}", ("--promotion",), "leave the other options out"),
        ("{}", ("--from", "2026-06-15"), "leave the other options out"),
    ],
)
def test_a_file_that_is_no_draft_is_refused(
    call: Call, tmp_path: Path, content: str, more: tuple[str, ...], words: str
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content)
    answer = call("plan", "add", "north", "--draft", file, *more, "--reason", "x")
    assert answer.code == 2
    assert words in answer.err


def test_days_are_needed_and_a_suggestion_is_nobody_else_s(call: Call) -> None:
    assert "--from and --to" in call("plan", "add", "north", "--promotion", "--reason", "x").err
    answer = call("plan", "try", "north", *DAYS, "--suggested", "--promotion")
    assert (answer.code, "no more than --from and --to" in answer.err) == (2, True)


def test_a_pause_until_the_roll_up_or_a_day(north: Call) -> None:
    pause = ("pause", "north", "--preset", "summer", "--reason", "x", "--json")
    assert north(*pause, "--until", "ready").document["until_ready"] is True
    day = TODAY + timedelta(days=20)
    dated = north(*pause, "--until", str(day)).document
    assert (dated["until_ready"], dated["ends"]) == (False, str(day - timedelta(days=1)))
    assert north(*pause, "--until", str(day), "--to", str(day)).code == 2


def test_the_new_term_check(north: Call, sis: SmallSis, tmp_path: Path) -> None:
    assert north("new-term", "north").code == 2
    sessions = sis.tables["academicSessions"]
    sessions["y30"] = sessions["y26"] | {
        "startDate": "2029-08-20",
        "endDate": "2030-06-05",
        "schoolYear": "2030",
    }
    sis.classes["c-s1-1"]["termSourcedIds"] = "y30"
    sis.write(tmp_path / "drop")
    run = north("sync", "north", "--preview", "--json").document
    [hold] = [hold for hold in run["holds"] if hold["rule"] == "C4"]
    text = north("new-term", "north").out
    assert "1 ids now stand for another class" in text
    assert "C4: another school year" in text
    document = north("new-term", "north", run["run"], "--json").document
    assert (document["reused"], document["classes"][0]["id"]) == (1, "c-s1-1")
    [turn] = north("new-term", "north", "--hold", hold["id"], "--json").document
    assert (turn["before"]["terms"], turn["after"]["terms"]) == (["Fall", "Spring"], ["2025-2026"])
