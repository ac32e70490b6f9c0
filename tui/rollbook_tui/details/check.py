"""The steps of a check, as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from rollbook.desk.views import Check
from rollbook_tui.details.blocks import hanging
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import counted


def check_lines(steps: Sequence[Check], width: int, *, under_way: bool) -> Iterator[Content]:
    """Each step with its sign, what was found and what to do: the newest first while it is under
    way, and then what failed first."""
    ordered = reversed(steps) if under_way else sorted(steps, key=lambda step: step.ok)
    for step in ordered:
        sign = ("✓ ", "$primary") if step.ok else ("x ", "bold $error")
        name = Content.styled(f"{drawable(step.name)}  ", "bold")
        yield from Content.assemble(sign, name, drawable(step.detail)).wrap(width)
        if step.findings:
            told = counted(len(step.findings), "finding", "findings")
            yield from hanging(f"{told}: press F7", width)
        elif step.hint and not step.ok:
            yield from hanging(step.hint, width)


def check_title(steps: Sequence[Check], *, under_way: bool) -> str:
    """``Check · 3 steps so far``, ``Check · 7 steps, 1 failed``."""
    told = counted(len(steps), "step", "steps")
    if under_way:
        return f"Checking · {told} so far"
    failed = sum(not step.ok for step in steps)
    return f"Check · {told}, {f'{failed:,} failed' if failed else 'all well'}"
