"""What a rule says of a changeset: a hold to be raised."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from rollbook.changes.changeset import Changeset, Scope
from rollbook.changes.columns import Columns
from rollbook.changes.positions import NO_PLACES, Mask, Places, Positions
from rollbook.config.district import Thresholds
from rollbook.holds.class_turns import ClassTurn
from rollbook.holds.unenrolled import Unenrolled
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup


@dataclass(frozen=True, slots=True)
class Raised:
    """A hold before it has an id. ``positions`` are its changes' places in the changeset.

    ``count`` is what an approval confirms, ``base`` the live records of the scope before the run.
    A ``whole_run`` hold keeps everything back; the others keep back their changes and whatever
    depends on these. ``approvers`` is the number of people who must agree. An empty ``cause`` is
    still to be looked for.
    """

    rule: str
    title: str
    kind: Kind | None
    verb: Verb | None
    school: str | None
    role: RoleGroup | None
    count: int
    base: int
    why: str
    cause: str
    whole_run: bool
    positions: Positions
    approvers: int = 1

    @property
    def percent(self) -> float:
        """``count`` as a percentage of ``base``; 0 where there was nothing before."""
        return round(100 * self.count / self.base, 1) if self.base else 0.0


@dataclass(frozen=True, slots=True)
class Window:
    """What went by in the last ``words`` that nobody decided about, for R3.

    ``taken`` counts what each scope lost, ``added`` what it got; ``times`` is how often the limits
    of one run are allowed in it.
    """

    words: str
    times: int
    taken: Mapping[Scope, int]
    added: Mapping[Scope, int]


@dataclass(frozen=True, slots=True)
class YearDoubt:
    """What does not fit the school year, for C3: in words, and the changes that it is about.

    ``schools`` are where the students were last year; of sessions, there are none.
    """

    title: str
    why: str
    cause: str
    kind: Kind
    places: Places
    schools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged: a changeset less its paused changes, with the district's limits.

    ``active`` are the positions of the changes that are not paused. ``review`` says why the run
    wants a person in any case (first run, long pause, new policy), or is empty. ``inverse`` is
    true for an undo, which may only be held for what it removes. ``expected`` are the changes that
    an operator's plan has announced: the rules about numbers judge the others.

    The rest is what the changes themselves do not tell: ``windows`` the losses of the last days,
    ``privileged`` the ids of people who are administrators, protected by the district's file or
    operators, ``students`` those of the people who get a role of staff, ``turns`` the classes that
    may be others under an old id, ``days_since_whole`` how long ago a complete set of files came
    where only changes have come since, and ``filled`` how many live records have a value in a field
    that is blanked. ``year_doubts`` are about the school year, ``unenrolled`` the schools of which
    no student would be in a class, ``strangers`` the changes by which somebody else has an id.
    """

    changeset: Changeset
    active: Set[int]
    thresholds: Thresholds
    school_names: dict[str, str]
    expected: Mask | None = None
    review: str = ""
    first: bool = False
    inverse: bool = False
    windows: tuple[Window, ...] = ()
    privileged: frozenset[str] = frozenset()
    students: frozenset[str] = frozenset()
    filled: Mapping[tuple[Kind, str], int] = field(default_factory=dict)
    year_doubts: tuple[YearDoubt, ...] = ()
    turns: tuple[ClassTurn, ...] = ()
    days_since_whole: int | None = None
    unenrolled: tuple[Unenrolled, ...] = ()
    strangers: Places = field(default_factory=NO_PLACES.copy)

    @property
    def columns(self) -> Columns:
        """What the rules want to know of each change."""
        return self.changeset.changes.columns

    def unpaused(self) -> Mask:
        """The changes that are not paused."""
        return Positions.of(self.active).mask(len(self.changeset.changes))

    def deviating(self) -> Mask:
        """The changes that are neither paused nor expected."""
        unpaused = self.unpaused()
        return unpaused if self.expected is None else unpaused & ~self.expected
