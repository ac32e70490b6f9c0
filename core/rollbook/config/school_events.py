"""What the events of a school calendar mean: first and last days, terms, blackouts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rollbook.config.calendar import LONGEST_YEAR, Blackout, CalendarYear, Term
from rollbook.errors import ConfigInvalid

SHORTEST_YEAR = timedelta(days=120)
"""A school year that is shorter lacks its first or its last day."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event of a calendar, its last day included."""

    words: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Wording:
    """How a district's calendar says it: what an event's words have in them, in any case."""

    first_day: Sequence[str] = (
        *("first day of school", "first day of classes", "first day for students"),
        *("first student day", "school begins", "classes begin", "school starts", "classes start"),
    )
    last_day: Sequence[str] = (
        *("last day of school", "last day of classes", "last day for students"),
        *("last student day", "school ends", "classes end"),
    )
    blackout: Sequence[str] = ("blackout", "no sync")

    def matters(self, words: str) -> bool:
        """Whether an event with such words says anything of the school year."""
        every = (*self.first_day, *self.last_day, *self.blackout)
        return _has(words, every) or _term(words) is not None


@dataclass(frozen=True, slots=True)
class SchoolEvents:
    """What was found: years by the calendar year in which they end, blackouts, and in words what
    was decided where the events left a choice."""

    years: dict[str, CalendarYear]
    blackouts: tuple[Blackout, ...]
    notes: tuple[str, ...]


_TERM = re.compile(
    r"(?P<end>end|last day|ends?)?\s*(?:of\s+)?(?:the\s+)?"
    r"\b(?P<name>(?:(?:fall|winter|spring|first|second|third|fourth|1st|2nd|3rd|4th)\s+"
    r"(?:semester|trimester|quarter|term))|(?:semester|trimester|quarter|term)\s*[1-4]|"
    r"[qst][1-4])\b\s*(?P<begins>begins?|starts?)?\s*(?P<ends>ends?)?",
    re.IGNORECASE,
)


def school_events(events: Iterable[Event], wording: Wording) -> SchoolEvents:
    """The years, terms and blackouts in some events.

    Raises ``ConfigInvalid`` where no event says when school begins, or when it ends, and where no
    first day goes with a last day.
    """
    found = sorted(events, key=lambda event: (event.first_day, event.words))
    firsts = [event for event in found if _has(event.words, wording.first_day)]
    lasts = [event for event in found if _has(event.words, wording.last_day)]
    for missing, words in ((firsts, wording.first_day), (lasts, wording.last_day)):
        if not missing:
            raise ConfigInvalid(
                f"no event says {words[0]!r}, or the like.",
                remedy="Name the words that your calendar has with --first-day and --last-day.",
            )
    notes: list[str] = []
    years: dict[str, CalendarYear] = {}
    for year in sorted({event.last_day.year for event in lasts}):
        last = max(event.last_day for event in lasts if event.last_day.year == year)
        begun = sorted(e.first_day for e in firsts if last - e.first_day >= SHORTEST_YEAR)
        first = next((day for day in begun if last - day <= LONGEST_YEAR), None)
        if first is None:
            notes.append(f"no first day goes with the last day {last}: left out")
            continue
        several = {e.last_day for e in lasts if e.last_day.year == year}
        if len(several) > 1:
            notes.append(f"{len(several)} last days in {year}: the latest is taken, {last}")
        others = {day for day in begun if last - day <= LONGEST_YEAR}
        if len(others) > 1:
            notes.append(f"{len(others)} first days before {last}: the earliest is taken, {first}")
        terms = _terms(found, first, last, notes)
        years[str(year)] = CalendarYear(first_day=first, last_day=last, terms=terms)
    if not years:
        raise ConfigInvalid(
            f"no first day of school goes with a last day: {'; '.join(notes)}.",
            remedy="A calendar is needed that has both days of a school year.",
        )
    return SchoolEvents(years, _blackouts(found, wording), tuple(notes))


def _blackouts(events: Iterable[Event], wording: Wording) -> tuple[Blackout, ...]:
    return tuple(
        Blackout(name=event.words[:100], starts=event.first_day, ends=event.last_day)
        for event in events
        if _has(event.words, wording.blackout)
    )


def _terms(events: Iterable[Event], first: date, last: date, notes: list[str]) -> tuple[Term, ...]:
    """Terms of which the events say an end; each begins where it is said, or after the last."""
    begins: dict[str, date] = {}
    ends: dict[str, date] = {}
    for event in events:
        said = _term(event.words)
        if said is not None and first <= event.first_day and event.last_day <= last:
            name, is_end = said
            (ends if is_end else begins).setdefault(
                name, event.last_day if is_end else event.first_day
            )
    terms: list[Term] = []
    kinds = {name: name.split()[-1] if " " in name else name[0] for name in {*begins, *ends}}
    for kind in sorted(set(kinds.values())):
        names = [name for name in {*begins, *ends} if kinds[name] == kind]
        names.sort(key=lambda name: ends.get(name) or begins[name])
        opened = first
        for place, name in enumerate(names):
            opens = begins.get(name, opened)
            following = names[place + 1] if place + 1 < len(names) else None
            closes = ends.get(name)
            if closes is None and following is None:
                closes = last
            elif closes is None and following in begins:
                closes = begins[following] - timedelta(days=1)
            if closes is None or not first <= opens < closes <= last:
                notes.append(f"{name} of the year that ends on {last} is left out: it has no end")
                continue
            terms.append(Term(name=name, first_day=opens, last_day=closes))
            opened = closes + timedelta(days=1)
    return tuple(sorted(terms, key=lambda term: (term.first_day, term.last_day, term.name)))


def _term(words: str) -> tuple[str, bool] | None:
    """The term that words begin or end, and whether they end it."""
    found = _TERM.search(words)
    if found is None or not (found["end"] or found["begins"] or found["ends"]):
        return None
    return " ".join(found["name"].split()).capitalize(), bool(found["end"] or found["ends"])


def _has(words: str, wanted: Sequence[str]) -> bool:
    """Whether words are of an event; summer school has first days of its own."""
    folded = words.casefold()
    return "summer" not in folded and any(one.casefold() in folded for one in wanted)
