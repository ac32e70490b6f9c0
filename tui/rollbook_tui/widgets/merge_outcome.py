"""What a merge would do, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from rollbook.desk.views import MergePreview
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.merge_lines import KEEP, TAKEN, MergeLine
from rollbook_tui.widgets.side_by_side import labelled
from rollbook_tui.words import counted

LABEL = 14


def outcome_lines(preview: MergePreview, line: MergeLine | None, width: int) -> Iterator[Content]:
    """The highlighted value in full where it can be chosen, then what the merge does."""
    if line is not None and line.field is not None:
        value = line.keep if line.source == KEEP else line.lose
        stays = Content.assemble((f"{TAKEN} ", "$success"), drawable(value))
        yield from labelled(line.name, stays, LABEL, width)
        yield Content("")
    for warning in preview.warnings:
        yield from Content.assemble(("! ", "bold $held"), drawable(warning)).wrap(width)
    for sentence in sentences(preview):
        yield from Content(sentence).wrap(width)


def sentences(preview: MergePreview) -> Iterator[str]:
    """What moves, what is dropped, and what becomes of the other id."""
    moving = [
        counted(number, one, many)
        for number, one, many in (
            (preview.enrollments_moved, "enrollment", "enrollments"),
            (preview.guardians_moved, "family link", "family links"),
            (preview.roles_moved, "role", "roles"),
        )
        if number
    ]
    if moving:
        total = preview.enrollments_moved + preview.guardians_moved + preview.roles_moved
        yield f"{and_words(moving)} {'moves' if total == 1 else 'move'} to the survivor."
    else:
        yield "Nothing moves: the survivor has everything that the other has."
    if dropped := preview.enrollments_dropped:
        double = counted(dropped, "enrollment is", "enrollments are")
        yield f"{double} dropped: the survivor is in the same class already."
    yield f"{drawable(preview.lose.id)} stays known as another id of {drawable(preview.keep.id)}."


def and_words(words: list[str]) -> str:
    """``a, b and c``."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
