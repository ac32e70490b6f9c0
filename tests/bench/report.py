"""The tables that ``make bench`` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .costs import Cost
from .results import SizeResults, Target

ROLLBOOK = "rollbook"


def size_lines(results: SizeResults) -> Iterator[str]:
    """A size: each day with its stages and its peers, and how they compare in CPU time."""
    for day, trip in results.days.items():
        held = f", {trip.approved} approvals" if trip.approved else ""
        yield ""
        yield f"{results.students:,} students, {day} ({trip.applied:,} changes applied{held})"
        yield f"  {'':<28} {'CPU s':>9} {'wall s':>9} {'peak MiB':>9} {'× CPU':>7}"
        for stage, cost in trip.stages.items():
            yield _line(f"  {stage}", cost, None)
        yield _line(ROLLBOOK, trip.cost, None)
        for peer, cost in reversed(results.peers[day].items()):
            yield _line(peer, cost, trip.cost)
        for what, cpu in results.inserted.get(day, {}).items():
            rows = results.rows[day][what]
            words = f"bare insert, {what}"
            ratio = trip.cost.cpu / cpu
            yield f"  {words:<28} {cpu:9.3f} {'':>9} {'':>9} {ratio:7.2f}  ({rows:,} rows)"


def _line(name: str, cost: Cost, ours: Cost | None) -> str:
    ratio = f"{ours.cpu / cost.cpu:7.2f}" if ours is not None and cost.cpu else ""
    return f"  {name:<28} {cost.cpu:9.3f} {cost.wall:9.3f} {cost.peak:9.0f} {ratio:>7}".rstrip()


def warm_lines(students: int, warm: dict[str, float]) -> Iterator[str]:
    """A small district in a warm worker."""
    yield ""
    yield f"{students:,} students in a warm worker, CPU of a sync"
    for day, cpu in warm.items():
        yield f"  {day:<28} {cpu * 1000:9.1f} ms"


def target_lines(found: Sequence[Target]) -> Iterator[str]:
    """Every target: measured, limit, met or not."""
    yield ""
    yield "Targets"
    for target in found:
        verdict = "met" if target.met else "NOT MET"
        number = f"{target.measured:.2f}" if target.unit == "×" else f"{target.measured:.0f}"
        yield (
            f"  {target.what:<58} {number:>8} {target.unit:<3} "
            f"limit {target.limit:g} {target.unit}  {verdict}"
        )
    missed = sum(not target.met for target in found)
    yield f"  {len(found) - missed} of {len(found)} met"
