"""What was measured, and what the project set out to reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from .costs import Cost
from .homes import Day
from .peers import DUCKDB

GIB = 1024
"""A GiB in MiB."""

SMALLEST = 100_000
"""Students of a size that has targets: in a smaller one, starting Python outweighs the rest."""

WARM_STUDENTS = 5_000


@dataclass(slots=True)
class SizeResults:
    """All of one size. ``inserted`` are CPU seconds of bare inserts by day and by what was
    inserted; ``rows`` the numbers of these rows."""

    students: int
    days: dict[str, Day] = field(default_factory=dict)
    peers: dict[str, dict[str, Cost]] = field(default_factory=dict)
    inserted: dict[str, dict[str, float]] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A number that was measured, and the limit that it must not pass."""

    what: str
    measured: float
    limit: float
    unit: str = "×"

    @property
    def met(self) -> bool:
        """Whether the limit holds."""
        return self.measured <= self.limit


def targets(sizes: list[SizeResults], warm: dict[str, float]) -> Iterator[Target]:
    """Every target that can be told from what was measured.

    ``warm`` are CPU seconds by day of a district of ``WARM_STUDENTS`` in a warm worker.
    """
    large = [results for results in sizes if results.students >= SMALLEST]
    for results in large:
        yield from _of_size(results)
    for smaller, larger in pairwise(large):
        yield from _growth(smaller, larger)
    for day, limit in (("unchanged", 40), ("next", 150)):
        if day in warm:
            size = f"{WARM_STUDENTS:,} students, warm, {day}"
            yield Target(f"{size}: CPU", warm[day] * 1000, limit, "ms")


def _of_size(results: SizeResults) -> Iterator[Target]:
    size, days = f"{results.students:,}", results.days
    large = results.students >= 1_000_000
    for day, limit in (("unchanged", 0.2), ("next", 0.4 if large else 0.6)):
        if day in days:
            peer = results.peers[day][DUCKDB].cpu
            yield Target(f"{size}, {day}: CPU to DuckDB’s", days[day].cost.cpu / peer, limit)
    for day in ("touched", "next-touched"):
        if day in days and "next" in days:
            ratio = days[day].cost.cpu / days["next"].cost.cpu
            yield Target(f"{size}, {day}: CPU to the next day’s", ratio, 2)
    for day, inserted in results.inserted.items():
        for what, cpu in inserted.items():
            ratio = days[day].cost.cpu / cpu
            yield Target(f"{size}, {day}: CPU to a bare insert of {what}", ratio, 2)
    if large:
        for day, trip in days.items():
            limit = 4 * GIB if day in ("first", "rollover") else 2 * GIB
            yield Target(f"{size}, {day}: peak memory", trip.cost.peak, limit, "MiB")


def _growth(smaller: SizeResults, larger: SizeResults) -> Iterator[Target]:
    times = larger.students / smaller.students
    span = f"{smaller.students:,} to {larger.students:,}"
    for day in smaller.days:
        if day in larger.days:
            ratio = larger.days[day].cost.cpu / smaller.days[day].cost.cpu
            yield Target(f"{span}, {day}: CPU grows by", ratio, times)
