"""What can be done with a district's expected-change plans."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.desk.plan_views import PlanState, PlanView
from rollbook_tui.commands.command import Command, State


@dataclass(frozen=True)
class PlansState(State):
    """The highlighted plan, if any."""

    plan: PlanView | None = None


_LASTING = (PlanState.PROPOSED, PlanState.COMING, PlanState.IN_FORCE)


class NewPlan(Command[PlansState]):
    """Fill in a new plan: what a rollover will change, so that only what deviates is held. It
    begins with what an ordinary rollover does."""

    id = "plans.new"
    action = "new_plan"
    label = "New plan"
    keys = "N"
    footer = "New plan"


class AgreeToPlan(Command[PlansState]):
    """Agree to a plan that somebody else has proposed; from then on it counts."""

    id = "plans.agree"
    action = "agree"
    label = "Agree"
    keys = "a"
    footer = "Agree"
    writes = True

    @classmethod
    def why_not(cls, state: PlansState) -> str | None:
        """It must be proposed."""
        if state.plan is None:
            return "There is no plan here."
        if state.plan.state is not PlanState.PROPOSED:
            return f"Plan {state.plan.id} is {state.plan.state}."
        return None


class EndPlan(Command[PlansState]):
    """End a plan before its last day: what it has let through and is not applied is judged anew."""

    id = "plans.end"
    action = "end_plan"
    label = "End"
    keys = "x"
    footer = "End"
    writes = True

    @classmethod
    def why_not(cls, state: PlansState) -> str | None:
        """It must last."""
        if state.plan is None:
            return "There is no plan here."
        if state.plan.state not in _LASTING:
            return f"Plan {state.plan.id} is {state.plan.state} already."
        return None


class ProposePlan(Command[State]):
    """Propose the plan as it is filled in; it counts once somebody else has agreed to it."""

    id = "plan.propose"
    action = "propose"
    label = "Propose the plan"
    keys = "f6"
    footer = "Propose"
    writes = True


class SuggestPlan(Command[State]):
    """Fill the form with what an ordinary rollover does, by the grades that there are now."""

    id = "plan.suggest"
    action = "suggest"
    label = "Suggest an ordinary rollover"
    keys = "f5"
    footer = "Suggest"


PLANS = (NewPlan, AgreeToPlan, EndPlan)
"""The commands of the list of plans."""

PLAN_FORM = (ProposePlan, SuggestPlan)
"""The commands of the form."""
