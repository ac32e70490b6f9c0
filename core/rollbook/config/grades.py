"""``[grades]`` of a district's file: how its sources write grades, and what its own ones mean."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rollbook.roster.grade_ladder import POWERSCHOOL, TOP, GradeLadder, Rung, ladder

Written = Annotated[str, Field(min_length=1, max_length=60)]


class OwnRung(BaseModel):
    """A grade that CEDS does not have, or has otherwise: what it leads to, and the years to
    graduation where these are not those along ``next``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    next: Written | None = None
    years: Annotated[int, Field(ge=0, le=30)] | None = None


class Grades(BaseModel):
    """The district's grade ladder.

    ``numbers`` says how bare numbers beside 1 to 13 are meant, ``codes`` how the sources write a
    grade (``EC = "PK"``), ``rungs`` what grades there are beside CEDS's, and ``top`` from which
    one students graduate.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    top: Written = TOP
    numbers: Literal["ceds", "powerschool"] = "ceds"
    codes: dict[Written, Written] = {}
    rungs: dict[Written, OwnRung] = {}

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself, for it never changes: a district gets a copy of what its file leaves out."""
        return self

    @model_validator(mode="after")
    def _ladder_stands(self) -> Grades:
        _ = self.ladder
        return self

    @cached_property
    def ladder(self) -> GradeLadder:
        """The ladder that this makes. Raises ``ValueError`` where it does not stand."""
        numbers = POWERSCHOOL if self.numbers == "powerschool" else {}
        return ladder(
            top=self.top,
            own_spellings={**numbers, **self.codes},
            own_rungs={c: Rung(c, rung.next, rung.years) for c, rung in self.rungs.items()},
        )
