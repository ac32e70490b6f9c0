"""The evidence of a district's roll-up."""

from __future__ import annotations

from collections.abc import Mapping

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Cell, Column, print_block, print_table, say
from rollbook.desk.season_views import GradeCount, RollUpView, SchoolRollUpView


@click.command(
    cls=Command, examples=("rollbook rollup northfield", "rollbook rollup northfield --json")
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.option("--grades", is_flag=True, help="Each school's grades before and now, too.")
@click.pass_context
def rollup(ctx: click.Context, district_id: str, grades: bool) -> None:
    """Show whether the SIS has rolled up, and what shows it.

    Counted are the students who were there before, as their grades are remembered from then, by
    what became of them, at the school where they were. While school is in session that is a day of
    the same year.
    """
    from rollbook.desk.seasons import roll_up

    with open_desk(ctx) as desk:
        view = roll_up(desk, district_id)
    if settings(ctx).json:
        emit(plain(view))
        return
    _print(view)
    if grades:
        for school in view.schools:
            say()
            say(f"{school.name} ({school.school})")
            _print_grades(school.grades)


def _print(view: RollUpView) -> None:
    say(f"{view.season.district}  {view.season.name}  roll-up {view.state}")
    evidence = view.evidence
    print_block(
        [
            ("before", f"{view.season.year.words}, as of {view.since}" if view.since else ""),
            ("still here", f"{evidence.returned:,}; {evidence.gone:,} have left"),
            ("top grade", _top(view)),
            ("new", _listed(view.entering)),
            ("wait apart", _listed(view.apart)),
            ("not read", _listed(view.unread)),
        ]
    )
    say()
    columns = [Column("school", wraps=True), Column("roll-up")]
    counts = ("up", "same grade", "two up", "down", "elsewhere", "left", "behind")
    print_table(
        [*columns, *(Column(name, right=True) for name in counts)],
        [*map(_row, view.schools), ("all", str(view.state), *_counts(view), "")],
    )
    say()
    _print_grades(view.grades)


def _top(view: RollUpView) -> str:
    if view.top is None:
        return ""
    return f"{view.top}: {view.top_gone:,} have left, {view.top_kept:,} are still there"


def _row(school: SchoolRollUpView) -> tuple[Cell, ...]:
    state = str(school.state) if school.state else "new"
    return (f"{school.name} ({school.school})", state, *_counts(school), ", ".join(school.behind))


def _counts(of: RollUpView | SchoolRollUpView) -> tuple[int, ...]:
    found = of.evidence
    return (found.up, found.stayed, found.two_up, found.down, found.elsewhere, found.gone)


def _print_grades(grades: tuple[GradeCount, ...]) -> None:
    columns = [Column("grade"), Column("before", right=True), Column("now", right=True)]
    print_table(columns, [(g.grade or "none", g.before, g.now) for g in grades])


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name or 'no grade'} {number:,}" for name, number in sorted(counts.items()))
