"""Up to where a server has told its changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rollbook.sources.http.waiting import date_of
from rollbook.sources.moments import moment_of

_MARGIN = timedelta(minutes=5)
"""A record that changes while the lists are read may carry an earlier date than another that was
read: from so long before the pull on, changes are asked for again."""


class Newest:
    """The latest ``dateLastModified`` of all, and no later than the pull by the server's clock.

    ``since`` that date are the changes that are asked for, ``None`` where it is everything. Where
    one record has no date, or the server tells no time, nothing is told: then everything is asked
    for the next time.
    """

    def __init__(self, since: str | None) -> None:
        self.since = since
        self._moment = moment_of(since) if since else None
        self._begun: datetime | None = None
        self._unknown = False

    def begin(self, date: str | None) -> None:
        """Take in the ``Date`` of an answer; the first one counts."""
        if self._begun is None and date is not None:
            self._begun = date_of(date)

    def note(self, stamp: str) -> None:
        """Take in the date of a record."""
        moment = moment_of(stamp)
        if moment is None:
            self._unknown = True
        elif self._moment is None or moment > self._moment:
            self._moment = moment

    @property
    def told(self) -> str | None:
        """Where to go on from; ``None`` where that is not known."""
        if self._unknown or self._moment is None or self._begun is None:
            return None
        moment = min(self._moment, self._begun - _MARGIN).astimezone(UTC)
        return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"
