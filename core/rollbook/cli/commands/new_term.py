"""What a previewed run makes of classes."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT, LIMIT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, print_table, say
from rollbook.desk.new_term_views import ClassSide, ClassTurnView


@click.command(
    name="new-term",
    cls=Command,
    examples=(
        "rollbook new-term northfield",
        "rollbook new-term northfield northfield.41 --limit 200",
        "rollbook new-term northfield --hold northfield.41.h2",
    ),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.argument("run_id", metavar="[RUN]", required=False)
@click.option("--hold", "hold_id", metavar="HOLD", help="Only the classes of this C4 hold.")
@click.option("--limit", type=LIMIT, default=50, show_default=True, help="How many to list.")
@click.pass_context
def new_term(
    ctx: click.Context, district_id: str, run_id: str | None, hold_id: str | None, limit: int
) -> None:
    """Say which class ids are carried over, whose teachers change, and who would land where.

    Looks at a run that waits; without one, at the newest of the district.
    """
    from rollbook.desk.new_term import held_classes
    from rollbook.desk.new_term import new_term as check_new_term

    with open_desk(ctx) as desk:
        if hold_id is not None:
            classes = held_classes(desk, hold_id)
            if settings(ctx).json:
                emit(plain(classes))
                return
        else:
            view = check_new_term(desk, district_id, run_id)
            if settings(ctx).json:
                document = plain(view)
                assert isinstance(document, dict)
                counts = ("reused", "carried_over", "teachers_changed")
                emit(document | {name: getattr(view, name) for name in counts})
                return
            classes = view.classes
            say(
                f"{view.run}: {view.new:,} new classes with {view.new_seats:,} seats, "
                f"{view.ended:,} end, {view.untouched:,} stay as they are; "
                f"{view.carried_over:,} go on into another term, {view.teachers_changed:,} get "
                f"another teacher, {view.reused:,} ids now stand for another class."
            )
    _print(classes[:limit])
    if len(classes) > limit:
        say(f"and {len(classes) - limit:,} more")


def _print(classes: tuple[ClassTurnView, ...]) -> None:
    if not classes:
        return
    wide = ("is", "would be", "what changes")
    columns = [
        Column("class"),
        Column("school", wraps=True),
        *(Column(title, wraps=True) for title in wide),
        *(Column(title, right=True) for title in ("leave", "come")),
    ]
    rows = [
        (
            turn.id,
            turn.school_name,
            _side(turn.before),
            _side(turn.after),
            ("C4: " if turn.reused else "") + turn.words,
            turn.leaving,
            turn.arriving,
        )
        for turn in classes
    ]
    print_table(columns, rows)


def _side(side: ClassSide) -> str:
    teachers = ", ".join(name for _, name in side.teachers)
    parts = (
        side.title,
        side.course,
        ", ".join(side.terms),
        teachers,
        f"{side.students:,} students",
    )
    return " · ".join(filter(None, parts))
