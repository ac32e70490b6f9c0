"""What a mapping may say about one cell."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from rollbook.sources.mapped_csv.formats import dates

EACH, FIRST = "@each", "@first"
"""Columns that a row has for each value it was taken apart into: the value, and ``true`` for the
first one."""

Words = dict[str, tuple[str, ...]]
"""Columns and the values that they may have, capitals or not."""


class Table(BaseModel):
    """A table of a mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Lookup(Table):
    """A column of another file's row, found by the value of one of its columns."""

    file: str
    by: str
    column: str


class Cell(Table):
    """How a cell of the normal set is made of a source's row. One of these says from what:

    ``column`` its cell; ``value`` the same for every row; ``text`` a template such as ``{First}
    {Last}``; ``derived`` an id that joins several cells; ``hashed`` an id from which these cannot
    be told; ``first_of`` the first of several that is not blank.

    A cell that is ``optional`` is left out where the file lacks one of its columns. It is blank
    unless the columns in ``needs`` are filled, those in ``when`` have one of their values and those
    in ``unless`` none. The rest is applied in the order in which it stands here: ``lookup`` goes on
    to another file's row; ``split`` parts a list, so that the rest is about each of its values;
    ``school_year`` makes a date the year in which its school year ends, which begins in that month;
    ``contains`` says whether a value is among those of the list. What ``date``, ``number``, ``map``
    or ``school_year`` cannot read stays as it is. ``otherwise`` is for filled cells that are not in
    the map.
    """

    column: str | None = None
    value: str | None = None
    text: str | None = None
    derived: tuple[CellOrColumn, ...] = ()
    hashed: tuple[CellOrColumn, ...] = ()
    first_of: tuple[CellOrColumn, ...] = ()
    optional: bool = False
    needs: tuple[str, ...] = ()
    when: Words = {}
    unless: Words = {}
    lookup: Lookup | None = None
    split: str | None = None
    date: tuple[str, ...] = ()
    school_year: Annotated[int, Field(ge=1, le=12)] | None = None
    number: Literal[".", ","] | None = None
    map: str | dict[str, str] | None = None
    otherwise: str | None = None
    contains: str | None = None
    prefix: str = ""

    @field_validator("date")
    @classmethod
    def _are_forms_of_dates(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        dates(value)
        return value

    @model_validator(mode="after")
    def _is_made_of_one_thing(self) -> Cell:
        made = [self.column, self.value, self.text]
        count = sum(one is not None for one in made)
        count += sum(map(bool, (self.derived, self.hashed, self.first_of)))
        if count != 1:
            raise ValueError("say one of column, value, text, derived, hashed and first_of")
        return self


def _cell(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


CellOrColumn = Annotated[Cell, BeforeValidator(_cell)]
"""A cell; in the file its column may stand for one that is taken just as it is."""

Cell.model_rebuild()

Cells = dict[str, CellOrColumn]
