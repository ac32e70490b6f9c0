"""The rows of one file as values by id, and what was set aside on the way."""

from __future__ import annotations

from array import array
from collections.abc import Collection
from dataclasses import dataclass, field

from rollbook.roster.records import Values
from rollbook.sources.oneroster_csv.layouts import Layout
from rollbook.sources.roster import FileFacts


@dataclass(slots=True)
class Rows:
    """What came out of one file, ``file`` by name.

    ``values`` are the good rows by id, in file order, and ``lines`` their lines. ``quarantined``
    are the rows that were set aside, with the values that could be read (none where cells may
    have slipped). ``removed`` are the lines of rows that say of themselves that they are gone.
    ``trusted`` is false once a row's id could not be told: then nobody may be called absent.
    ``fields`` are the fields that the file has columns for. ``secrets`` says that a row may hold a
    password, of which nothing but that is looked at.
    """

    layout: Layout
    file: str
    fields: frozenset[str]
    values: dict[str, Values] = field(default_factory=dict)
    lines: array[int] = field(default_factory=lambda: array("L"))
    quarantined: list[tuple[str, Values]] = field(default_factory=list)
    removed: dict[str, int] = field(default_factory=dict)
    trusted: bool = True
    total: int = 0
    rejected: int = 0
    secrets: bool = False

    @property
    def facts(self) -> FileFacts:
        """The file's counts."""
        return FileFacts(self.file, self.total, self.rejected)

    @property
    def protected(self) -> set[str]:
        """The ids that the rows set aside name."""
        return {record_id for record_id, _ in self.quarantined}

    def lines_of(self, ids: Collection[str]) -> dict[str, int]:
        """The lines of the good rows with these ids, in one pass."""
        return {
            record_id: line
            for record_id, line in zip(self.values, self.lines, strict=True)
            if record_id in ids
        }

    def drop(self, ids: Collection[str]) -> None:
        """Take good rows out again."""
        kept = array("L")
        for record_id, line in zip(list(self.values), self.lines, strict=True):
            if record_id in ids:
                del self.values[record_id]
            else:
                kept.append(line)
        self.lines = kept
