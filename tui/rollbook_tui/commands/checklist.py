"""What can be done with a rollover checklist."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.desk.views import StepState, StepView
from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.lists import Export


@dataclass(frozen=True)
class ChecklistState(State):
    """The highlighted step, if any."""

    step: StepView | None = None


class TickStep(Command[ChecklistState]):
    """Tick the step, with a note if you like, or take the tick back."""

    id = "checklist.tick"
    action = "tick_step"
    label = "Tick"
    keys = "space"
    footer = "Tick"
    writes = True

    @classmethod
    def why_not(cls, state: ChecklistState) -> str | None:
        """A step that the data answers cannot be ticked by hand."""
        step = state.step
        if step is None:
            return "No step is highlighted."
        if step.automatic:
            done = step.state is StepState.DONE
            stands = "is ticked" if done else "ticks itself when the data say so"
            return f"This step {stands}. {step.evidence}".strip()
        return None


class NextChecklist(Command[State]):
    """Go to the next checklist."""

    id = "checklist.next"
    action = "next_checklist"
    label = "Next list"
    keys = "right_square_bracket"
    footer = "Next list"


class ChecklistBefore(Command[State]):
    """Go to the checklist before."""

    id = "checklist.before"
    action = "checklist_before"
    label = "List before"
    keys = "left_square_bracket"


class GoToNextStep(Command[ChecklistState]):
    """Go to the next step that is not done."""

    id = "checklist.next-step"
    action = "go_to_next_step"
    label = "Next step"
    keys = "n"
    footer = "Next step"


class WalkChecklist(Command[ChecklistState]):
    """Walk through the checklist a step at a time: what to do, what is in the way, and the screen
    on which it is done."""

    id = "checklist.walk"
    action = "walk"
    label = "Walk through it"
    keys = "enter"
    footer = "Walk"


CHECKLIST = (WalkChecklist, TickStep, GoToNextStep, NextChecklist, ChecklistBefore, Export)
"""The commands of a checklist."""
