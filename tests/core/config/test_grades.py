"""``[grades]`` of a district's file."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from rollbook.config.grades import Grades
from rollbook.config.problems import problems
from rollbook.roster.grade_ladder import GRADUATED


def test_without_the_section_the_ladder_is_that_of_ceds() -> None:
    ladder = Grades().ladder
    assert (ladder.next("KG"), ladder.years_to_graduation("12")) == ("01", 0)


def test_a_district_says_what_its_numbers_and_its_own_grades_mean() -> None:
    grades = Grades.model_validate(
        {
            "numbers": "powerschool",
            "codes": {"EC": "PK", "-1": "TK"},
            "rungs": {"EXT": {"years": 0}, "12": {"next": "EXT"}},
        }
    )
    ladder = grades.ladder
    assert [ladder.code(written) for written in ("0", "-1", "99")] == ["KG", "TK", GRADUATED]
    assert (ladder.next("12"), ladder.years_to_graduation("12")) == ("EXT", 1)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"codes": {"EC": "XX"}}, "'EC' stands for 'XX', which is no grade"),
        ({"top": "16"}, "no grade '16' to be the top"),
        ({"numbers": "aeries"}, "numbers: is none of"),
        ({"rungs": {"A": {"next": "A"}}}, "in a circle: A → A"),
        ({"rung": {}}, "rung: there is no such key"),
    ],
)
def test_what_does_not_stand_is_said(section: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Grades.model_validate(section)
    assert said in problems(caught.value)
