"""Which rows of a list are marked, kept as stretches so that a million marks cost nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator


class RowMarks:
    """Marked rows as sorted stretches that neither touch nor overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []

    def __len__(self) -> int:
        return sum(self._stops) - sum(self._starts)

    def __contains__(self, index: int) -> bool:
        position = bisect_right(self._starts, index) - 1
        return position >= 0 and index < self._stops[position]

    def __iter__(self) -> Iterator[int]:
        for stretch in self.stretches():
            yield from stretch

    def stretches(self) -> Iterator[range]:
        """The stretches of marked rows, in order."""
        for start, stop in zip(self._starts, self._stops, strict=True):
            yield range(start, stop)

    def toggle(self, index: int) -> None:
        """Mark a row, or take its mark away."""
        if index in self:
            self._put([(s, e) for s, e in self._without(index)])
        else:
            self.mark(index, index + 1)

    def mark(self, start: int, stop: int) -> None:
        """Mark the rows from ``start`` up to ``stop``."""
        merged: list[tuple[int, int]] = []
        for begin, end in sorted([*zip(self._starts, self._stops, strict=True), (start, stop)]):
            if merged and begin <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((begin, end))
        self._put(merged)

    def clear(self) -> None:
        """Take every mark away."""
        self._put([])

    def _without(self, index: int) -> Iterator[tuple[int, int]]:
        for start, stop in zip(self._starts, self._stops, strict=True):
            if not start <= index < stop:
                yield start, stop
                continue
            if start < index:
                yield start, index
            if index + 1 < stop:
                yield index + 1, stop

    def _put(self, stretches: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in stretches]
        self._stops = [stop for _, stop in stretches]
