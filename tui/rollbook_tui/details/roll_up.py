"""The grades of before and of now, as bars beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.content import Content

from rollbook.desk.season_views import Evidence, GradeCount, RollUpView, SchoolRollUpView
from rollbook_tui.details.blocks import fact_lines, hanging
from rollbook_tui.season_words import evidence_parts, roll_up_sign
from rollbook_tui.untrusted import drawable

GRADE = 8
NUMBER = 8


def district_lines(view: RollUpView, width: int) -> Iterator[Content]:
    """The whole district: its state, what its students did, and its grades."""
    yield Content.assemble(("The whole district", "bold"), "  ", roll_up_sign(view.state).both())
    yield from _evidence(view.evidence, width)
    if view.top is not None:
        kept = f", {view.top_kept:,} there still" if view.top_kept else ""
        yield from fact_lines("top grade", f"{view.top}: {view.top_gone:,} have left{kept}", width)
    for label, counts in (
        ("new in", view.entering),
        ("apart at", view.apart),
        ("not read", view.unread),
    ):
        if counts:
            yield from fact_lines(label, _listed(counts), width)
    if view.since is not None:
        yield from fact_lines("before", f"as it was on {view.since}", width)
    yield Content("")
    yield from histogram(view.grades, width)


def school_lines(school: SchoolRollUpView, width: int) -> Iterator[Content]:
    """One school."""
    yield Content.assemble((drawable(school.name), "bold"), "  ", roll_up_sign(school.state).both())
    yield from _evidence(school.evidence, width)
    if school.behind:
        grades = ", ".join(school.behind)
        yield from hanging(f"Left out, while the others went up: {grades}.", width, "$held", by=0)
    yield Content("")
    yield from histogram(school.grades, width)


def histogram(grades: Sequence[GradeCount], width: int) -> Iterator[Content]:
    """A line for each grade: the students of before on the left, those of now on the right."""
    if not grades:
        yield Content.styled("No students.", "$muted")
        return
    room = max(4, (width - GRADE - 1) // 2 - NUMBER - 1)
    most = max(max(grade.before, grade.now) for grade in grades)
    head = f"{'grade':<{GRADE}}{'before':>{NUMBER + 1}}{'now':>{room + NUMBER + 1}}"
    yield Content.styled(head, "$muted").truncate(width)
    for grade in grades:
        yield Content.assemble(
            (drawable(grade.grade or "none")[: GRADE - 1].ljust(GRADE), "bold"),
            _side(grade.before, most, room, "$muted"),
            " ",
            _side(grade.now, most, room, "$primary"),
        ).truncate(width)


def _side(number: int, most: int, room: int, style: str) -> Content:
    filled = max(int(number > 0), round(number / most * room)) if most else 0
    return Content.assemble(
        (f"{number:>{NUMBER},} ", "bold" if number else "$dimmed"),
        ("━" * filled, style),
        " " * (room - filled),
    )


def _evidence(evidence: Evidence, width: int) -> Iterator[Content]:
    for part in evidence_parts(evidence) or ["Nobody was here before."]:
        yield from hanging(part, width, "$foreground", by=0)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} in {drawable(name or 'none')}" for name, number in counts.items())
