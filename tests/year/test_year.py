"""A part of the simulated year: the smallest district, a few weeks of it, and some accidents."""

from __future__ import annotations

from datetime import date

import pytest

from year.accidents import Accident
from year.planting import ALL
from year.profiles import TINY
from year.records import Lived, Verdict
from year.report import report
from year.simulation import live

WANTED = (
    "all students under new ids",
    "all user names made anew",
    "enrollments cut off after a row, a twentieth missing",
    "names in another encoding",
    "people cut off within a row",
    "students turned teachers",
    "two people with one id",
)
SOME: tuple[Accident, ...] = tuple(accident for accident in ALL if accident.name in WANTED)


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Three weeks of autumn with an accident every other day."""
    folder = tmp_path_factory.mktemp("autumn")
    first, until = date(2025, 9, 22), date(2025, 10, 9)
    [lived] = live(folder, [TINY], first, until, some=SOME)
    return lived


@pytest.fixture(scope="module")
def rollover(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The roll-up and the new classes, decided about by hand."""
    folder = tmp_path_factory.mktemp("rollover")
    [lived] = live(folder, [TINY], date(2026, 8, 1), date(2026, 8, 13), some=())
    return lived


def test_every_accident_is_stopped(autumn: Lived) -> None:
    assert [planted.name for planted in autumn.planted] == [accident.name for accident in SOME]
    assert [(p.name, p.state, p.harm) for p in autumn.missed] == []
    for planted in autumn.planted:
        caught = planted.rules or ("refused",)
        assert set(caught) & set(planted.expected), planted


def test_no_ordinary_day_is_held(autumn: Lived, rollover: Lived) -> None:
    for lived in (autumn, rollover):
        assert [(h.day, h.rule, h.why) for h in lived.false_holds] == []
        assert lived.faults == []
        assert lived.ordinary_runs >= 9


def test_the_roll_up_asks_and_goes_in(rollover: Lived) -> None:
    asked = {hold.day for hold in rollover.holds if hold.verdict is Verdict.ASKED}
    assert {TINY.turn.rolls[0], TINY.turn.classes[0]} <= asked


def test_the_report_has_all_of_it(autumn: Lived) -> None:
    page = report([autumn], date(2025, 9, 22), date(2025, 10, 9))
    for planted in autumn.planted:
        assert planted.name in page
    assert "0 not stopped" in page
    assert "False holds: 0" in page
