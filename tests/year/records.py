"""What is written down of a lived year, for its report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """What a hold turned out to be."""

    CAUGHT = "an accident"
    ASKED = "announced"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that was raised: on what day, why, and whether that was right."""

    day: date
    rule: str
    what: str
    count: int
    base: int
    why: str
    verdict: Verdict
    because: str


@dataclass(frozen=True, slots=True)
class Planted:
    """An accident that was planted: what became of the run, by which rules, and the harm done."""

    day: date
    name: str
    expected: tuple[str, ...]
    state: str
    rules: tuple[str, ...]
    message: str
    harm: Counter[str]

    @property
    def stopped(self) -> bool:
        """Whether it was held or refused, or did nothing at all, and did no harm."""
        return (bool(self.rules) or self.state in ("INPUT_REFUSED", "NOOP")) and not self.harm


@dataclass(frozen=True, slots=True)
class Seen:
    """The season that was shown from a day on, and the one that it really was."""

    day: date
    shown: str
    true: str
    days: int = 1


@dataclass
class Lived:
    """All that is written down of one district's year."""

    district: str
    runs: int = 0
    quiet_runs: int = 0
    ordinary_runs: int = 0
    holds: list[Hold] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    said: list[tuple[date, str]] = field(default_factory=list)
    seasons: list[Seen] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def see(self, day: date, shown: str, true: str) -> None:
        """Note the season of a day, where it is another one than the day before."""
        last = self.seasons[-1] if self.seasons else None
        if last and (last.shown, last.true) == (shown, true):
            self.seasons[-1] = replace(last, days=last.days + 1)
        else:
            self.seasons.append(Seen(day, shown, true))

    @property
    def wrong_days(self) -> int:
        """On how many days another season was shown than it was."""
        return sum(seen.days for seen in self.seasons if seen.shown != seen.true)

    @property
    def false_holds(self) -> list[Hold]:
        """Holds of an ordinary day's true file."""
        return [hold for hold in self.holds if hold.verdict is Verdict.FALSE]

    @property
    def missed(self) -> list[Planted]:
        """Accidents that were not stopped, or not before they did harm."""
        return [accident for accident in self.planted if not accident.stopped]
