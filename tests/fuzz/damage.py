"""Damage to a file, with the memory of where each byte of it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hypothesis import strategies as st

from fuzz.scraps import some_bytes

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_FOREIGN = -1


@dataclass(frozen=True)
class Edit:
    """One act of damage. ``at`` and ``to`` are places, taken modulo what there is."""

    act: str
    at: int
    to: int
    scrap: bytes


ACTS = (
    *("put", "put", "over", "take", "cut", "copy", "cell", "cell", "join", "split"),
    *("drop line", "repeat line", "move line", "scrap line"),
)

edits = st.builds(
    Edit, st.sampled_from(ACTS), st.integers(0, 1 << 16), st.integers(0, 1 << 16), some_bytes
)


@dataclass
class Damaged:
    """The bytes of a file, and for each its place in the good one, or -1."""

    good: bytes
    content: bytearray = field(init=False)
    places: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.content = bytearray(self.good)
        self.places = list(range(len(self.good)))

    def do(self, edit: Edit) -> None:
        """Damage the file once more."""
        size = len(self.content)
        if not size:
            return
        at = edit.at % size
        near = min(size, at + 1 + edit.to % 40)
        lines = self._lines()
        begin, end = lines[edit.at % len(lines)]
        other, _ = lines[edit.to % len(lines)]
        match edit.act:
            case "put":
                self._put(at, at, edit.scrap)
            case "over":
                self._put(at, min(size, at + len(edit.scrap)), edit.scrap)
            case "take":
                self._put(at, near, b"")
            case "cut":
                self._put(at, size, b"")
            case "copy":
                self._copy(at, near, edit.to % size)
            case "cell":
                first, last = self._cell(begin, end, edit.to)
                self._put(first, last, edit.scrap)
            case "join":
                content = bytes(self.content[begin:end]).rstrip(b"\r\n")
                self._put(begin + len(content), end, b"")
            case "split":
                self._put(at, at, b"\r\n" if edit.to % 2 else b"\n")
            case "drop line":
                self._put(begin, end, b"")
            case "repeat line":
                self._copy(begin, end, other)
            case "move line":
                self._copy(begin, end, other)
                shift = end - begin if other <= begin else 0
                self._put(begin + shift, end + shift, b"")
            case "scrap line":
                self._put(begin, begin, edit.scrap + b"\r\n")

    def lines(self) -> list[bytes]:
        """The lines as they are now, without their ends."""
        return [bytes(self.content[a:b]).rstrip(b"\r\n") for a, b in self._lines()]

    def where(self, start: int, stop: int) -> list[tuple[bool, bytes]]:
        """Where the good file's bytes ``start:stop`` stand together: whether at the beginning of
        a line, and that line."""
        found: list[tuple[bool, bytes]] = []
        wanted = list(range(start, stop))
        for begin, end in self._lines():
            here = self.places[begin:end]
            at = here.index(start) if start in here else None
            while at is not None:
                if here[at : at + len(wanted)] == wanted:
                    found.append((at == 0, bytes(self.content[begin:end])))
                at = here.index(start, at + 1) if start in here[at + 1 :] else None
        return found

    def _lines(self) -> list[tuple[int, int]]:
        spans = [match.span() for match in _LINE.finditer(bytes(self.content))]
        return [span for span in spans if span[0] < span[1]] or [(0, 0)]

    def _cell(self, begin: int, end: int, number: int) -> tuple[int, int]:
        content = bytes(self.content[begin:end]).rstrip(b"\r\n")
        cells = content.split(b",")
        at = number % len(cells)
        first = begin + sum(len(cell) + 1 for cell in cells[:at])
        return first, first + len(cells[at])

    def _put(self, start: int, stop: int, scrap: bytes) -> None:
        self.content[start:stop] = scrap
        self.places[start:stop] = [_FOREIGN] * len(scrap)

    def _copy(self, start: int, stop: int, to: int) -> None:
        self.content[to:to] = self.content[start:stop]
        self.places[to:to] = self.places[start:stop]
