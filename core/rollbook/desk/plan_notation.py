"""The lists of an expected-change plan as an operator types them, in the console and on the command
line, and back.

Lines are separated by semicolons. A school may be given by its name or its id:

* leaving: ``12``, ``08 at Elm School``, ``12 at hs-1 <= 240``
* moving: ``05 Elm School -> Central Middle``
* new students: ``KG 180-220``, ``09 at High School 10-30``
* totals: ``1900-2100``, ``Elm School 300-340``
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rollbook.desk.plan_views import Entrants, LeaversDraft, SchoolMove, TotalDraft

T = TypeVar("T")

_AT = r"(?:\s+at\s+(?P<school>.+?))?"
_NUMBER = r"\d[\d,]*"
_RANGE = rf"(?P<least>{_NUMBER})\s*(?:-|–|to)\s*(?P<most>{_NUMBER})"

_LEAVING = re.compile(rf"(?P<grade>[^\s<]+){_AT}(?:\s*<=\s*(?P<most>{_NUMBER}))?")
_MOVING = re.compile(r"(?P<grade>\S+)\s+(?P<origin>.+?)\s*(?:->|→)\s*(?P<destination>.+)")
_ENTERING = re.compile(rf"(?P<grade>\S+){_AT}\s+{_RANGE}")
_TOTAL = re.compile(rf"(?:(?P<school>.+?)\s+)?{_RANGE}")


class NotUnderstood(ValueError):
    """What was typed is none of the forms; says which line and what it should look like."""


@dataclass(frozen=True)
class Schools:
    """The schools of a district: id to name."""

    names: Mapping[str, str]

    def id_of(self, typed: str) -> str:
        """The id of a school by its id or its name. Raises ``NotUnderstood``."""
        if typed in self.names:
            return typed
        found = [id_ for id_, name in self.names.items() if name.casefold() == typed.casefold()]
        if len(found) == 1:
            return found[0]
        many = "Several schools are called" if found else "There is no school"
        raise NotUnderstood(f"{many} {typed!r}; use its id." if found else f"{many} {typed!r}.")

    def written(self, school: str) -> str:
        """A school as it may be typed again: its name, where that is enough."""
        name = self.names.get(school, school)
        try:
            return name if not set(";>→") & set(name) and self.id_of(name) == school else school
        except NotUnderstood:
            return school


def read_leaving(typed: str, schools: Schools) -> tuple[LeaversDraft, ...]:
    """Who leaves. Raises ``NotUnderstood``, as the others do."""

    def made(m: re.Match[str]) -> LeaversDraft:
        most = _number(m["most"]) if m["most"] else None
        return LeaversDraft(m["grade"], _school(m, schools), most)

    return _read(typed, _LEAVING, made, "12, or 08 at Elm School <= 40")


def read_moving(typed: str, schools: Schools) -> tuple[SchoolMove, ...]:
    """Who goes on to another school."""
    return _read(
        typed,
        _MOVING,
        lambda m: SchoolMove(
            m["grade"], schools.id_of(m["origin"]), schools.id_of(m["destination"])
        ),
        "05 Elm School -> Central Middle",
    )


def read_entering(typed: str, schools: Schools) -> tuple[Entrants, ...]:
    """Who is new."""
    return _read(
        typed,
        _ENTERING,
        lambda m: Entrants(m["grade"], *_range(m), _school(m, schools)),
        "KG 180-220, or 09 at High School 10-30",
    )


def read_totals(typed: str, schools: Schools) -> tuple[TotalDraft, ...]:
    """How many students there are in the end."""
    return _read(
        typed,
        _TOTAL,
        lambda m: TotalDraft(*_range(m), school=_school(m, schools)),
        "1900-2100, or Elm School 300-340",
    )


def write_leaving(lines: Iterable[LeaversDraft], schools: Schools) -> str:
    """As it may be typed again."""
    return "; ".join(
        f"{line.grade}{_at(line.school, schools)}"
        + (f" <= {line.most}" if line.most is not None else "")
        for line in lines
    )


def write_moving(moves: Iterable[SchoolMove], schools: Schools) -> str:
    """As it may be typed again."""
    return "; ".join(
        f"{m.grade} {schools.written(m.origin)} -> {schools.written(m.destination)}" for m in moves
    )


def write_entering(lines: Iterable[Entrants], schools: Schools) -> str:
    """As it may be typed again."""
    return "; ".join(
        f"{line.grade}{_at(line.school, schools)} {line.least}-{line.most}" for line in lines
    )


def write_totals(lines: Iterable[TotalDraft], schools: Schools) -> str:
    """As it may be typed again."""
    return "; ".join(
        f"{schools.written(line.school) + ' ' if line.school else ''}{line.least}-{line.most}"
        for line in lines
    )


def _read(
    typed: str, form: re.Pattern[str], made: Callable[[re.Match[str]], T], such_as: str
) -> tuple[T, ...]:
    found: list[T] = []
    for line in filter(None, (part.strip() for part in typed.split(";"))):
        if (match := form.fullmatch(line)) is None:
            raise NotUnderstood(f"{line!r} is not understood; write such as {such_as}.")
        found.append(made(match))
    return tuple(found)


def _school(match: re.Match[str], schools: Schools) -> str | None:
    return schools.id_of(match["school"].strip()) if match["school"] else None


def _range(match: re.Match[str]) -> tuple[int, int]:
    least, most = _number(match["least"]), _number(match["most"])
    if least > most:
        raise NotUnderstood(f"{least:,} is more than {most:,}.")
    return least, most


def _number(typed: str) -> int:
    return int(typed.replace(",", ""))


def _at(school: str | None, schools: Schools) -> str:
    return f" at {schools.written(school)}" if school is not None else ""
