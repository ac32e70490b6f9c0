"""The rows of a list, which of them the filter shows, and which are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class FilteredRows(Generic[T]):
    """Rows of any number, told apart by ``key`` when they are read again.

    ``words`` is what the filter looks in: all of its words must occur there. ``counted`` tells
    which rows count, and may be marked.
    """

    def __init__(
        self, key: Callable[[T], str], words: Callable[[T], str], counted: Callable[[T], bool]
    ) -> None:
        self.key = key
        self._words = words
        self._counted = counted
        self.all: Sequence[T] = ()
        self.shown: Sequence[T] = ()
        self.filter = ""
        self.marks: frozenset[str] = frozenset()

    @property
    def marked(self) -> tuple[T, ...]:
        """The marked rows, also those that the filter hides."""
        if not self.marks:
            return ()
        return tuple(row for row in self.all if self.key(row) in self.marks)

    @property
    def title(self) -> str:
        """How many there are: ``14``, or ``3 of 14`` behind a filter."""
        shown = f"{sum(map(self._counted, self.shown)):,}"
        return f"{shown} of {sum(map(self._counted, self.all)):,}" if self.filter else shown

    @property
    def notes(self) -> str:
        """The filter, and how many are marked."""
        notes = [f"/{self.filter}"] if self.filter else []
        if self.marks:
            notes.append(f"{len(self.marks):,} marked")
        return " · ".join(notes)

    def read(self, rows: Sequence[T]) -> None:
        """Take a newer reading; marks stay on the rows that are still there."""
        self.all = rows
        self.marks &= {self.key(row) for row in rows}
        self.show(self.filter)

    def show(self, text: str) -> None:
        """Show the rows that have every word of ``text``; the empty text shows all."""
        self.filter = text
        wanted = text.casefold().split()
        self.shown = [
            row for row in self.all if all(word in self._words(row).casefold() for word in wanted)
        ]

    def position(self, key: str | None) -> int | None:
        """Where the row with that key is shown."""
        for position, row in enumerate(self.shown):
            if self.key(row) == key:
                return position
        return None

    def toggle(self, row: T) -> None:
        """Mark a row that counts, or take its mark."""
        if self._counted(row):
            self.marks ^= {self.key(row)}

    def toggle_all(self) -> None:
        """Mark every row shown, or none where all of them are marked."""
        shown = frozenset(self.key(row) for row in self.shown if self._counted(row))
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown
