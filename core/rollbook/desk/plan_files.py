"""A draft of a plan as JSON: what ``plan suggest`` prints, to be changed by hand and taken in."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rollbook.config.problems import problems
from rollbook.desk.plan_views import (
    ClassFate,
    Entrants,
    LeaversDraft,
    PlanDraft,
    SchoolMove,
    TotalDraft,
)
from rollbook.errors import ConfigInvalid

MOST_BYTES = 1_000_000
"""A draft is no longer than that: a line for every grade of a thousand schools."""

_Number = Annotated[int, Field(ge=0, le=99_999_999)]


class _Typed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Leavers(_Typed):
    grade: str
    school: str | None = None
    most: _Number | None = None


class _Move(_Typed):
    grade: str
    origin: str
    destination: str


class _Entrants(_Typed):
    grade: str
    least: _Number
    most: _Number
    school: str | None = None


class _Total(_Typed):
    least: _Number
    most: _Number
    school: str | None = None


class _Draft(_Typed):
    starts: date
    ends: date
    promotion: bool = False
    classes: ClassFate = ClassFate.STAY
    leavers: tuple[_Leavers, ...] = ()
    moves: tuple[_Move, ...] = ()
    entrants: tuple[_Entrants, ...] = ()
    totals: tuple[_Total, ...] = ()


def draft_in(content: bytes, file: str) -> PlanDraft:
    """The draft that a JSON document holds; ``file`` is what to call it.

    Grades may be spelled as in ``PlanDraft``, schools are named by their ids. Raises
    ``ConfigInvalid`` with the keys that make no sense.
    """
    if len(content) > MOST_BYTES:
        raise ConfigInvalid(f"{file} is too large for a plan.")
    try:
        typed = _Draft.model_validate_json(content)
    except ValidationError as error:
        raise ConfigInvalid(
            f"{file} holds no plan: {problems(error)}.",
            remedy="`rollbook plan suggest` prints what it has to look like.",
        ) from None
    return PlanDraft(
        starts=typed.starts,
        ends=typed.ends,
        promotion=typed.promotion,
        classes=typed.classes,
        leavers=tuple(LeaversDraft(**dict(line)) for line in typed.leavers),
        moves=tuple(SchoolMove(**dict(line)) for line in typed.moves),
        entrants=tuple(Entrants(**dict(line)) for line in typed.entrants),
        totals=tuple(TotalDraft(**dict(line)) for line in typed.totals),
    )
