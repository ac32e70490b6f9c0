"""What goes wrong with which request, told to a server beforehand."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum, auto


class Mode(StrEnum):
    """A way to go wrong. The first lot replaces an answer, the second one damages its rows."""

    UNAUTHORISED = auto()
    FORBIDDEN = auto()
    BUSY = auto()
    BUSY_IN_HTML = auto()
    FAILS = auto()
    RESET = auto()
    SLOW = auto()
    LOGIN_PAGE = auto()
    NOT_FOUND = auto()

    SHORT_PAGE = auto()
    LOST_ROW = auto()
    CUT_LIMIT = auto()
    ALWAYS_SEVEN = auto()
    NO_TOTAL = auto()
    DRIFTING_TOTAL = auto()
    LARGER_TOTAL = auto()
    SMALLER_TOTAL = auto()
    ZERO_TOTAL = auto()
    WRONG_COUNT = auto()
    DUPLICATE_ROWS = auto()
    TWO_STORIES = auto()
    SHIFTED = auto()
    ENDLESS = auto()
    EMPTY = auto()
    NO_LIST = auto()
    RELATIVE_HREFS = auto()
    NO_USERNAMES = auto()
    NO_TITLES = auto()
    FLAGS_AS_TEXT = auto()
    OTHER_REVISION = auto()
    NEXT_ELSEWHERE = auto()
    REPEATED_NEXT = auto()
    NO_NEXT = auto()


@dataclass(slots=True)
class Break:
    """``mode`` on the requests for ``path`` (all for ``""``), on one ``page`` (from 1) or on all;
    so many ``times``, or for ever."""

    mode: Mode
    path: str = ""
    page: int | None = None
    times: int | None = None


@dataclass(slots=True)
class Breaks:
    """What is to go wrong, and a note of every request that came: path, page.

    ``meanwhile`` is called with each before it is answered: the district may change."""

    planned: list[Break] = field(default_factory=list)
    seen: list[tuple[str, int]] = field(default_factory=list)
    meanwhile: Callable[[str], None] = lambda path: None

    def plan(
        self, mode: Mode, path: str = "", *, page: int | None = None, times: int | None = None
    ) -> None:
        """Let something go wrong from now on."""
        self.planned.append(Break(mode, path, page, times))

    def of(self, path: str, page: int) -> frozenset[Mode]:
        """What goes wrong with this request; what was to happen some times only is counted."""
        self.seen.append((path, page))
        self.meanwhile(path)
        modes: set[Mode] = set()
        for one in self.planned:
            if one.path in ("", path) and one.page in (None, page) and one.times != 0:
                if one.times is not None:
                    one.times -= 1
                modes.add(one.mode)
        return frozenset(modes)

    def pages(self, path: str) -> list[int]:
        """The pages of a path that were asked for, in order."""
        return [page for one, page in self.seen if one == path]


def first_of(modes: Collection[Mode], among: Collection[Mode]) -> Mode | None:
    """The mode of a lot that is to happen."""
    return next((mode for mode in among if mode in modes), None)
