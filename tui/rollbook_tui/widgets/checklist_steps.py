"""The steps of a checklist as lines, and one of them in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from rollbook.desk.views import ChecklistSummary, ChecklistView, StepState, StepView
from rollbook_tui.times import stamp
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.side_by_side import labelled

BOXES = {StepState.DONE: "[x]", StepState.OPEN: "[ ]", StepState.BLOCKED: "[!]"}
_TONES = {StepState.DONE: Tone.GOOD, StepState.OPEN: None, StepState.BLOCKED: Tone.HELD}
_STYLES = {StepState.DONE: "$success", StepState.OPEN: "$foreground", StepState.BLOCKED: "$held"}

LABEL = 10
NEXT = "next →"


def next_step(steps: Sequence[StepView]) -> StepView | None:
    """The first step that is not done."""
    return next((step for step in steps if step.state is not StepState.DONE), None)


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step in the list; ``is_next`` for the one to do now."""

    step: StepView
    is_next: bool


def step_list(view: ChecklistView) -> list[StepLine]:
    """The steps in order, the first that is not done marked as the next."""
    following = next_step(view.steps)
    return [StepLine(step, step is following) for step in view.steps]


def box_words(step: StepView) -> str:
    """``[x] done``, ``[ ] open`` or ``[!] blocked``."""
    return f"{BOXES[step.state]} {step.state}"


def standing(step: StepView) -> str:
    """The evidence of an automatic step; who ticked another one."""
    if step.automatic:
        return step.evidence
    if step.done_by is None:
        return "to be ticked by hand"
    return f"{step.done_by}: {step.note}" if step.note else f"by {step.done_by}"


def step_lines(step: StepView, width: int) -> Iterator[Content]:
    """One step in full: what to do, how it stands, who ticked it and when."""
    box = Content.styled(box_words(step), _STYLES[step.state])
    title = Content.styled(drawable(step.title), "bold")
    yield from Content.assemble(box, "  ", title).wrap(width)
    yield from Content(drawable(step.help)).wrap(width)
    yield Content("")
    for label, text in _facts(step):
        yield from labelled(label, Content(drawable(text)), LABEL, width)


def tab_line(lists: Sequence[ChecklistSummary], current: str) -> Content:
    """The checklists beside each other with how far each is, the current one first and standing
    out; those that do not fit come when it is their turn."""
    names = [summary.name for summary in lists]
    first = names.index(current) if current in names else 0
    return Content("   ").join(
        Content.styled(
            f" {summary.title} {summary.done} of {summary.total} ",
            "bold reverse $primary" if summary.name == current else "$muted",
        )
        for summary in (*lists[first:], *lists[:first])
    )


def progress_words(view: ChecklistView) -> str:
    """``End of year · 5 of 9 done``."""
    summary = view.summary
    return f"{drawable(summary.title)} · {summary.done} of {summary.total} done"


def _title_tone(line: StepLine) -> Tone | None:
    if line.is_next:
        return Tone.GOOD
    return Tone.MUTED if line.step.state is StepState.DONE else None


STEP_COLUMNS: tuple[Column[StepLine], ...] = (
    Column("", lambda line: NEXT if line.is_next else "", 6, tone=lambda _: Tone.GOOD),
    Column("state", lambda line: box_words(line.step), 11, tone=lambda x: _TONES[x.step.state]),
    Column("step", lambda line: line.step.title, 50, 44, grow=2, tone=_title_tone),
    Column(
        "how it stands",
        lambda line: standing(line.step),
        34,
        16,
        grow=1,
        drop=1,
        tone=lambda _: Tone.MUTED,
    ),
)


def _facts(step: StepView) -> Iterator[tuple[str, str]]:
    if step.automatic:
        yield (
            ("in the way", step.blocker) if step.blocker else ("evidence", step.evidence or "none")
        )
        yield "ticks", "by itself, from the data"
    elif step.done_by is not None:
        when = f" on {stamp(step.done_at)}" if step.done_at is not None else ""
        yield "ticked", f"by {step.done_by}{when}"
    else:
        yield "ticks", "by hand: press space"
    if step.note:
        by = step.noted_by if step.noted_by != step.done_by else None
        when = f", {stamp(step.noted_at)}" if step.noted_at is not None else ""
        yield "note", f"{step.note} ({by}{when})" if by else step.note
