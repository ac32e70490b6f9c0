"""Pages of a long list: few reads, few kept."""

from __future__ import annotations

from rollbook_tui.widgets.row_pages import KEPT_PAGES, PAGE_ROWS, HeldRows, RowPages


class Counted:
    """A list of numbers that notes what is read of it."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.reads: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return self.length

    def rows(self, start: int, stop: int, /) -> list[int]:
        self.reads.append((start, stop))
        return list(range(start, min(stop, self.length)))


def test_a_page_is_read_once() -> None:
    source = Counted(1_000_000)
    pages = RowPages(source)
    assert [pages.row(index) for index in (0, 5, 255)] == [0, 5, 255]
    assert source.reads == [(0, PAGE_ROWS)]


def test_the_last_page_is_asked_for_no_more_than_there_is() -> None:
    source = Counted(300)
    assert RowPages(source).row(299) == 299
    assert source.reads == [(256, 300)]


def test_beyond_the_list_there_is_nothing() -> None:
    source = Counted(3)
    pages = RowPages(source)
    assert pages.row(3) is None
    assert pages.row(-1) is None
    assert source.reads == []


def test_a_list_that_grew_shorter_has_no_row_there() -> None:
    source = Counted(10)
    pages = RowPages(source)
    source.length = 4
    assert pages.row(3) == 3
    assert pages.row(7) is None


def test_the_page_not_used_for_longest_is_let_go_of() -> None:
    source = Counted(PAGE_ROWS * (KEPT_PAGES + 1))
    pages = RowPages(source)
    for number in range(KEPT_PAGES):
        pages.row(number * PAGE_ROWS)
    pages.row(0)
    pages.row(KEPT_PAGES * PAGE_ROWS)
    source.reads.clear()
    pages.row(1)
    assert source.reads == []
    pages.row(PAGE_ROWS)
    assert source.reads == [(PAGE_ROWS, 2 * PAGE_ROWS)]


def test_what_is_missing_is_what_was_not_read() -> None:
    pages = RowPages(Counted(2_000))
    pages.row(300)
    assert list(pages.missing(-50, 900)) == [0, 2, 3]
    assert list(pages.missing(1_900, 9_000)) == [7]
    assert list(RowPages(Counted(0)).missing(-5, 5)) == []


def test_opening_reads_the_first_page() -> None:
    source = Counted(1_000)
    pages = RowPages.opened(source)
    assert source.reads == [(0, PAGE_ROWS)]
    assert pages.row(7) == 7
    assert len(RowPages.opened(HeldRows[int]())) == 0
