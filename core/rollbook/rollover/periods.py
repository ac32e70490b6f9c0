"""When a checklist is due, and for which time its ticks are good: each is walked anew then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from rollbook.rollover.facts import Facts
from rollbook.rollover.season import Season

SOON = timedelta(days=14)
"""Before a term or a blackout begins, from which on its checklist is due; and as long after."""

BLACKOUT_LOOKED_AFTER = timedelta(days=7)
"""How long the checklist of a blackout goes on after it: what waited is looked at then."""


def calendar_year(facts: Facts) -> str:
    """The calendar year: what is done once a summer."""
    return str(facts.today.year)


def term(facts: Facts) -> str:
    """The term that comes next, by its first day; the calendar year where no term is known."""
    return facts.term[1].isoformat() if facts.term else calendar_year(facts)


def blackout(facts: Facts) -> str:
    """The blackout that is in force, has just ended or comes next, by its first day."""
    return facts.blackout[1].isoformat() if facts.blackout else calendar_year(facts)


def source(facts: Facts) -> str:
    """The type of source: another one is another change of provider."""
    return facts.source_type


def in_seasons(*seasons: Season) -> Callable[[Facts], bool]:
    """Due in some seasons of the year."""
    return lambda facts: facts.year.season in seasons


def around_term(facts: Facts) -> bool:
    """Due when a term begins, or has just begun."""
    return facts.term is not None and abs(facts.term[1] - facts.today) <= SOON


def around_blackout(facts: Facts) -> bool:
    """Due when a blackout comes, while it lasts, and a week after it."""
    return facts.blackout is not None and facts.blackout[1] - facts.today <= SOON


def before_first_run(facts: Facts) -> bool:
    """Due until a run has been applied."""
    return not facts.applied_runs


def after_change_of_source(facts: Facts) -> bool:
    """Due while the people of a source come back under other ids."""
    return "R4" in facts.rules
