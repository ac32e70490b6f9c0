"""A checklist as a document of its own."""

from __future__ import annotations

import re
from pathlib import Path

from rollbook.desk.export_forms import write_atomically
from rollbook.desk.views import ChecklistView, StepState, StepView

_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>&~])")


def checklist_markdown(view: ChecklistView) -> str:
    """A checklist as a Markdown document. What people and the SIS wrote is plain text in it."""
    summary = view.summary
    lines = [
        f"# {_text(summary.title)}: {_text(summary.district)}",
        "",
        _text(view.intro),
        "",
        f"{summary.done} of {summary.total} done, {_text(view.period)}, source: "
        f"{_text(view.source)}.",
        "",
    ]
    for step in view.steps:
        lines += _step(step)
    return "\n".join(lines) + "\n"


def export_checklist(view: ChecklistView, path: Path) -> None:
    """Write a checklist to a Markdown file, whole or not at all."""
    write_atomically(path, checklist_markdown(view).splitlines(keepends=True))


def _step(step: StepView) -> list[str]:
    box = "x" if step.state is StepState.DONE else " "
    word = " **(blocked)**" if step.state is StepState.BLOCKED else ""
    lines = [f"- [{box}] {_text(step.title)}{word}"]
    if step.state is not StepState.DONE:
        lines.append(f"  {_text(step.help)}")
    if step.blocker:
        lines.append(f"  In the way: {_text(step.blocker)}")
    elif step.evidence:
        lines.append(f"  {_text(step.evidence)}")
    if step.noted_by and step.noted_at and (step.done_by or step.note):
        note = f": {_text(step.note)}" if step.note else ""
        lines.append(f"  {_text(step.noted_by)}, {step.noted_at:%Y-%m-%d %H:%M} UTC{note}")
    # Two blanks at its end keep a line of a list item a line of its own.
    return [f"{line}  " for line in lines[:-1]] + lines[-1:]


def _text(written: str) -> str:
    """Text in which nothing is markup, in one line."""
    visible = "".join(letter if letter.isprintable() else " " for letter in written)
    return _MARKS.sub(r"\\\1", " ".join(visible.split()))
