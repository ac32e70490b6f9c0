"""Names are untrusted text: on a terminal, in a table, in a list, in a document."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli.conftest import Call
from rollbook.cli import tables
from rollbook.demo.shape import District
from rollbook.demo.write import write_oneroster

NASTY = "[red]Zoë[/] :smile: =cmd|x"


@pytest.fixture
def nasty(settled: Call, northfield: District, tmp_path: Path) -> tuple[Call, str, str]:
    """The program after a sync that named a student and a school nastily; run and student."""
    first, *others = northfield.students
    named = replace(first, given=NASTY, family="Va\u202elue", email="x@example.org")
    school, *schools = northfield.schools
    titled = replace(school, name="[blink]High[/blink] \u2066School")
    write_oneroster(
        replace(northfield, students=(named, *others), schools=(titled, *schools)),
        tmp_path / "drop",
    )
    run = settled("sync", "northfield", "--json").document
    assert run["state"] == "APPLIED"
    return settled, run["run"], named.id


@pytest.mark.parametrize("terminal", [False, True])
def test_nothing_in_a_name_is_obeyed(
    nasty: tuple[Call, str, str], terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, run, student = nasty
    if terminal:
        monkeypatch.setattr(tables, "drawn", lambda: True)
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "200")
    for args in (
        ("changes", run),
        ("student", "northfield", student),
        ("district", "show", "northfield"),
        ("duplicates", "northfield"),
        ("audit", "northfield"),
    ):
        answer = call(*args)
        assert answer.code == 0, answer.err
        assert not {"\x1b", "\x9b", "\u202e", "\u2066"} & set(answer.out)
    assert NASTY in call("changes", run).out
    assert NASTY in call("student", "northfield", student).out
    assert "[blink]High[/blink]" in call("district", "show", "northfield").out
    assert tables.coloured() is False


def test_documents_and_lists_keep_a_name_as_it_is(nasty: tuple[Call, str, str]) -> None:
    call, run, student = nasty
    card = call("student", "northfield", student, "--json")
    assert card.out.isascii()
    assert card.document["values"]["given_name"] == NASTY
    listed = call("changes", run, "--kind", "user", "--format", "ndjson").out.splitlines()
    [line] = [json.loads(line) for line in listed]
    assert line["after"]["given_name"] == NASTY


def test_a_list_for_a_spreadsheet_is_one_row_per_change(nasty: tuple[Call, str, str]) -> None:
    call, run, _ = nasty
    text = call("changes", run, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text), strict=True))
    assert len(rows) == call("changes", run, "--json").document["count"]
    assert {"user", "org"} <= {row["kind"] for row in rows}


def test_no_name_is_in_the_audit_trail(nasty: tuple[Call, str, str]) -> None:
    call, _, _ = nasty
    trail = call("audit", "--json", "--limit", "1000").out
    assert "Zo" not in trail
    assert call("audit", "verify").code == 0
