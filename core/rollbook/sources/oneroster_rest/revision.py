"""ClassLink's ``x-perm-rev``: the revision of the data, the same all through a pull."""

from __future__ import annotations

from rollbook.sources.http.client import Answer

_HEADER = "x-perm-rev"


class Revision:
    """The revision that the first answer named, if any did."""

    def __init__(self) -> None:
        self._first: str | None = None

    def changed(self, answer: Answer) -> str | None:
        """What to say where an answer names another one."""
        named = answer.headers.get(_HEADER)
        if named is None:
            return None
        if self._first is None:
            self._first = named
        return None if named == self._first else f"{_HEADER} changed in the middle of the pull."
