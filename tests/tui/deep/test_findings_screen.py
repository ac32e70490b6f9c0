"""What is wrong with an input."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from rollbook.desk import history
from rollbook.desk.desk import Desk
from rollbook.desk.views import Finding, Kind, RunView, Severity
from rollbook_tui.screens.findings import FindingsScreen
from tui.deep.northfield import HELD_RUN
from tui.deep.shown import Shown, shown

ERROR = Finding(
    Severity.ERROR,
    "dangling-reference",
    "Refers to a class that is not there.",
    remedy="Mend the enrollment in the SIS, or export classes.csv again.",
    file="enrollments.csv",
    line=1204,
    field="classSourcedId",
    kind=Kind.ENROLLMENT,
    record_id="=enr-17",
    count=20,
)
WARNING = replace(ERROR, severity=Severity.WARNING, code="blank-value", message="Blank.")
OTHER = replace(ERROR, code="bad-date", message="Not a date.", file="users.csv", line=None, count=1)


@pytest.fixture
def screen(northfield: Desk) -> FindingsScreen:
    return FindingsScreen(northfield, HELD_RUN)


@pytest.fixture
def two_errors(northfield: Desk, monkeypatch: pytest.MonkeyPatch) -> RunView:
    """The run with a warning and two errors."""
    view = history.run(northfield, HELD_RUN)
    more = replace(view, findings=(WARNING, ERROR, OTHER))
    monkeypatch.setattr(history, "run", lambda desk, run_id: more)
    return more


async def test_what_the_engine_found_is_listed_with_its_place(
    northfield: Desk, screen: FindingsScreen
) -> None:
    [finding] = history.run(northfield, HELD_RUN).findings
    async with shown(screen, (120, 36)) as s:
        assert screen.table.border_title == "1 finding"
        assert f"{finding.file}:{finding.line}" in s.text
        assert f"{finding.severity}" in s.text
        assert finding.remedy in s.text


async def test_errors_stand_first_and_in_full(two_errors: RunView, screen: FindingsScreen) -> None:
    async with shown(screen, (120, 36)) as s:
        assert screen.table.current == ERROR
        assert "x error Refers to a class that is not there." in s.text
        assert s.text.index("x error") < s.text.index("! warning")
        assert "where enrollments.csv:1204" in s.text
        assert "record enrollment =enr-17" in s.text
        assert "rows 20" in s.text
        assert f"do {ERROR.remedy}" in s.text


async def test_search_looks_in_files_codes_and_messages(
    two_errors: RunView, screen: FindingsScreen
) -> None:
    async with shown(screen) as s:
        for text, found in (("users.csv", 1), ("bad-date", 1), ("not there", 1), ("nix", 0)):
            await s.press("slash")
            await s.write(text)
            await s.press("enter")
            assert screen.table.row_count == found
        assert "No finding is like that." in s.text
        assert str(screen.table.border_title) == "0 of 3 findings · /nix"


async def test_a_run_without_findings_says_so(northfield: Desk) -> None:
    async with shown(FindingsScreen(northfield, "northfield.2")) as s:
        assert "Nothing wrong was found." in s.text
        await s.press("enter", "y")
        assert not s.toasts


async def test_what_is_listed_is_exported_for_a_spreadsheet(
    two_errors: RunView, northfield: Desk, screen: FindingsScreen, tmp_path: Path
) -> None:
    async with shown(screen) as s:
        await s.press("y")
        assert s.app.clipboard == "=enr-17"
        await s.press("e")
        await s.until(lambda: s.front[-1] == "SaveAs")
        exports = northfield.home.exports
        suggested = s.app.screen.query_one(Input).value
        assert suggested == str(exports / f"{HELD_RUN}-findings.csv")
        await s.write(str(tmp_path / "f.csv"))
        await s.press("enter")
        await s.until(lambda: any("3 rows written to" in toast for toast in s.toasts))
        assert any(str(tmp_path / "f.csv") in toast for toast in s.toasts), "it says where"
    with (tmp_path / "f.csv").open(newline="") as stream:
        first, *_ = csv.DictReader(stream)
    assert first["message"] == ERROR.message
    assert first["record"] == "'=enr-17", "no cell is a formula"


async def choose(s: Shown[FindingsScreen], key: str, *moves: str) -> None:
    """Open one of the filters, move in it, and take what the cursor is on."""
    await s.press(key)
    await s.until(lambda: s.front[-1] == "Choose")
    await s.press(*moves, "enter")
    await s.until(lambda: s.front[-1] == "FindingsScreen")


async def test_a_severity_and_a_code_are_listed_alone(
    two_errors: RunView, screen: FindingsScreen
) -> None:
    async with shown(screen) as s:
        assert "s severity: all c code: all" in s.text
        await choose(s, "s", "down", "down")
        assert [screen.table.row_at(0)] == [WARNING]
        assert str(screen.table.border_title) == "1 of 3 findings"
        assert "s severity: ! warning" in s.text
        await s.press("c")
        await s.until(lambda: s.front[-1] == "Choose")
        assert "blank-value 1" in s.text
        assert "bad-date" not in s.text, "no warning has that code"
        await s.press("escape")
        await choose(s, "s", "up", "up")
        await choose(s, "c", "down")
        assert [screen.table.row_at(0)] == [OTHER]
        assert "code: bad-date" in s.text


async def test_a_filter_takes_no_mark_along(two_errors: RunView, screen: FindingsScreen) -> None:
    async with shown(screen) as s:
        await choose(s, "s", "down")
        await s.press("space")
        assert list(screen.table.marks) == [0]
        await choose(s, "s", "up")
        assert not list(screen.table.marks)


async def test_only_what_the_filters_leave_is_exported(
    two_errors: RunView, screen: FindingsScreen, tmp_path: Path
) -> None:
    async with shown(screen) as s:
        await choose(s, "s", "down")
        await s.press("e")
        await s.until(lambda: s.front[-1] == "SaveAs")
        await s.write(str(tmp_path / "f.csv"))
        await s.press("enter")
        await s.until(lambda: any("2 rows written" in toast for toast in s.toasts))
    assert "blank-value" not in (tmp_path / "f.csv").read_text()


async def test_a_row_of_a_service_is_told_by_request_and_page(
    northfield: Desk, screen: FindingsScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled = replace(ERROR, file="GET /users?offset=5000, page 6", line=17)
    view = replace(history.run(northfield, HELD_RUN), findings=(pulled,))
    monkeypatch.setattr(history, "run", lambda desk, run_id: view)
    async with shown(screen) as s:
        assert "where GET /users?offset=5000, page 6, row 17" in s.text


async def test_markup_and_very_long_texts_are_shown_as_they_are(
    northfield: Desk, screen: FindingsScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = replace(ERROR, message="[red]x[/] " + "word " * 4000, remedy="", code="c" * 500)
    view = replace(history.run(northfield, HELD_RUN), findings=(long, *[WARNING] * 4000))
    monkeypatch.setattr(history, "run", lambda desk, run_id: view)
    async with shown(screen) as s:
        assert "[red]x[/] word" in s.text
        assert "4,001 findings" in s.text
        await s.press("c")
        await s.until(lambda: s.front[-1] == "Choose")
        assert "blank-value 4,000" in s.text
        await s.press("escape", "G")
        assert screen.table.current == WARNING
