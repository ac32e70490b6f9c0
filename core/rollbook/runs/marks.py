"""Where the fingerprints of the lines that were read go, once it is known what they change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rollbook.directory.changesets import Fingerprint
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import text

Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """Fingerprints by the position of the change that brings them, by lane where the record itself
    does not change, and those that are true already."""

    with_change: dict[int, Fingerprint] = field(default_factory=dict)
    with_lane: list[tuple[int, Kind, str, Fingerprint]] = field(default_factory=list)
    at_once: list[tuple[Kind, str, Fingerprint]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Marks:
    """The fingerprints of lines that say just what their records are to hold, by record.

    ``lapsed`` are the records whose line says that no more, though it may be the line it was: a
    person whom it names has become somebody else.
    """

    lines: Mapping[Key, Fingerprint]
    lapsed: frozenset[Key] = frozenset()

    def placed(self, changes: Sequence[Change], lanes: Sequence[int]) -> Placed:
        """A line is held when everything that it changes has gone in, so it goes with one lane.

        A line whose changes wait for different things gets no fingerprint: it is read again.
        """
        involved: dict[Key, set[int]] = defaultdict(set)
        own: dict[Key, int] = {}
        for position, change in enumerate(changes):
            involved[change.key].add(lanes[position])
            if change.verb is not Verb.REMOVE:
                own[change.key] = position
            values = change.after or change.before or {}
            if change.kind is Kind.ROLE:
                involved[Kind.USER, text(values, "user_id") or ""].add(lanes[position])
            elif change.kind is Kind.GUARDIAN:
                for side in ("student_id", "guardian_id"):
                    involved[Kind.USER, text(values, side) or ""].add(lanes[position])
        placed = Placed()
        for key, mark in self.lines.items():
            waiting = involved.get(key)
            if waiting is None:
                placed.at_once.append((*key, mark))
            elif len(waiting) > 1:
                continue
            elif key in own:
                placed.with_change[own[key]] = mark
            else:
                placed.with_lane.append((next(iter(waiting)), *key, mark))
        return placed
