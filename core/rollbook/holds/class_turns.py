"""What a changeset makes of a class that was here before: how much of it is another class."""

from __future__ import annotations

from dataclasses import dataclass

MOSTLY = 80.0
"""Percent of a class's students who were not in it before, from which on it is another class."""

FEW = 3
"""Students that a class must have had, and have, before their exchange says anything."""


@dataclass(frozen=True, slots=True)
class ClassTurn:
    """A class that stays, or comes back, under its id.

    ``before``, ``leaving`` and ``arriving`` count its students; who gets a new seat for an old one
    is neither. A class may be emptied in one night and filled in another: ``left`` are those who
    went out of it of late and have not come back, ``returning`` those of the arriving who were in
    it, ``newer`` those who stay and came later than all who have left.

    ``other_year`` says that none of its terms is of a school year that it was in, ``other_term``
    that it has none of its old terms, ``other_teacher`` that nobody teaches it who did.
    ``taken_from`` is the class whose title and course it would have, which gives both up in the
    same night. ``returned`` ones had been removed.
    """

    id: str
    school: str | None
    before: int = 0
    leaving: int = 0
    arriving: int = 0
    left: int = 0
    returning: int = 0
    newer: int = 0
    other_year: bool = False
    other_term: bool = False
    other_course: bool = False
    other_teacher: bool = False
    taken_from: str = ""
    returned: bool = False

    @property
    def after(self) -> int:
        """The students that it will have."""
        return max(0, self.before - self.leaving) + self.arriving

    @property
    def others(self) -> int:
        """Those of the students that it will have who are new to it, of late or now."""
        return self.arriving - self.returning + self.newer

    @property
    def mostly_others(self) -> bool:
        """Whether nearly all of its students are others, or nearly all have gone."""
        had = self.before - self.newer + self.left
        if had < FEW:
            return False
        if self.after < FEW:
            return (self.leaving + self.left) * 100 >= MOSTLY * (self.before + self.left)
        return self.others * 100 >= MOSTLY * self.after

    @property
    def is_reused(self) -> bool:
        """Whether its id now stands for another class.

        Another school year always does, and so do the title and course of another class that
        stays. Within a year a term may turn for the same students, a course be corrected and a
        teacher change: that is another class only with other students, or where the id had been
        gone.
        """
        if self.is_reused_by_record:
            return True
        changed = self.other_term or self.other_course or self.other_teacher
        return changed and self.mostly_others

    @property
    def is_reused_by_record(self) -> bool:
        """Whether its own record says so, whoever is in it."""
        if self.other_year or self.taken_from:
            return True
        return self.returned and (self.other_term or self.other_course)

    @property
    def words(self) -> str:
        """What is other about it."""
        parts = [
            words
            for other, words in (
                (self.other_year, "another school year"),
                (self.other_term and not self.other_year, "another term"),
                (self.other_course, "another course"),
                (self.other_teacher, "another teacher"),
            )
            if other
        ]
        if self.taken_from:
            parts.append(f"as {self.taken_from} was")
        if self.mostly_others:
            parts.append(f"{self.others:,} of {self.after:,} students are new")
        return ", ".join(parts)
