"""What a mapping file may say, and reading one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from rollbook.config.problems import problems
from rollbook.errors import ConfigInvalid
from rollbook.sources.mapped_csv.cell_spec import (
    EACH,
    FIRST,
    Cell,
    CellOrColumn,
    Cells,
    Table,
    Words,
)
from rollbook.sources.mapped_csv.templates import template_columns
from rollbook.sources.normal_form.columns import FACT_FILES, FACTS_NEED, FILES, in_order
from rollbook.sources.oneroster_csv.header import is_secret


class _Rows(Table):
    """Rows of a source file that become rows of the normal set.

    ``optional`` says that the file may be missing, ``instead_of`` that this holds only where that
    other file is missing, ``only_with`` that it holds only where the file has one of these columns;
    then none of its columns has to be there. Only rows are taken in which the columns in
    ``needs`` are filled, those in ``when`` have one of their values and those in ``unless`` none.
    ``each`` takes a row once for every one of some columns that is filled, or for every part of
    one column that is ``split``.
    """

    file: str
    optional: bool = False
    instead_of: str | None = None
    only_with: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    when: Words = Field(default_factory=dict)
    unless: Words = Field(default_factory=dict)
    each: tuple[str, ...] = ()
    split: str | None = None
    columns: Cells


class Records(_Rows):
    """Rows of one file of the normal set. Rows that are the same are written once if ``distinct``.

    Without ``sourcedId`` the id of an enrollment is made of class, user and role, and that of a
    role of user, role and org.
    """

    to: str
    distinct: bool = False


class People(_Rows):
    """People: one user for all rows of the same id and sort of role, and a role at each org.

    Where several rows say different things of a person, what one leaves blank is taken from
    another; where they disagree, nobody is guessed at: the person is set aside. Lists are joined;
    ``most`` is how many values the format allows in one.

    Without ``role`` and ``orgs`` the rows say nothing of roles, which have a file of their own.
    """

    role: CellOrColumn | None = None
    orgs: CellOrColumn | None = None
    most: dict[str, int] = Field(default_factory=dict)


class Mapping(Table):
    """Which columns of which files mean what.

    ``files`` are the names that each file may go by where that is not just one; ``empty`` are those
    that may have no rows. ``maps`` are value maps by name. ``aliases`` are other
    names that a column may go by. ``cells`` are cells by name, which stand wherever it says
    ``{ same_as = "NAME" }``. ``not_read`` are files of which is known
    that they are no part of a roster.
    """

    name: str
    files: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    empty: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    maps: dict[str, dict[str, str]] = Field(default_factory=dict)
    aliases: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    records: tuple[Records, ...] = ()
    people: tuple[People, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_cells_by_name(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("cells", {}), dict):
            return data
        cells = data.get("cells", {})
        return {k: _filled_in(v, cells) for k, v in data.items() if k != "cells"}

    @property
    def rows(self) -> tuple[Records | People, ...]:
        """Everything that rows of source files become, people first."""
        return (*self.people, *self.records)

    @model_validator(mode="after")
    def _is_of_the_normal_form(self) -> Mapping:
        for place, one in enumerate(self.records):
            if one.to not in (*FILES, *FACT_FILES):
                raise ValueError(
                    f"records.{place}.to: {one.to} is neither a file of a roster nor facts about "
                    f"students, which are {', '.join((*FILES, *FACT_FILES))}; a column of a "
                    "person may be kept as metadata.NAME"
                )
            if one.to in FACT_FILES and one.distinct:
                raise ValueError(f"records.{place}.distinct: {one.to} takes every row as it is")
            in_order(one.to, one.columns)
            if one.to in FACT_FILES and (missing := FACTS_NEED - one.columns.keys()):
                raise ValueError(
                    f"records.{place}.columns: {one.to} needs {', '.join(sorted(missing))}"
                )
        for person in self.people:
            in_order("users.csv", person.columns)
        for rows in self.rows:
            for column in sorted(set().union(*columns_of(rows))):
                if is_secret(column):
                    raise ValueError(
                        f"{rows.file}: {column} may hold passwords, which are not read"
                    )
        for name in self._map_names():
            if name not in self.maps:
                raise ValueError(f"maps.{name}: there is no value map of that name")
        return self

    def _map_names(self) -> Iterator[str]:
        for cell in (cell for one in self.rows for cell, _ in cells_of(one)):
            if isinstance(cell.map, str):
                yield cell.map


def _filled_in(data: Any, cells: dict[str, Any]) -> Any:
    """The data with the cells in place of their names."""
    if isinstance(data, list):
        return [_filled_in(one, cells) for one in data]
    if not isinstance(data, dict):
        return data
    name = data.get("same_as")
    if isinstance(name, str) and name in cells:
        others = {key: cell for key, cell in cells.items() if key != name}
        own = {key: one for key, one in data.items() if key != "same_as"}
        return {**_filled_in(cells[name], others), **own}
    return {key: _filled_in(one, cells) for key, one in data.items()}


def cells_of(rows: Records | People) -> Iterator[tuple[Cell, bool]]:
    """Every cell that some rows are made of, those within others too, and whether its columns may
    be missing."""
    own = (
        [*rows.columns.values(), rows.role, rows.orgs]
        if isinstance(rows, People)
        else [*rows.columns.values()]
    )
    outer = [(cell, bool(rows.only_with)) for cell in own if cell is not None]
    while outer:
        cell, may_be_missing = outer.pop()
        may_be_missing = may_be_missing or cell.optional
        yield cell, may_be_missing
        outer += [(c, may_be_missing) for c in (*cell.derived, *cell.hashed, *cell.first_of)]


def columns_of(rows: Records | People) -> tuple[set[str], set[str]]:
    """The columns of a source file that some rows need, and those that may be missing."""
    needed = {*rows.needs, *rows.when}
    optional: set[str] = {*rows.each, *rows.unless, *rows.only_with}
    if rows.split is not None:
        needed |= set(rows.each)
    if rows.only_with:
        needed, optional = set(), needed | optional
    for cell, may_be_missing in cells_of(rows):
        named = {*cell.needs, *cell.when, *template_columns(cell.text or "")}
        if cell.column is not None:
            named.add(cell.column)
        if may_be_missing:
            optional |= named
        else:
            needed |= named
        optional |= set(cell.unless)
    return needed - {EACH, FIRST}, optional - needed - {EACH, FIRST}


def load_mapping(path: Path) -> Mapping:
    """The mapping in a TOML file. Raises ``ConfigInvalid`` with file, key, reason and remedy."""
    try:
        content = path.read_text(encoding="utf-8")
        for number, line in enumerate(content.splitlines(), 1):
            if '"MISSING"' in line.partition("#")[0]:
                raise ConfigInvalid(
                    f"{path}, line {number}: a column is still MISSING.",
                    remedy="Name the column of the export that holds it, or take the line out.",
                )
        return Mapping.model_validate(tomllib.loads(content))
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: the mapping cannot be read: {error.strerror}.",
            remedy="Check its place; `rollbook source guess FOLDER` proposes one.",
        ) from None
    except ValidationError as error:
        raise ConfigInvalid(f"{path}: {problems(error)}.", remedy="Mend the mapping.") from None
    except (ValueError, RecursionError) as error:
        raise ConfigInvalid(f"{path}: not TOML: {error}.", remedy="Mend the mapping.") from None
