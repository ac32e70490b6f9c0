"""What the desk shows of a new term: each class as it is beside the class that it would become."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClassSide:
    """A class before or after a run. Titles are untrusted text; ``teachers`` are (id, name)."""

    title: str
    course: str
    terms: tuple[str, ...]
    teachers: tuple[tuple[str, str], ...]
    students: int


@dataclass(frozen=True, slots=True)
class ClassTurnView:
    """A class that keeps its id. ``words`` say what is other about it; ``reused`` that the id now
    stands for another class (C4)."""

    id: str
    school: str | None
    school_name: str
    before: ClassSide
    after: ClassSide
    leaving: int
    arriving: int
    reused: bool
    teacher_changed: bool
    term_changed: bool
    words: str


@dataclass(frozen=True, slots=True)
class NewTermView:
    """What a previewed run makes of classes.

    ``classes`` are those that keep their id and change, or whose seats change: those that are
    reused first, then those with another term, then with another teacher. ``untouched`` stay as
    they are; ``new`` and ``ended`` come and go, with ``new_seats`` in the new ones.
    """

    run: str
    district: str
    classes: tuple[ClassTurnView, ...]
    untouched: int
    new: int
    ended: int
    new_seats: int

    @property
    def reused(self) -> int:
        """Classes whose id now stands for another one."""
        return sum(turn.reused for turn in self.classes)

    @property
    def carried_over(self) -> int:
        """Classes that go on under their id into another term."""
        return sum(turn.term_changed for turn in self.classes)

    @property
    def teachers_changed(self) -> int:
        """Classes that nobody teaches who did."""
        return sum(turn.teacher_changed for turn in self.classes)
