"""The changes of lanes that go in, kind by kind, as the SQL that writes them sees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from rollbook.directory.tables import changes, lane_counts
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, Kind


@dataclass(frozen=True, slots=True)
class LaneChanges:
    """The changes of a kind in some lanes of a run, of which there are ``numbers`` by verb.

    ``lanes`` are their numbers as SQL lists them. All changes of the kind stand in ``span``: each
    statement would go through the whole run otherwise.
    """

    district: str
    run: str
    kind: Kind
    lanes: str
    span: range
    numbers: Mapping[Verb, int]

    @property
    def chosen(self) -> str:
        """The condition on the change ``c``; ``values`` are its parameters."""
        return (
            "c.run = :run AND c.seq >= :first AND c.seq < :end "
            f"AND c.kind = :kind AND c.lane IN ({self.lanes})"
        )

    @property
    def values(self) -> dict[str, object]:
        """The parameters of ``chosen``, and the district."""
        return {
            "district": self.district,
            "run": self.run,
            "kind": self.kind,
            "first": self.span.start,
            "end": self.span.stop,
        }

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(self.numbers.values())


def changes_of_lanes(
    connection: Connection, district: str, run: str, lanes: Collection[int]
) -> dict[Kind, LaneChanges]:
    """What is to be written, in the order of the kinds; kinds without a change are left out."""
    query = (
        select(lane_counts.c.kind, lane_counts.c.verb, func.sum(lane_counts.c.changes))
        .where(lane_counts.c.run == run, lane_counts.c.lane.in_(sorted(lanes)))
        .group_by(lane_counts.c.kind, lane_counts.c.verb)
    )
    numbers: dict[Kind, dict[Verb, int]] = {}
    for kind, verb, number in connection.execute(query):
        numbers.setdefault(Kind(kind), {})[Verb(verb)] = number
    spans = _spans(connection, run)
    listed = ", ".join(str(int(lane)) for lane in sorted(lanes))
    return {
        kind: LaneChanges(district, run, kind, listed, spans[kind], numbers[kind])
        for kind in sorted(numbers, key=KIND_ORDER.__getitem__)
    }


def _spans(connection: Connection, run: str) -> dict[Kind, range]:
    """Where the changes of each kind of a run stand; anywhere, unless they are in their order."""
    query = select(lane_counts.c.kind, func.sum(lane_counts.c.changes).label("n"))
    counted = query.where(lane_counts.c.run == run).group_by(lane_counts.c.kind)
    numbers = {Kind(row.kind): int(row.n) for row in connection.execute(counted)}
    spans: dict[Kind, range] = {}
    end = 0
    for kind in sorted(numbers, key=KIND_ORDER.__getitem__):
        spans[kind] = range(end, end := end + numbers[kind])
    edges = [edge for span in spans.values() for edge in (span.start, span.stop - 1)]
    there = select(changes.c.seq, changes.c.kind).where(
        changes.c.run == run, changes.c.seq.in_(edges)
    )
    if all(row.seq in spans[Kind(row.kind)] for row in connection.execute(there)):
        return spans
    return dict.fromkeys(spans, range(end))
