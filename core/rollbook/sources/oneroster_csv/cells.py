"""How the cells of a column become the values of a field.

Every reader takes a cell that is not empty, and its line, and gives the value, or ``None`` where
the cell holds none. It raises ``BadCell``, which never repeats what is in the cell: that may be a
name or a password from a column that slipped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rollbook.roster.kinds import Kind
from rollbook.roster.records import Value
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.ids import any_id, is_plain
from rollbook.sources.oneroster_csv.layouts import Cell, Column, Need
from rollbook.sources.oneroster_csv.words import EXTENSION_PREFIX, PLACEHOLDERS

Known = dict[str, Value]
"""Cells that need no second look, and their values."""

CellReader = Callable[[str, int], Value]

Reader = tuple[Known, CellReader]
"""What is known beforehand, which may grow as cells are read, and the reader for the rest."""

_BRACED = re.compile(r"\{([^{}]*)\}")


class BadCell(Exception):
    """A cell that cannot be read: sets the row aside."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Place:
    """Which column of which file is read, where findings go, and the ids seen in any file."""

    column: Column
    file: str
    kind: Kind
    findings: Findings
    ids: Known

    def note(self, code: str, line: int) -> None:
        """One more value of which only the number is told."""
        self.findings.note(code, self.file, line, self.column.header, self.kind)

    def filled(self, cell: str, line: int) -> str | None:
        """The cell without outer space, ``None`` where nothing or a placeholder is left."""
        text = cell.strip()
        if text in PLACEHOLDERS:
            if self.column.cell is Cell.TEXT and self.column.need is Need.EXPECTED:
                self.note("placeholder-kept", line)
                return text
            self.note("placeholder", line)
            return None
        if text != cell and text:
            self.note("outer-space", line)
        return text or None


def text_reader(place: Place) -> Reader:
    """Text as it stands, without outer space."""

    def read(cell: str, line: int) -> Value:
        if cell == cell.strip() and cell not in PLACEHOLDERS:
            return cell
        return place.filled(cell, line)

    return {}, read


def id_reader(place: Place) -> Reader:
    """The id of another record."""

    def read(cell: str, line: int) -> Value:
        return _checked_id(cell, line, place)

    return place.ids, read


def ids_reader(place: Place) -> Reader:
    """Ids between commas, in their order."""
    ids = place.ids

    def read(cell: str, line: int) -> Value:
        found: list[str] = []
        for part in cell.split(","):
            known = ids.get(part) or (part and _checked_id(part, line, place))
            if known:
                found.append(str(known))
        return found or None

    return {}, read


def list_reader(place: Place) -> Reader:
    """Texts between commas, in their order."""
    return {}, _items(place, lambda cell: cell.split(","))


def user_ids_reader(place: Place) -> Reader:
    """``{LDAP:a},{Fed:b}`` as ``["LDAP:a", "Fed:b"]``; without braces, what is between commas."""

    def parts(cell: str) -> list[str]:
        if _BRACED.sub("", cell).strip(", "):
            return cell.split(",")
        return _BRACED.findall(cell)

    return {}, _items(place, parts)


def word_reader(place: Place) -> Reader:
    """One of the column's words, whatever its capitals, or one of the source's own (``ext:``)."""
    words: Known = {word: word for word in place.column.words}
    return words, _word(place, words)


def flag_reader(place: Place) -> Reader:
    """True or false, whatever their capitals."""
    words: Known = {"true": True, "false": False}
    return words, _word(place, words)


def _checked_id(cell: str, line: int, place: Place) -> str | None:
    if is_plain(cell):
        place.ids[cell] = cell
        return cell
    text = place.filled(cell, line)
    if text is None:
        return None
    if bad := any_id(text):
        raise BadCell(bad.code, bad.message, bad.remedy)
    if text == cell:
        place.ids[cell] = cell
    return text


def _items(place: Place, split: Callable[[str], list[str]]) -> CellReader:
    def read(cell: str, line: int) -> Value:
        parts = [part.strip() for part in split(cell)]
        found = [
            None if part in PLACEHOLDERS and place.filled(part, line) is None else part
            for part in parts
        ]
        return [part for part in found if part] or None

    return read


def _word(place: Place, words: Known) -> CellReader:
    column = place.column
    spelt = {word.casefold(): value for word, value in words.items()}

    def read(cell: str, line: int) -> Value:
        text = cell.strip()
        if not text or text in PLACEHOLDERS:
            return place.filled(cell, line)
        value = spelt.get(text.casefold())
        if value is not None:
            place.note("case-variant", line)
            return value
        if column.cell is Cell.WORD and text.startswith(EXTENSION_PREFIX):
            return text
        if column.lenient:
            place.note("value-left-out", line)
            return None
        raise BadCell(
            "bad-value",
            f"{column.header} is none of OneRoster's words.",
            f"Have the export write one of: {', '.join(sorted(words))}.",
        )

    return read
