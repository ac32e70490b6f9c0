"""Up to where a server has told its changes."""

from __future__ import annotations

from datetime import UTC, datetime


class Newest:
    """The latest ``dateLastModified`` of all, as the server wrote it; ``since`` that date are the
    changes that are asked for, ``None`` where it is everything.

    Where one record has none, nothing is told: it would never be among the changes.
    """

    def __init__(self, since: str | None) -> None:
        self.since = since
        self._told = since
        self._moment = _moment(since) if since else None
        self._unknown = False

    def note(self, stamp: str) -> None:
        """Take in the date of a record."""
        moment = _moment(stamp)
        if moment is None:
            self._unknown = True
        elif self._moment is None or moment > self._moment:
            self._told, self._moment = stamp, moment

    @property
    def told(self) -> str | None:
        """The latest of all dates; ``None`` where a record had none that can be read."""
        return None if self._unknown else self._told


def _moment(stamp: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
