"""Which notes each line of a file gave rise to, so that they can be told again unread.

A line that is known need not be read a second time, but what there was to note about it holds as
long as it stands there. So a line's notes are kept as the number of their set; 0 is no note.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence, Set

Note = tuple[str, str | None]
"""A code of ``NOTES`` and the column that it is about."""

MOST_SETS = 60_000
"""Sets that are told apart: more would not fit into 16 bits, and no file needs them."""


class LineNotes:
    """The notes of the lines of one file."""

    def __init__(self) -> None:
        self.sets: list[tuple[Note, ...]] = [()]
        self._numbers: dict[tuple[Note, ...], int] = {(): 0}
        self._next: dict[tuple[int, Note], int] = {}
        self._of_line = array("H")
        self._spoken: set[int] = set()

    def know(self, sets: Iterable[Sequence[Sequence[str | None]]]) -> None:
        """Take over the sets of an earlier reading, under their numbers."""
        for position, notes in enumerate(sets):
            found = tuple((str(code), field) for code, field in notes)
            if position:
                self._numbers[found] = position
                self.sets.append(found)

    def speak(self, line: int) -> None:
        """A line has a finding of its own: it is read each time."""
        self._spoken.add(line)

    def note(self, line: int, code: str, field: str | None) -> None:
        """One more note about a line; a line may have the same note twice."""
        if line >= len(self._of_line):
            self._of_line.extend([0] * (line + 1 - len(self._of_line)))
        before = self._of_line[line]
        step = before, (code, field)
        after = self._next.get(step)
        if after is None:
            notes = tuple(sorted((*self.sets[before], (code, field)), key=repr))
            after = self._numbers.get(notes)
            if after is None:
                if len(self.sets) >= MOST_SETS:
                    self.speak(line)
                    return
                after = self._numbers[notes] = len(self.sets)
                self.sets.append(notes)
            self._next[step] = after
        self._of_line[line] = after

    @property
    def numbers(self) -> array[int]:
        """The number of each line's set of notes, by line; lines beyond it have none."""
        return self._of_line

    @property
    def spoken(self) -> Set[int]:
        """The lines that have to be read each time."""
        return self._spoken
