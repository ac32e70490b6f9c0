"""Days over the months of a year, and grades as bars."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rollbook.desk.season_views import GradeCount
from rollbook_tui.details.roll_up import histogram
from rollbook_tui.details.timeline import Stretch, Track, span_of, timeline

FIRST, LAST, TODAY = date(2026, 8, 17), date(2027, 7, 20), date(2027, 1, 15)


def drawn(*tracks: Track, width: int = 82, today: date = TODAY) -> list[str]:
    """The lines, as text."""
    span = span_of(FIRST, LAST, width)
    assert span is not None
    return [line.plain for line in timeline(tracks, span, today)]


def track(*stretches: Stretch, fill: str = "=") -> Track:
    return Track("pauses", stretches, fill, "$paused")


def test_months_stand_where_they_begin_and_today_below_its_day() -> None:
    months, today = drawn()
    written = [f"{date(2026, 8, 1) + timedelta(days=31 * n):%b}" for n in range(12)]
    assert months.split() == written
    assert months.index("Jan") < today.index("▲") < months.index("Feb")


def test_a_stretch_begins_and_ends_on_its_days_and_is_cut_where_the_year_is() -> None:
    months, line, _ = drawn(track(Stretch(date(2026, 10, 1), date(2026, 12, 31), "p4")))
    assert line.startswith("pauses")
    assert line.index("p4=") == pytest.approx(months.index("Oct"), abs=1)
    assert line.rindex("=") == pytest.approx(months.index("Jan"), abs=1)
    months, line, _ = drawn(track(Stretch(date(2020, 1, 1), None)))
    assert set(line[10:]) == {"="}
    assert len(line) == 82


def test_one_day_is_one_cell_and_what_lies_outside_is_not_drawn() -> None:
    _, line, _ = drawn(track(Stretch(TODAY, TODAY, "p4"), fill="|"))
    assert line[10:].strip() == "|"
    assert len(drawn(track(Stretch(date(2020, 1, 1), date(2020, 2, 1))))) == 2


def test_names_are_drawn_as_text_and_never_longer_than_their_days() -> None:
    name = "\x1b[31m[bold]Semester one of a very long name that does not fit[/bold]"
    _, line, _ = drawn(track(Stretch(date(2026, 9, 1), date(2026, 9, 20), name)))
    assert "\x1b" not in line
    assert len(line[10:].strip()) <= 5


def test_a_name_that_is_cut_says_so_and_ends_before_the_next_one() -> None:
    terms = track(
        Stretch(date(2026, 9, 1), date(2026, 11, 20), "Quarter one of 2026"),
        Stretch(date(2026, 11, 21), date(2027, 2, 10), "Q2"),
    )
    _, line, _ = drawn(terms)
    cut, rest = line[10:].strip().split("…")
    assert "Quarter one of 2026".startswith(cut)
    assert rest.startswith("=Q2=")


def test_there_is_no_timeline_where_there_is_no_room() -> None:
    assert span_of(FIRST, LAST, 30) is None


@pytest.mark.parametrize("width", [34, 76])
def test_bars_are_in_proportion_and_no_line_is_wider_than_the_page(width: int) -> None:
    grades = (GradeCount("KG", 40, 80), GradeCount("12", 20, 0), GradeCount("", 0, 1))
    lines = [line.plain for line in histogram(grades, width)]
    assert all(len(line) <= width for line in lines)
    _, first, second, last = lines
    before, now = first.split()[1:3], first.split()[3:]
    assert before[0] == "40"
    assert now[0] == "80"
    assert len(now[1]) == pytest.approx(2 * len(before[1]), abs=1)
    assert second.split()[-1] == "0", "nobody has no bar"
    assert last.startswith("none")
    assert last.rstrip().endswith("━"), "one student can be seen"
