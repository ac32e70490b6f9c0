"""A first look at an API: one page of each list, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rollbook.errors import InputRefused, SourceUnreachable


@dataclass(frozen=True, slots=True)
class Look:
    """One list, and what was found in words; ``error`` where it could not be read."""

    name: str
    found: str = ""
    error: InputRefused | SourceUnreachable | None = None


def each(lists: Iterable[tuple[str, Callable[[], str]]]) -> Iterator[Look]:
    """Look at one list after the other; one that cannot be read does not keep from the next.

    Where the first gets no answer of use, nothing does.
    """
    for number, (name, look) in enumerate(lists):
        try:
            yield Look(name, look())
        except (InputRefused, SourceUnreachable) as error:
            yield Look(name, error=error)
            if not number and isinstance(error, SourceUnreachable):
                return


def in_words(read: int, total: int | None = None) -> str:
    """How many rows came, and of how many where the server says so."""
    if not read:
        return "answers, and has nothing"
    rows = f"{read:,} {'row' if read == 1 else 'rows'} read"
    return f"{rows}, {total:,} in all" if total is not None else rows
