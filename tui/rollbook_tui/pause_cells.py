"""The grid of pauses: what its cells stand for, what covers them, and what makes them pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rollbook.desk.views import Kind, PauseScope, PauseView, RoleGroup, Verb
from rollbook_tui.words import ROLES, kind_word

PEOPLE = (Kind.USER, Kind.ROLE)
"""The kinds that are split by what the people are."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid: records of a kind, or people of one sort with their roles."""

    kinds: tuple[Kind, ...]
    role: RoleGroup | None = None

    @property
    def label(self) -> str:
        """``classes``, ``students``."""
        return ROLES[self.role][1] if self.role else kind_word(self.kinds[0])


LINES: tuple[Line, ...] = (
    *(Line((kind,)) for kind in Kind if kind.comes_before_people),
    *(Line(PEOPLE, role) for role in RoleGroup),
    *(Line((kind,)) for kind in Kind if not kind.comes_before_people and kind not in PEOPLE),
)
"""The lines from top to bottom, what is referred to first."""

VERBS = tuple(Verb)
Cell = tuple[Line, Verb]
EVERY: frozenset[Cell] = frozenset((line, verb) for line in LINES for verb in VERBS)


def cells_of(scope: PauseScope) -> frozenset[Cell]:
    """The cells that a scope keeps still."""
    return frozenset((line, verb) for line, verb in EVERY if _reaches(scope, line, verb))


def scopes_of(cells: Iterable[Cell], presets: Mapping[str, PauseScope]) -> list[Scoped]:
    """The fewest scopes that keep these cells still and no others: a preset, or one scope for the
    lines that have the same verbs."""
    wanted = frozenset(cells)
    for name, scope in presets.items():
        if wanted and wanted == cells_of(scope):
            return [Scoped(scope, name)]
    by_verbs: dict[tuple[Verb, ...], list[Line]] = {}
    for line in LINES:
        if verbs := tuple(verb for verb in VERBS if (line, verb) in wanted):
            by_verbs.setdefault(verbs, []).append(line)
    return [Scoped(_scope(lines, verbs)) for verbs, lines in by_verbs.items()]


@dataclass(frozen=True, slots=True)
class Scoped:
    """What one pause is to keep still, and the preset that says so, if one does."""

    scope: PauseScope
    preset: str | None = None

    @property
    def words(self) -> str:
        """``removals of students, enrollments``."""
        verbs = " and ".join(_VERB_WORDS[verb] for verb in self.scope.verbs) or "everything"
        lines = [line for line in LINES if any((line, v) in cells_of(self.scope) for v in VERBS)]
        if len(lines) == len(LINES):
            return verbs
        return f"{verbs} of {', '.join(line.label for line in lines)}"


@dataclass(frozen=True, slots=True)
class Covered:
    """A pause over a cell; ``whole`` unless it is of one school only while the grid is of all, or
    of a part of the people's records."""

    pause: PauseView
    whole: bool


def covering(pauses: Iterable[PauseView], school: str | None, cell: Cell) -> Iterator[Covered]:
    """The pauses over a cell of the grid of a school, or of the whole district."""
    line, verb = cell
    for pause in pauses:
        if school is not None and pause.school not in (None, school):
            continue
        if _reaches(PauseScope(pause.kinds, pause.verbs, pause.roles), line, verb):
            whole = pause.school in (None, school)
            whole &= not pause.kinds or set(line.kinds) <= set(pause.kinds)
            yield Covered(pause, whole)


_VERB_WORDS = {Verb.ADD: "additions", Verb.UPDATE: "updates", Verb.REMOVE: "removals"}


def _reaches(scope: PauseScope, line: Line, verb: Verb) -> bool:
    if scope.verbs and verb not in scope.verbs:
        return False
    if scope.kinds and not set(line.kinds) & set(scope.kinds):
        return False
    return line.role is None or not scope.roles or line.role in scope.roles


def _scope(lines: list[Line], verbs: tuple[Verb, ...]) -> PauseScope:
    kinds = {kind for line in lines for kind in line.kinds}
    roles = tuple(line.role for line in lines if line.role is not None)
    return PauseScope(
        kinds=() if len(kinds) == len(Kind) else tuple(kind for kind in Kind if kind in kinds),
        verbs=() if len(verbs) == len(VERBS) else verbs,
        roles=() if len(roles) == len(RoleGroup) else roles,
    )
