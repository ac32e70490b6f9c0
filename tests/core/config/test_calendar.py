"""``[calendar]`` of a district's file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from rollbook.config.calendar import Calendar
from rollbook.config.problems import problems

GOOD = {"first_day": "2026-08-17", "last_day": "2027-05-28"}


def test_a_calendar_knows_its_blackouts() -> None:
    calendar = Calendar.model_validate(
        {
            "years": {"2027": GOOD},
            "blackouts": [{"starts": "2027-04-19", "ends": "2027-04-23", "name": "Testing"}],
        }
    )
    blackout = calendar.blackout_on(date(2027, 4, 23))
    assert blackout is not None
    assert blackout.name == "Testing"
    assert calendar.blackout_on(date(2027, 4, 24)) is None


@pytest.mark.parametrize(
    ("calendar", "said"),
    [
        ({"years": {"2026": GOOD}}, "'2026' ends on 2027-05-28: a school year is called by"),
        ({"years": {"27": GOOD}}, "'27' ends on"),
        ({"years": {"2027": GOOD | {"last_day": "2026-08-01"}}}, "years.2027: ends (2026-08-01)"),
        ({"years": {"2027": GOOD | {"first_day": "2025-08-17"}}}, "is longer than a year"),
        (
            {"years": {"2027": GOOD | {"roll_up_from": "2027-07-01", "roll_up_to": "2027-06-01"}}},
            "roll_up_to (2027-06-01) is before roll_up_from",
        ),
        (
            {
                "years": {
                    "2027": GOOD
                    | {
                        "terms": [
                            {"name": "T", "first_day": "2026-08-01", "last_day": "2026-10-01"}
                        ]
                    }
                }
            },
            "term 'T' is not within the year",
        ),
        (
            {"years": {"2027": GOOD, "2028": GOOD | {"last_day": "2028-05-01"}}},
            "is longer than a year",
        ),
        (
            {
                "years": {
                    "2027": GOOD,
                    "2028": {"first_day": "2027-05-01", "last_day": "2028-05-01"},
                }
            },
            "one year begins on 2027-05-01, before another has ended",
        ),
        ({"blackouts": [{"starts": "2027-04-19", "ends": "2027-04-18"}]}, "before it starts"),
        ({"holidays": []}, "holidays: there is no such key"),
    ],
)
def test_what_cannot_be_is_said(calendar: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Calendar.model_validate(calendar)
    assert said in problems(caught.value)
