"""For which time the ticks of a checklist are good: each is walked anew when its time comes."""

from __future__ import annotations

from rollbook.rollover.facts import Facts


def calendar_year(facts: Facts) -> str:
    """The calendar year: what is done once a summer."""
    return str(facts.today.year)


def term(facts: Facts) -> str:
    """The term that comes next, by its first day; the calendar year where no term is known."""
    return facts.term[1].isoformat() if facts.term else calendar_year(facts)


def blackout(facts: Facts) -> str:
    """The blackout that is in force or comes next, by its first day."""
    return facts.blackout[1].isoformat() if facts.blackout else calendar_year(facts)


def source(facts: Facts) -> str:
    """The type of source: another one is another change of provider."""
    return facts.source_type
