"""The fields of the form for an expected-change plan, and what they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from rollbook.desk.plan_notation import (
    NotUnderstood,
    Schools,
    read_entering,
    read_leaving,
    read_moving,
    read_totals,
    write_entering,
    write_leaving,
    write_moving,
    write_totals,
)
from rollbook.desk.plan_views import ClassFate, PlanDraft

T = TypeVar("T")

STARTS, ENDS, LEAVING, PROMOTION = "starts", "ends", "leaving", "promotion"
MOVING, ENTERING, CLASSES, TOTALS, REASON = "moving", "entering", "classes", "totals", "reason"

YES, NO = "yes", "no"

LABELS = {
    STARTS: "from",
    ENDS: "to",
    LEAVING: "leaving",
    PROMOTION: "all others up",
    MOVING: "going on",
    ENTERING: "new students",
    CLASSES: "classes",
    TOTALS: "in the end",
    REASON: "reason",
}

HELP = {
    STARTS: "The first day on which the plan counts.",
    ENDS: "The last day. The plan is over after it, whatever has come of it.",
    LEAVING: "Grades whose students leave: 12; or 08 at Elm School <= 40. Without a number as many "
    "as are in the grade now, and one in fifty more.",
    PROMOTION: "Everyone who does not leave goes up one grade.",
    MOVING: "Students who go up a grade and to another school: 05 Elm School -> Central Middle; "
    "08 Central Middle -> Central High.",
    ENTERING: "New students of a grade, at least and at most: KG 180-220; 09 at High School 10-30.",
    CLASSES: "Whether classes, courses, sessions and enrollments stay, are replaced in one run, or "
    "end now and come later.",
    TOTALS: "Students in the end, of the district and of schools: 1900-2100; Elm School 300-340. "
    "Where the number is another, nothing is excused there.",
    REASON: "Why; it goes on the record.",
}


class FieldWrong(Exception):
    """A field that makes no sense: which, and why."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key
        self.text = text


def typed_of(draft: PlanDraft, schools: Schools) -> dict[str, str]:
    """The fields of a draft, all but its reason."""
    return {
        STARTS: draft.starts.isoformat(),
        ENDS: draft.ends.isoformat(),
        LEAVING: write_leaving(draft.leavers, schools),
        PROMOTION: YES if draft.promotion else NO,
        MOVING: write_moving(draft.moves, schools),
        ENTERING: write_entering(draft.entrants, schools),
        CLASSES: draft.classes.value,
        TOTALS: write_totals(draft.totals, schools),
    }


def draft_of(typed: Mapping[str, str], schools: Schools) -> PlanDraft:
    """The draft that the fields make. Raises ``FieldWrong``."""
    return PlanDraft(
        starts=day(typed, STARTS),
        ends=day(typed, ENDS),
        promotion=typed[PROMOTION] == YES,
        classes=ClassFate(typed[CLASSES]),
        leavers=_lines(LEAVING, read_leaving, typed, schools),
        moves=_lines(MOVING, read_moving, typed, schools),
        entrants=_lines(ENTERING, read_entering, typed, schools),
        totals=_lines(TOTALS, read_totals, typed, schools),
    )


def _lines(
    key: str,
    read: Callable[[str, Schools], tuple[T, ...]],
    typed: Mapping[str, str],
    schools: Schools,
) -> tuple[T, ...]:
    try:
        return read(typed[key], schools)
    except NotUnderstood as wrong:
        raise FieldWrong(key, str(wrong)) from None


def day(typed: Mapping[str, str], key: str) -> date:
    """The day of a field. Raises ``FieldWrong``."""
    try:
        return date.fromisoformat(typed[key].strip())
    except ValueError:
        raise FieldWrong(key, f"{LABELS[key]} must be a day such as 2026-06-15.") from None
