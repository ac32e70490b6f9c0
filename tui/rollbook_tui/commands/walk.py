"""What can be done while a checklist is walked through, a step at a time."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook_tui.commands.checklist import ChecklistState, TickStep
from rollbook_tui.commands.command import Command
from rollbook_tui.commands.lists import Export
from rollbook_tui.step_places import PLACES


@dataclass(frozen=True)
class WalkState(ChecklistState):
    """Where in the list the step stands, and how many there are."""

    at: int = 0
    total: int = 0


class GoAndDo(Command[WalkState]):
    """Go to the screen on which this step is done; escape there comes back, or c from the
    dashboard."""

    id = "walk.do"
    action = "go_and_do"
    label = "Do it"
    keys = "enter"
    footer = "Do it"

    @classmethod
    def why_not(cls, state: WalkState) -> str | None:
        """Some steps are done elsewhere."""
        if state.step is None:
            return "There is no step here."
        if state.step.id not in PLACES:
            return "This step is not done in the console; see what it says."
        return None


class NoteStep(Command[WalkState]):
    """Write a note on the step for whoever reads it next, however it stands."""

    id = "walk.note"
    action = "put_note"
    label = "Note"
    keys = "o"
    footer = "Note"
    writes = True


class StepOn(Command[WalkState]):
    """Go on to the step after this one, whether or not this one is done."""

    id = "walk.on"
    action = "step_on"
    label = "Next"
    keys = "right,l"
    footer = "Next"

    @classmethod
    def why_not(cls, state: WalkState) -> str | None:
        """There must be one."""
        return None if state.at + 1 < state.total else "This is the last step."


class StepBack(Command[WalkState]):
    """Go back to the step before this one."""

    id = "walk.back"
    action = "step_back"
    label = "Before"
    keys = "left,h"
    footer = "Before"

    @classmethod
    def why_not(cls, state: WalkState) -> str | None:
        """There must be one."""
        return None if state.at else "This is the first step."


class WalkOn(Command[WalkState]):
    """Go to the next step that is not done."""

    id = "checklist.next-step"
    action = "go_to_next_step"
    label = "Next step to do"
    keys = "n"
    footer = "Next to do"


WALK = (GoAndDo, TickStep, NoteStep, WalkOn, StepOn, StepBack, Export)
"""The commands of a walk."""
