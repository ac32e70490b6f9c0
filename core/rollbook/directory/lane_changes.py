"""The changes of lanes that go in, kind by kind, as the SQL that writes them sees them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from rollbook.directory.tables import changes, lane_counts
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, Kind


@dataclass(frozen=True, slots=True)
class LaneChanges:
    """The changes of a kind in some lanes of a run: how many by verb, school and role (blank for
    none).

    ``lanes`` are their numbers as SQL lists them. All changes of the kind stand in ``span``: each
    statement would go through the whole run otherwise.
    """

    district: str
    run: str
    kind: Kind
    lanes: str
    span: range
    places: Mapping[tuple[Verb, str, str], int]

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
    def numbers(self) -> Counter[Verb]:
        """How many there are by verb."""
        found: Counter[Verb] = Counter()
        for (verb, _, _), number in self.places.items():
            found[verb] += number
        return found

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(self.places.values())


def changes_of_lanes(
    connection: Connection, district: str, run: str, lanes: Collection[int]
) -> dict[Kind, LaneChanges]:
    """What is to be written, in the order of the kinds; kinds without a change are left out."""
    places: dict[Kind, Counter[tuple[Verb, str, str]]] = {}
    whole: Counter[Kind] = Counter()
    for row in connection.execute(_COUNTS, {"run": run}):
        kind, verb = Kind(row.kind), Verb(row.verb)
        whole[kind] += row.changes
        if row.lane in lanes:
            places.setdefault(kind, Counter())[verb, row.school, row.role] += row.changes
    spans = _spans(connection, run, whole)
    listed = ", ".join(str(int(lane)) for lane in sorted(lanes))
    return {
        kind: LaneChanges(district, run, kind, listed, spans[kind], places[kind])
        for kind in sorted(places, key=KIND_ORDER.__getitem__)
    }


_COUNTS = select(lane_counts).where(lane_counts.c.run == bindparam("run"))
_AT_EDGES = select(changes.c.seq, changes.c.kind).where(
    changes.c.run == bindparam("run"), changes.c.seq.in_(bindparam("edges", expanding=True))
)


def _spans(connection: Connection, run: str, numbers: Mapping[Kind, int]) -> dict[Kind, range]:
    """Where the changes of each kind of a run stand, of which there are ``numbers`` in all;
    anywhere, unless they are in their order."""
    spans: dict[Kind, range] = {}
    end = 0
    for kind in sorted(numbers, key=KIND_ORDER.__getitem__):
        spans[kind] = range(end, end := end + numbers[kind])
    edges = [edge for span in spans.values() for edge in (span.start, span.stop - 1)]
    there = connection.execute(_AT_EDGES, {"run": run, "edges": edges})
    if all(row.seq in spans[Kind(row.kind)] for row in there):
        return spans
    return dict.fromkeys(spans, range(end))
