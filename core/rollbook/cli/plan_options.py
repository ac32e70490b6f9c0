"""The options that say what a plan announces, and how they are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, TypeVar

import click

from rollbook.cli.arguments import DAY
from rollbook.desk.plan_notation import (
    NotUnderstood,
    Schools,
    read_entering,
    read_leaving,
    read_moving,
    read_totals,
)
from rollbook.desk.plan_views import ClassFate, PlanDraft

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Line = TypeVar("_Line")

_OPTIONS = (
    click.option("--from", "starts", type=DAY, metavar="DATE", help="First day."),
    click.option("--to", "ends", type=DAY, metavar="DATE", help="Last day."),
    click.option(
        "--graduates",
        multiple=True,
        metavar="GRADE [at SCHOOL] [<= N]",
        help="Students of a grade leave: of a school ('08 at Elm School'), or of all; at most N, "
        "else as many as are in it now.",
    ),
    click.option("--promotion", is_flag=True, help="Everyone else goes up one grade."),
    click.option(
        "--classes",
        type=click.Choice([fate.value for fate in ClassFate]),
        help="Classes and enrollments stay, are replaced in one run, or end and come later.",
    ),
    click.option(
        "--move",
        "moves",
        multiple=True,
        metavar="GRADE FROM -> TO",
        help="Students of a grade go up to another school: '05 Elm School -> Central Middle'.",
    ),
    click.option(
        "--new",
        "entrants",
        multiple=True,
        metavar="GRADE [at SCHOOL] N-M",
        help="New students of a grade, from N to M: 'KG 180-240'.",
    ),
    click.option(
        "--total",
        "totals",
        multiple=True,
        metavar="[SCHOOL] N-M",
        help="Students of a school, or of the district, in the end: 'Elm School 300-340'.",
    ),
    click.option(
        "--draft",
        type=click.File("rb"),
        metavar="FILE",
        help="All of it from a file, such as `plan suggest` prints; - is the standard input.",
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

    starts: date | None
    ends: date | None
    graduates: tuple[str, ...]
    promotion: bool
    classes: str | None
    moves: tuple[str, ...]
    entrants: tuple[str, ...]
    totals: tuple[str, ...]
    draft: IO[bytes] | None

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> PlanOptions:
        """The options of a command."""
        return cls(**options)

    def days(self) -> tuple[date, date]:
        """The first and the last day. Raises ``click.UsageError`` where one is missing."""
        if self.starts is None or self.ends is None:
            raise click.UsageError("Say the days of the plan: --from and --to.")
        return self.starts, self.ends

    def days_alone(self) -> tuple[date, date]:
        """The days, where nothing else may be given. Raises ``click.UsageError``."""
        if self.draft is not None or self._announces():
            raise click.UsageError("--suggested takes no more than --from and --to.")
        return self.days()

    def drafted(self, schools: Callable[[], Schools]) -> PlanDraft:
        """The draft that they make, from the file or as typed; ``schools`` reads which there are.

        Raises ``click.UsageError`` for what is no plan, and ``ConfigInvalid`` for such a file.
        """
        if self.draft is not None:
            if self.starts or self.ends or self._announces():
                raise click.UsageError("--draft has the whole plan; leave the other options out.")
            from rollbook.desk.plan_files import MOST_BYTES, draft_in

            return draft_in(self.draft.read(MOST_BYTES + 1), self.draft.name)
        starts, ends = self.days()
        known = schools()
        return PlanDraft(
            starts=starts,
            ends=ends,
            promotion=self.promotion,
            classes=ClassFate(self.classes) if self.classes else ClassFate.STAY,
            leavers=_lines("--graduates", read_leaving, self.graduates, known),
            moves=_lines("--move", read_moving, self.moves, known),
            entrants=_lines("--new", read_entering, self.entrants, known),
            totals=_lines("--total", read_totals, self.totals, known),
        )

    def _announces(self) -> bool:
        lists = (self.graduates, self.moves, self.entrants, self.totals)
        return self.promotion or self.classes is not None or any(lists)


def _lines(
    option: str,
    read: Callable[[str, Schools], tuple[_Line, ...]],
    typed: tuple[str, ...],
    schools: Schools,
) -> tuple[_Line, ...]:
    try:
        return read(";".join(typed), schools)
    except NotUnderstood as wrong:
        raise click.BadParameter(str(wrong), param_hint=option) from None
