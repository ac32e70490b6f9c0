"""The options that say what a plan announces, and how they are typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import click

from rollbook.cli.arguments import DAY
from rollbook.desk.plan_views import (
    ClassFate,
    Entrants,
    LeaversDraft,
    PlanDraft,
    SchoolMove,
    TotalDraft,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])

_RANGE = re.compile(r"(\d{1,8})(?:-(\d{1,8}))?")

_OPTIONS = (
    click.option("--from", "starts", type=DAY, required=True, metavar="DATE", help="First day."),
    click.option("--to", "ends", type=DAY, required=True, metavar="DATE", help="Last day."),
    click.option(
        "--graduates",
        multiple=True,
        metavar="GRADE[:SCHOOL[:N]]",
        help="Students of a grade leave: of a school, or of all (12::410); at most N, else as many "
        "as are in it now. Repeatable.",
    ),
    click.option("--promotion", is_flag=True, help="Everyone else goes up one grade."),
    click.option(
        "--classes",
        type=click.Choice([fate.value for fate in ClassFate]),
        default=ClassFate.STAY.value,
        help="Classes and enrollments stay, are replaced in one run, or end and come later.",
    ),
    click.option(
        "--move",
        "moves",
        multiple=True,
        metavar="GRADE:FROM:TO",
        help="Students of a grade go up to another school. Repeatable.",
    ),
    click.option(
        "--new",
        "entrants",
        multiple=True,
        metavar="GRADE:N-M[:SCHOOL]",
        help="New students of a grade, from N to M. Repeatable.",
    ),
    click.option(
        "--total",
        "totals",
        multiple=True,
        metavar="[SCHOOL:]N-M",
        help="Students of a school, or of the district, in the end. Repeatable.",
    ),
)


def plan_options(command: _Command) -> _Command:
    """The options, on a command that takes them as keywords."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What was typed."""

    starts: date
    ends: date
    graduates: tuple[str, ...]
    promotion: bool
    classes: str
    moves: tuple[str, ...]
    entrants: tuple[str, ...]
    totals: tuple[str, ...]

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> PlanOptions:
        """The options of a command."""
        return cls(**options)

    def draft(self) -> PlanDraft:
        """The draft that they make. Raises ``click.BadParameter``."""
        return PlanDraft(
            starts=self.starts,
            ends=self.ends,
            promotion=self.promotion,
            classes=ClassFate(self.classes),
            leavers=tuple(map(_leavers, self.graduates)),
            moves=tuple(map(_move, self.moves)),
            entrants=tuple(map(_entrants, self.entrants)),
            totals=tuple(map(_total, self.totals)),
        )


def _leavers(typed: str) -> LeaversDraft:
    grade, _, rest = typed.partition(":")
    school, _, most = rest.rpartition(":") if rest.count(":") else (rest, "", "")
    if not grade or (most and not most.isdigit()):
        raise _bad("--graduates", typed, "12, 12:hs-1, 12:hs-1:210 or 12::410")
    return LeaversDraft(grade, school or None, int(most) if most else None)


def _move(typed: str) -> SchoolMove:
    parts = typed.split(":")
    if len(parts) != 3 or not all(parts):
        raise _bad("--move", typed, "05:es-1:ms-1")
    return SchoolMove(*parts)


def _entrants(typed: str) -> Entrants:
    grade, _, rest = typed.partition(":")
    numbers, _, school = rest.partition(":")
    least, most = _range("--new", typed, numbers, "KG:180-240 or KG:20-40:es-1")
    return Entrants(grade, least, most, school or None)


def _total(typed: str) -> TotalDraft:
    school, _, numbers = typed.rpartition(":")
    least, most = _range("--total", typed, numbers, "2400-2500 or ms-1:590-640")
    return TotalDraft(least, most, school or None)


def _range(option: str, typed: str, numbers: str, example: str) -> tuple[int, int]:
    match = _RANGE.fullmatch(numbers)
    if match is None:
        raise _bad(option, typed, example)
    return int(match[1]), int(match[2] or match[1])


def _bad(option: str, typed: str, example: str) -> click.BadParameter:
    return click.BadParameter(f"{typed!r} says nothing; write {example}.", param_hint=option)
