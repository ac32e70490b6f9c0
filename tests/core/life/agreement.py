"""Who agreed to what and when: kept beside the engine, and held against what went in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from core.life.resting import begins

GOOD_FOR = timedelta(hours=24)
LEEWAY = timedelta(minutes=5)
"""How far into the future an approval may lie that counts: two clocks are never quite the same."""


@dataclass
class Agreement:
    """What people said, by hold, and the run that each word was used for."""

    given: dict[str, list[tuple[str, datetime]]] = field(default_factory=lambda: defaultdict(list))
    used: dict[tuple[str, str, datetime], str] = field(default_factory=dict)

    def say(self, hold: str, who: str, at: datetime) -> None:
        """Somebody approves a hold."""
        self.given[hold].append((who, at))

    def enough(
        self, hold: Row[Any], holds: dict[str, Row[Any]], at: datetime, pauses: Iterable[Row[Any]]
    ) -> bool:
        """Whether a hold, or one that it was carried over from, had as many good approvals as it
        wants when its run wrote; they are used up by that run."""
        begun = [begins(pause) for pause in pauses]
        good: dict[str, tuple[str, str, datetime]] = {}
        of: str | None = hold.id
        while of is not None:
            for who, said in self.given[of]:
                word = (of, who, said)
                used = self.used.get(word)
                young = said <= at + LEEWAY and at - said < GOOD_FOR
                rested = any(said < begin <= at for begin in begun)
                if used == hold.run or (used is None and young and not rested):
                    good[who] = word
            of = holds[of].carried_from
        self.used |= dict.fromkeys(good.values(), hold.run)
        wanted: int = hold.approvers
        return len(good) >= wanted
