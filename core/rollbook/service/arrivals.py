"""Looking for files that have arrived, and waiting until nobody writes to them any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rollbook.config.district import District
from rollbook.desk.arrivals import is_remote, look
from rollbook.desk.desk import Desk
from rollbook.desk.schedules import last_arrival

HERE_EVERY = timedelta(seconds=20)
"""How often files on this machine are looked at; the same at two looks, they have settled."""

AWAY_EVERY = timedelta(minutes=5)
"""How often a server is logged in to. A sync waits itself until a drop there has settled."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class Arrivals:
    """What each district's files were at the last look, and when that was."""

    _looked: dict[str, datetime] = field(default_factory=dict)
    _seen: dict[str, str] = field(default_factory=dict)

    def to_look_at(self, districts: Iterable[District], now: datetime) -> list[District]:
        """The districts whose files are to be looked at now."""
        return [district for district in districts if self.next_look(district) <= now]

    def next_look(self, district: District) -> datetime:
        """When a district's files are to be looked at next."""
        looked = self._looked.get(district.id)
        if looked is None:
            return _LONG_AGO
        return looked + (AWAY_EVERY if is_remote(district) else HERE_EVERY)

    def settled(self, desk: Desk, district: District, now: datetime) -> str | None:
        """A digest of files that have settled and were not read yet; looks at them now."""
        arrival = look(district)
        self._looked[district.id] = now
        before = self._seen.get(district.id)
        if arrival is None:
            self._seen.pop(district.id, None)
            return None
        self._seen[district.id] = arrival
        if not is_remote(district) and arrival != before:
            return None
        return arrival if last_arrival(desk, district.id) != arrival else None
