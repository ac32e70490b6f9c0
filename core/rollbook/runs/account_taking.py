"""Putting what happens to somebody's account into a run's plan, counted as the rules want it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rollbook.changes.positions import Mask
from rollbook.changes.sequence import Changes
from rollbook.directory.pauses import PauseRow
from rollbook.roster.accounts import HELD_BY, Account, AccountChange, AccountState, AccountVerb
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.runs.account_classes import Seats
from rollbook.runs.account_pauses import pause_of
from rollbook.runs.account_people import NO_CHANGE, Looked
from rollbook.runs.account_plan import AccountPlan
from rollbook.runs.account_spool import NO_PAUSE


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a changeset beside its changes: see ``plan_accounts``."""

    pauses: Sequence[PauseRow]
    expected: Mask | None
    paused: Mask | None
    strangers: Collection[int]
    seats: Seats | None


def take(
    plan: AccountPlan,
    looked: Looked,
    role: RoleGroup | None,
    made: Sequence[AccountChange],
    around: Around,
    sudden: bool,
) -> bool:
    """Put somebody's account changes into the plan; returns whether a pause keeps them back."""
    person, position = looked.person, looked.position
    assert role is not None
    expected, seats = around.expected, around.seats
    announced = bool(expected is not None and position != NO_CHANGE and expected[position])
    pause = NO_PAUSE
    if position == NO_CHANGE:
        suspends = any(change.verb is AccountVerb.SUSPEND for change in made)
        pause = pause_of(around.pauses, person.id, person.school, role, suspends=suspends)
        rests = pause != NO_PAUSE
    else:
        rests = bool(around.paused is not None and around.paused[position])
    new = [change for change in made if not plan.takes_back(change)]
    verbs = {change.verb for change in new}
    if not rests:
        if sudden:
            plan.lose(person.school)
        renamed = any(change.is_rename for change in new)
        plan.created[role] += AccountVerb.CREATE in verbs and not renamed
        # Nobody announces renames: they are what a wrong school year looks like at a roll-up.
        plan.renamed += renamed
        plan.repeating += AccountVerb.RENAME in verbs and plan.repeats(role, position)
        plan.moved += not (announced or verbs.isdisjoint(HELD_BY["C2"])) and any(
            change.verb in HELD_BY["C2"]
            and not plan.takes_back(change)
            and not _follows_seats(change, seats)
            for change in made
        )
    plan.paused += len(made) if rests else 0
    for change in made:
        suddenly = sudden and change.verb in HELD_BY["C8"]
        known = announced or _follows_seats(change, seats)
        told = (position, pause, known, AccountVerb.RENAME in verbs, suddenly)
        plan.add(change, role, person.school, looked.label, *told)
    return rests


def _follows_seats(change: AccountChange, seats: Seats | None) -> bool:
    """Whether an account just follows its person into other classes, which the rules judge."""
    return change.of_classes and seats is not None and seats.have_moved(change.person)


def explained_changes(changes: Changes) -> Mask:
    """The changes of people from which it follows by itself that an account is to go."""
    columns = changes.columns
    said = columns.shaped(bool(s.touched & {"enabled", "primary_role"}) for s in columns.shapes)
    return columns.of(Kind.USER) & (said | columns.of(verb=Verb.REMOVE))


def is_sudden(
    looked: Looked,
    account: Account | None,
    made: Sequence[AccountChange],
    explained: Mask,
    today: date,
) -> bool:
    """Whether somebody loses an account in use, of whom neither the record nor a date says so."""
    if account is None or account.state is not AccountState.ACTIVE:
        return False
    if looked.position != NO_CHANGE and explained[looked.position]:
        return False
    due = account.suspend_on is not None and account.suspend_on <= today.isoformat()
    return not due and any(change.verb in HELD_BY["C8"] for change in made)
