"""What a changeset would do to the grades of students, beside what has been done to them since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.columns import GROUP_CODES
from rollbook.changes.positions import Mask, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.directory import grade_memory
from rollbook.roster.changes import Change, Verb
from rollbook.roster.grade_moves import Moves, Place
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values, text

_DECISIVE = frozenset({"primary_role", "primary_org_id", "grades"})


@dataclass(frozen=True, slots=True)
class IncomingGrades:
    """Everybody's moves before and after a changeset, and the positions of its updates of grades by
    the school of last year. Those of ``newcomers``, who were at none, tell nothing of a roll-up and
    are by the school of now."""

    before: Moves
    after: Moves
    updates: Mapping[str, Places]
    newcomers: Mapping[str, Places]

    def of(self, schools: Iterable[str]) -> Places:
        """The positions of all updates of grades at some schools, in order."""
        none = np.empty(0, np.int32)
        found = [by.get(s, none) for s in schools for by in (self.updates, self.newcomers)]
        return np.sort(np.concatenate(found))


def incoming_grades(
    connection: Connection, district: str, changes: Changes, active: Mask
) -> IncomingGrades | None:
    """What the active changes do to grades; ``None`` where none gives a student another grade."""
    columns = changes.columns
    of_students = columns.of(Kind.USER) & active
    of_students &= columns.group == GROUP_CODES[RoleGroup.STUDENT]
    graded = columns.shaped(
        shape.verb is Verb.UPDATE and "grades" in shape.touched for shape in columns.shapes
    )
    if not (of_students & graded).any():
        return None
    decisive = columns.shaped(
        shape.verb is not Verb.UPDATE or bool(shape.touched & _DECISIVE) for shape in columns.shapes
    )
    places = places_of(of_students & decisive)
    before = grade_memory.moves_of(connection, district) or grade_memory.recount(
        connection, district
    )
    walk = _Walk(connection, district, changes, places, graded)
    after = Counter(before)
    updates: defaultdict[str, list[int]] = defaultdict(list)
    newcomers: defaultdict[str, list[int]] = defaultdict(list)
    for position, change in zip(places.tolist(), changes.at(places), strict=True):
        was, now, then = walk.of(change)
        after[was, now] -= 1
        after[was, then] += 1
        if graded[position] and was is not None:
            updates[was.school].append(position)
        elif graded[position] and now is not None:
            newcomers[now.school].append(position)
    return IncomingGrades(
        before,
        {move: number for move, number in after.items() if number > 0 and move != (None, None)},
        _positions(updates),
        _positions(newcomers),
    )


def _positions(found: Mapping[str, Sequence[int]]) -> dict[str, Places]:
    return {school: np.array(places, np.int32) for school, places in found.items()}


_Places = tuple[Place | None, Place | None, Place | None]


class _Walk:
    """Where the people of some changes were last year, are, and would be."""

    def __init__(
        self,
        connection: Connection,
        district: str,
        changes: Changes,
        places: Places,
        graded: Mask,
    ) -> None:
        ids = list(changes.ids(places))
        self._former = grade_memory.former_places(connection, district, ids)
        # Updates that say nothing of grades leave open in which one somebody is.
        unsaid = places[(changes.columns.of(verb=Verb.UPDATE) & ~graded)[places]]
        self._now = grade_memory.places_now(connection, district, changes.ids(unsaid))
        # Who is known by another id from now on takes the place of last year along.
        linked = places[changes.columns.of(verb=Verb.REMOVE)[places]]
        self._linked = {
            c.merged_into: self._was(c.id, _place(c.before or {}))
            for c in changes.at(linked)
            if c.merged_into is not None
        }

    def of(self, change: Change) -> _Places:
        """Last year's place, the one of now and the one to come."""
        before, after = change.before or {}, change.after or {}
        match change.verb:
            case Verb.ADD:
                former = self._former.get(change.id, self._linked.get(change.id))
                return former, None, _place(after)
            case Verb.REMOVE:
                now = _place(before)
                if change.merged_into is not None:
                    return None, now, None
                return self._was(change.id, now), now, None
        touched = {*before, *after}
        known = self._now.get(change.id, Place(change.school or "", ""))
        now = _place(before, known, touched)
        return self._was(change.id, now), now, _place(after, known, touched)

    def _was(self, user: str, now: Place) -> Place | None:
        return self._former.get(user, now)


def _place(values: Values, known: Place | None = None, touched: set[str] | None = None) -> Place:
    """The place in the fields of a record; what an update does not touch is as ``known``."""
    school, grades = text(values, "primary_org_id") or "", values.get("grades")
    written = ",".join(grades) if isinstance(grades, list) else ""
    if known is not None and touched is not None:
        school = school if "primary_org_id" in touched else known.school
        written = written if "grades" in touched else known.grades
    return Place(school, written)
