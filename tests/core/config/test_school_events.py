"""What the events of a school calendar are taken for."""

from __future__ import annotations

from datetime import date

import pytest

from rollbook.config.calendar import Term
from rollbook.config.school_events import Event, Wording, school_events
from rollbook.errors import ConfigInvalid


def event(words: str, day: str, until: str | None = None) -> Event:
    return Event(words, date.fromisoformat(day), date.fromisoformat(until or day))


YEAR = (event("First Day of School", "2026-08-17"), event("Last day of school", "2027-05-28"))


def test_a_year_is_called_by_its_end() -> None:
    found = school_events(YEAR, Wording())
    [(name, year)] = found.years.items()
    assert (name, year.first_day, year.last_day) == ("2027", date(2026, 8, 17), date(2027, 5, 28))
    assert (found.blackouts, found.notes) == ((), ())


def test_terms_begin_after_one_another_where_only_ends_are_said() -> None:
    events = [
        *YEAR,
        event("End of 1st semester", "2026-12-18"),
        event("Second Semester begins", "2027-01-05"),
        event("Q1 ends", "2026-10-16"),
        event("End of Q2", "2026-12-18"),
    ]
    assert school_events(events, Wording()).years["2027"].terms == (
        Term(name="Q1", first_day=date(2026, 8, 17), last_day=date(2026, 10, 16)),
        Term(name="1st semester", first_day=date(2026, 8, 17), last_day=date(2026, 12, 18)),
        Term(name="Q2", first_day=date(2026, 10, 17), last_day=date(2026, 12, 18)),
        Term(name="Second semester", first_day=date(2027, 1, 5), last_day=date(2027, 5, 28)),
    )


def test_of_several_days_the_widest_year_is_taken_and_said() -> None:
    events = [
        *YEAR,
        event("First day of school for Kindergarten", "2026-08-19"),
        event("Last day of school for seniors", "2027-05-20"),
        event("Summer school begins", "2026-06-08"),
    ]
    found = school_events(events, Wording())
    assert found.years["2027"].first_day == date(2026, 8, 17)
    assert found.years["2027"].last_day == date(2027, 5, 28)
    assert found.notes == (
        "2 last days in 2027: the latest is taken, 2027-05-28",
        "2 first days before 2027-05-28: the earliest is taken, 2026-08-17",
    )


def test_blackouts_and_words_of_the_districts_own() -> None:
    wording = Wording(first_day=("rentrée",), last_day=("fin",), blackout=("testing",))
    events = [
        event("Rentrée des classes", "2026-09-01"),
        event("Fin de l'année", "2027-06-25"),
        event("State testing", "2027-04-19", "2027-04-23"),
    ]
    found = school_events(events, wording)
    assert list(found.years) == ["2027"]
    [blackout] = found.blackouts
    assert (blackout.name, blackout.starts) == ("State testing", date(2027, 4, 19))
    assert blackout.ends == date(2027, 4, 23)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([], "no event says 'first day of school'"),
        (YEAR[:1], "no event says 'last day of school'"),
        (
            [YEAR[1], event("First day of school", "2027-08-16")],
            "no first day goes with the last day 2027-05-28",
        ),
    ],
)
def test_a_calendar_without_a_year_is_refused(events: list[Event], said: str) -> None:
    with pytest.raises(ConfigInvalid, match=said):
        school_events(events, Wording())
