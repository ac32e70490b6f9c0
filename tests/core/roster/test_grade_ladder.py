"""The grade ladder: what leads where, how far it is, and how grades are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rollbook.roster.grade_ladder import (
    CODES,
    GRADUATED,
    POWERSCHOOL,
    GradeLadder,
    Rung,
    ladder,
)
from rollbook.sources.clever_api.words import GRADES

CEDS = ladder()


@pytest.mark.parametrize(
    ("code", "years"),
    [("12", 0), ("11", 1), ("09", 3), ("01", 11), ("KG", 12), ("TK", 13), ("PK", 13), ("PR", 14)],
)
def test_years_to_graduation(code: str, years: int) -> None:
    assert CEDS.years_to_graduation(code) == years
    assert CEDS.graduation_year(code, 2027) == 2027 + years


@pytest.mark.parametrize("code", ["IT", "PS", "UG", "Other", "ABE", GRADUATED, "", "grade nine"])
def test_without_promotion_there_is_no_year_of_graduation(code: str) -> None:
    assert CEDS.next(code) is None
    assert CEDS.years_to_graduation(code) is None
    assert CEDS.graduation_year(code, 2027) is None


def test_each_grade_leads_to_the_one_above() -> None:
    climbed = ["PR"]
    while (above := CEDS.next(climbed[-1])) is not None:
        climbed.append(above)
    assert climbed == ["PR", "PK", "KG", *(f"{number:02}" for number in range(1, 13))]
    assert CEDS.next("TK") == "KG"


def test_a_thirteenth_grade_graduates_beside_the_twelfth_or_after_it() -> None:
    assert (CEDS.next("12"), CEDS.years_to_graduation("13")) == (None, 0)
    longer = ladder(top="13")
    assert (longer.next("12"), longer.years_to_graduation("12")) == ("13", 1)
    assert (longer.next("13"), longer.years_to_graduation("KG")) == (None, 13)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("9", "09"),
        ("09", "09"),
        (" 10 ", "10"),
        ("kg", "KG"),
        ("K", "KG"),
        ("Pre-K", "PK"),
        ("PostGraduate", "PS"),
        ("Transitional Kindergarten", "TK"),
        ("adultesl", "AdultESL"),
        ("other", "Other"),
        ("0", None),
        ("-1", None),
        ("99", None),
        ("14", None),
    ],
)
def test_spellings(written: str, code: str | None) -> None:
    assert CEDS.code(written) == code


def test_every_code_and_every_word_of_clever_is_understood() -> None:
    assert [CEDS.code(code) for code in CODES] == list(CODES)
    assert {word: CEDS.code(word) for word in GRADES} == GRADES


def test_powerschool_numbers_are_a_districts_choice() -> None:
    own = ladder(own_spellings=POWERSCHOOL)
    assert [own.code(w) for w in ("-2", "-1", "0", "1", "12", "99")] == [
        *("PR", "PK", "KG", "01", "12", GRADUATED)
    ]


def test_own_codes_stand_for_others_and_own_rungs_lead_on() -> None:
    own = ladder(
        own_spellings={"EC": "PK", "JR-1": "07"},
        own_rungs={"EXT": Rung("EXT", None, 0), "PK": Rung("PK", "TK", None)},
    )
    assert own.code("ec") == "PK"
    assert own.next("JR-1") == "08"
    assert own.graduation_year("EXT", 2027) == 2027
    assert (own.next("EC"), own.years_to_graduation("EC")) == ("TK", 14)


def test_of_several_grades_the_nearest_to_graduation_counts() -> None:
    assert CEDS.of(["09", "10"]) == CEDS.of(["10", "9"]) == "10"
    assert CEDS.of(["UG", "KG"]) == "KG"
    assert CEDS.of(["no such"]) is None
    assert CEDS.of([]) is None


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        *[("09", "10", 1), ("09", "09", 0), ("09", "11", 2), ("09", "08", -1), ("PK", "01", 2)],
        *[("UG", "UG", 0), ("UG", "09", None), ("TK", "PK", None)],
    ],
)
def test_steps_between_rungs(before: str, after: str, steps: int | None) -> None:
    assert CEDS.steps(before, after) == steps


def test_the_order_climbs() -> None:
    order = list(CEDS.order)
    assert sorted(order) == sorted(CODES)
    graded = [code for code in order if CEDS.years_to_graduation(code) is not None]
    assert graded[0] == "PR"
    assert graded[-2:] == ["12", "13"]
    assert graded.index("KG") < graded.index("01") < graded.index("11")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ladder(top="16"), "no grade '16'"),
        (lambda: ladder(own_spellings={"EC": "XX"}), "'EC' stands for 'XX'"),
        (lambda: ladder(own_rungs={"A": Rung("A", "B", None)}), "'A' leads to 'B'"),
        (
            lambda: ladder(
                own_rungs={"A": Rung("A", "B", None), "B": Rung("B", "A", None)},
            ),
            "in a circle: A → B → A",
        ),
    ],
)
def test_a_ladder_that_does_not_stand(make: Callable[[], GradeLadder], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()
