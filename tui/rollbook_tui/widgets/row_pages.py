"""A window of pages over a list of rows that is far too long to hold."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Generic, Protocol, TypeVar

Row = TypeVar("Row")
Row_co = TypeVar("Row_co", covariant=True)

PAGE_ROWS = 256
KEPT_PAGES = 64


class RowSource(Protocol[Row_co]):
    """Any list that can be counted and read by the page, such as ``ChangeList``."""

    def __len__(self) -> int: ...

    def rows(self, start: int, stop: int, /) -> Sequence[Row_co]:
        """The rows from ``start`` up to ``stop``; fewer where the list has grown shorter."""
        ...


class HeldRows(Generic[Row]):
    """A short list that is in memory anyway, as a ``RowSource``."""

    def __init__(self, rows: Sequence[Row] = ()) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, start: int, stop: int, /) -> Sequence[Row]:
        """The rows from ``start`` up to ``stop``."""
        return self._rows[start:stop]


class RowPages(Generic[Row]):
    """Reads a source by pages of 256 and keeps the 64 used last.

    The length is asked once: the list is what it was when it was opened.
    """

    def __init__(self, source: RowSource[Row]) -> None:
        self._source = source
        self._length = len(source)
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    @classmethod
    def opened(cls, source: RowSource[Row]) -> RowPages[Row]:
        """A source counted and its first page read, which is what may take a while."""
        pages = cls(source)
        pages.row(0)
        return pages

    def __len__(self) -> int:
        return self._length

    def row(self, index: int) -> Row | None:
        """The row at ``index``, read when it is not at hand; ``None`` where there is none."""
        if not 0 <= index < self._length:
            return None
        number, offset = divmod(index, PAGE_ROWS)
        page = self._pages.get(number)
        if page is None:
            page = self.read(number)
            self.keep(number, page)
        else:
            self._pages.move_to_end(number)
        return page[offset] if offset < len(page) else None

    def missing(self, start: int, stop: int) -> Iterator[int]:
        """The pages between two rows that are not at hand, nearest to ``start`` first."""
        last = (min(stop, self._length) - 1) // PAGE_ROWS
        for number in range(max(0, start) // PAGE_ROWS, last + 1):
            if number not in self._pages:
                yield number

    def read(self, number: int) -> Sequence[Row]:
        """A page from the source; touches nothing here, so that it may run in a thread."""
        start = number * PAGE_ROWS
        return self._source.rows(start, min(start + PAGE_ROWS, self._length))

    def keep(self, number: int, page: Sequence[Row]) -> None:
        """Hold a page that was read, and let go of the one not used for longest."""
        self._pages[number] = page
        self._pages.move_to_end(number)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
