"""A cell of the normal set made of a row of the source, as the mapping says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from rollbook.roster.records import derived_id
from rollbook.sources.mapped_csv.cell_spec import Cell, Lookup, Words
from rollbook.sources.mapped_csv.formats import dates, numbers, school_years
from rollbook.sources.mapped_csv.templates import filled_in, template_columns
from rollbook.sources.normal_form import listed

Row = Mapping[str, str]
Make = Callable[[Row], str]
Find = Callable[[Lookup], Callable[[str], str]]
"""Gives what looks a value up in another file."""

_DIGITS = 32
"""Hexadecimal digits of a hashed id: 128 bits."""

_PART = "\x1f"


class Cells:
    """Makes cells of the rows of one file, which has the columns that are ``present``."""

    def __init__(
        self, present: frozenset[str], maps: Mapping[str, dict[str, str]], find: Find
    ) -> None:
        self._present = present
        self._maps = maps
        self._find = find

    def maker(self, cell: Cell) -> Make | None:
        """What makes the cell; ``None`` where a column that may be missing is."""
        made = self._made(cell)
        if made is None:
            return None
        steps = self._steps(cell)
        prefix = cell.prefix
        if not (steps or prefix or cell.needs or cell.when or cell.unless):
            return made
        fits = fitting(cell.needs, cell.when, cell.unless)

        def make(row: Row) -> str:
            if not fits(row):
                return ""
            text = made(row)
            for step in steps:
                text = step(text)
            return f"{prefix}{text}" if text and prefix else text

        return make

    def _made(self, cell: Cell) -> Make | None:
        named = {*cell.needs, *cell.when, *template_columns(cell.text or "")}
        named |= {cell.column} if cell.column else set()
        if cell.optional and not named <= self._present:
            return None
        if cell.column is not None:
            return _column(cell.column)
        if cell.value is not None:
            value = cell.value
            return lambda row: value
        if cell.text is not None:
            return filled_in(cell.text)
        makers = [self.maker(one) for one in (*cell.derived, *cell.hashed, *cell.first_of)]
        if cell.first_of:
            there = [make for make in makers if make is not None]
            return (lambda row: next(filter(None, (m(row) for m in there)), "")) if there else None
        parts = [make or (lambda row: "") for make in makers]
        if cell.hashed:
            return lambda row: _hashed([make(row) for make in parts])
        return lambda row: _derived([make(row) for make in parts])

    def _steps(self, cell: Cell) -> list[Callable[[str], str]]:
        steps: list[Callable[[str], str]] = []
        if cell.lookup is not None:
            steps.append(self._find(cell.lookup))
        each: list[Callable[[str], str]] = []
        if cell.date:
            each.append(dates(cell.date))
        if cell.school_year is not None:
            each.append(school_years(cell.school_year))
        if cell.number is not None:
            each.append(numbers(cell.number))
        if cell.map is not None or cell.otherwise is not None:
            words = self._maps[cell.map] if isinstance(cell.map, str) else cell.map or {}
            each.append(_mapped(words, cell.otherwise))
        if cell.contains is not None:
            return [*steps, _contains(cell.contains, cell.split or ",")]
        if cell.split is None:
            return steps + each
        sign = cell.split
        return [*steps, lambda text: listed(_each(text, sign, each))]


def fitting(
    needs: tuple[str, ...], when: Words, unless: Words | None = None
) -> Callable[[Row], bool]:
    """Whether a row has what is asked of it."""
    wanted = {column: {word.casefold() for word in words} for column, words in when.items()}
    barred = {
        column: {word.casefold() for word in words} for column, words in (unless or {}).items()
    }
    if not needs and not wanted and not barred:
        return lambda row: True

    def fits(row: Row) -> bool:
        return (
            all(row.get(column) for column in needs)
            and all(row.get(column, "").casefold() in words for column, words in wanted.items())
            and not any(row.get(column, "").casefold() in words for column, words in barred.items())
        )

    return fits


def _column(name: str) -> Make:
    return lambda row: row.get(name, "")


def _derived(parts: list[str]) -> str:
    return derived_id(*parts) if any(parts) else ""


def _hashed(parts: list[str]) -> str:
    """An id that is the same for the same cells, capitals or not, and tells nothing of them."""
    if not any(parts):
        return ""
    content = _PART.join(" ".join(part.split()).casefold() for part in parts)
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def _mapped(words: Mapping[str, str], otherwise: str | None) -> Callable[[str], str]:
    known = {word.casefold(): meant for word, meant in words.items()}

    def write(text: str) -> str:
        found = known.get(text.casefold())
        if found is not None:
            return found
        return text if otherwise is None or not text else otherwise

    return write


def _contains(word: str, sign: str) -> Callable[[str], str]:
    wanted = word.casefold()

    def write(text: str) -> str:
        if not text:
            return ""
        there = wanted in (part.strip().casefold() for part in text.split(sign))
        return "true" if there else "false"

    return write


def _each(text: str, sign: str, steps: list[Callable[[str], str]]) -> list[str]:
    parts = [part.strip() for part in text.split(sign)]
    for step in steps:
        parts = [step(part) if part else "" for part in parts]
    return parts
