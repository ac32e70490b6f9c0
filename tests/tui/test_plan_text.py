"""Lists of a plan as they are typed, and written to be typed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollbook.desk.plan_notation import (
    NotUnderstood,
    Schools,
    read_entering,
    read_leaving,
    read_moving,
    read_totals,
)
from rollbook.desk.plan_views import ClassFate, Entrants, LeaversDraft, PlanDraft, SchoolMove
from rollbook.desk.plan_views import TotalDraft as Total
from rollbook_tui.plan_fields import FieldWrong, draft_of, typed_of

SCHOOLS = Schools(
    {"e1": "Elm School", "m1": "Central Middle", "x1": "Twin", "x2": "Twin", "y": "A -> B; C"}
)

GRADES = st.sampled_from(["KG", "01", "12", "PK"])
PLACES = st.none() | st.sampled_from(sorted(SCHOOLS.names))
NUMBERS = st.integers(0, 99_999)
RANGES = st.tuples(NUMBERS, NUMBERS).map(lambda r: (min(r), max(r)))
DRAFTS = st.builds(
    PlanDraft,
    starts=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    ends=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    promotion=st.booleans(),
    classes=st.sampled_from(ClassFate),
    leavers=st.lists(st.builds(LeaversDraft, GRADES, PLACES, st.none() | NUMBERS)).map(tuple),
    moves=st.lists(
        st.builds(SchoolMove, GRADES, *[st.sampled_from(sorted(SCHOOLS.names))] * 2)
    ).map(tuple),
    entrants=st.lists(
        st.builds(lambda g, r, s: Entrants(g, r[0], r[1], s), GRADES, RANGES, PLACES)
    ).map(tuple),
    totals=st.lists(st.builds(lambda r, s: Total(r[0], r[1], s), RANGES, PLACES)).map(tuple),
)


@given(DRAFTS)
def test_what_is_written_is_read_as_it_was(draft: PlanDraft) -> None:
    assert draft_of(typed_of(draft, SCHOOLS), SCHOOLS) == draft


def test_people_write_names_and_commas_and_blanks() -> None:
    assert read_leaving(" 12<=1,240 ;08 at ELM school;", SCHOOLS) == (
        LeaversDraft("12", None, 1240),
        LeaversDraft("08", "e1"),
    )
    assert read_moving("05 elm school->m1", SCHOOLS) == (SchoolMove("05", "e1", "m1"),)
    assert read_entering("KG at Elm School 10 to 30", SCHOOLS) == (Entrants("KG", 10, 30, "e1"),)
    assert read_totals("1,900 - 2,100; Elm School 300-340", SCHOOLS) == (
        Total(1900, 2100),
        Total(300, 340, "e1"),
    )
    assert read_leaving("  ", SCHOOLS) == ()


@pytest.mark.parametrize(
    ("read", "typed", "told"),
    [
        (read_leaving, "12 at Oak", "There is no school 'Oak'."),
        (read_leaving, "12 at Twin", "Several schools are called 'Twin'; use its id."),
        (read_leaving, "12; all of them", "'all of them' is not understood; write such as 12"),
        (read_moving, "05 Elm School", "write such as 05 Elm School -> Central Middle"),
        (read_entering, "KG", "write such as KG 180-220"),
        (read_totals, "30-20", "30 is more than 20."),
    ],
)
def test_what_is_not_understood_is_said(
    read: Callable[[str, Schools], object], typed: str, told: str
) -> None:
    with pytest.raises(NotUnderstood, match=told.replace("(", r"\(")):
        read(typed, SCHOOLS)


def test_a_field_that_is_wrong_is_named() -> None:
    typed = typed_of(PlanDraft(date(2026, 6, 1), date(2026, 7, 1)), SCHOOLS)
    with pytest.raises(FieldWrong, match="to must be a day") as wrong:
        draft_of(typed | {"ends": "July"}, SCHOOLS)
    assert wrong.value.key == "ends"
