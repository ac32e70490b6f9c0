"""C3: what is doubtful about grades and sessions that come in, by the school year that it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rollbook.rollover.roll_up import RollUp, RollUpState, SchoolRollUp
from rollbook.rollover.roll_up_evidence import Evidence
from rollbook.rollover.school_years import SchoolYears, Witness, YearDates, year_words
from rollbook.roster.sessions import Session

SOME = 3
"""Students whose grades change, below whom it is a correction, and no doubt about their school."""

SHARE = 0.1
"""Share of a school's students of last year, below which it is one as well. Before a roll-up is due
a few every night do not pass for corrections: all who have moved since last year count there."""

AGREES_WITHIN = timedelta(days=45)
"""Days by which sessions may begin or end beside the district's own calendar."""

LAST_DAYS = timedelta(days=7)
"""Before the last day of school: classes may be over by then."""

NAMED = 3
"""Schools that are called by name."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is doubtful, in words, and the schools whose updates of grades it is about."""

    title: str
    why: str
    cause: str
    schools: tuple[str, ...] = ()


def grade_doubts(
    before: RollUp,
    after: RollUp,
    updates: Mapping[str, int],
    dates: YearDates,
    today: date,
    names: Mapping[str, str],
    seated: Collection[str] = (),
) -> list[Doubt]:
    """The doubts about updates of grades, counted by the school of last year.

    ``before`` and ``after`` are the roll-up without them and with them, ``dates`` those of the
    school year that the grades of last year are of. ``seated`` are schools of which most students
    stay in the classes that they are in: where only the sessions say how long the year lasts, that
    tells whether it is over.
    """
    rolled = {school.school for school in before.of(RollUpState.DONE)}
    early = today < dates.roll_up_from
    lasts = dates.witness is not Witness.CALENDAR and today < dates.last_day - LAST_DAYS
    stood = {school.school: school.evidence for school in before.schools} if early else {}
    found: dict[RollUpState | None, list[SchoolRollUp]] = {}
    for school in _telling(after):
        number = updates.get(school.school, 0)
        in_all = _moved(school.evidence, school.state)
        if early and number and in_all > _moved(stood.get(school.school, Evidence()), school.state):
            number = max(number, in_all)
        if number < max(SOME, SHARE * school.evidence.decided):
            continue
        if school.state is RollUpState.DONE:
            if school.school not in rolled and (early or (lasts and school.school in seated)):
                found.setdefault(None, []).append(school)
        elif school.state in _WORDS:
            found.setdefault(school.state, []).append(school)
    doubts: list[Doubt] = []
    for state in (None, *_WORDS):
        schools = found.get(state)
        if schools and state is None:
            doubts.append(_early(schools, dates, today, names))
        elif schools:
            doubts.append(_of(schools, names))
    return doubts


def _moved(evidence: Evidence, state: RollUpState) -> int:
    """Students who have gone up since last year; of a roll-up taken back, those who went down."""
    return evidence.down if state is RollUpState.BACK else evidence.up + evidence.two_up


def _telling(after: RollUp) -> Sequence[SchoolRollUp]:
    """The schools that tell something; where none does, all of them as the district does."""
    telling = [s for s in after.schools if s.state is not RollUpState.UNKNOWN]
    return telling or [
        SchoolRollUp(s.school, after.state, s.evidence, s.grades) for s in after.schools
    ]


_WORDS: Mapping[RollUpState, tuple[str, str, str]] = {
    RollUpState.PARTLY: (
        "rolled up in part",
        "would be rolled up only in part",
        "The SIS may have been read while it was rolling up, or the roll-up broke off: wait for "
        "its next export. A school at which many repeat looks so too.",
    ),
    RollUpState.TWICE: (
        "rolled up twice",
        "would be two grades above last year",
        "The roll-up may have been run a second time: ask whoever runs the SIS.",
    ),
    RollUpState.BACK: (
        "roll-up taken back",
        "would be a grade below last year",
        "This may be an export of a year ago, or of a copy of the SIS.",
    ),
}


def _of(schools: Sequence[SchoolRollUp], names: Mapping[str, str]) -> Doubt:
    title, what, cause = _WORDS[schools[0].state]
    evidence = sum((school.evidence for school in schools), Evidence())
    behind = sorted({grade for school in schools for grade in school.behind})
    left_out = f" Grade {', '.join(behind)} would be left behind." if behind else ""
    why = f"{_listed(schools, names)} {what}: {counted(evidence)}.{left_out}"
    return Doubt(title, why, cause, tuple(school.school for school in schools))


def _early(
    schools: Sequence[SchoolRollUp], dates: YearDates, today: date, names: Mapping[str, str]
) -> Doubt:
    evidence = sum((school.evidence for school in schools), Evidence())
    because = f"no roll-up is due before {dates.roll_up_from}"
    if today >= dates.roll_up_from:
        because = "the students stay in its classes"
    return Doubt(
        "rolled up too early",
        f"{_listed(schools, names)} would be rolled up, but the school year "
        f"{year_words(dates.school_year)} lasts until {dates.last_day} "
        f"({_witness_words(dates)}) and {because}: {counted(evidence)}.",
        "The SIS may be in its next year already, or the dates are not right: see [calendar] in "
        "the district's file.",
        tuple(school.school for school in schools),
    )


def session_doubts(
    before: Iterable[Session],
    after: Iterable[Session],
    years: SchoolYears,
    today: date,
) -> list[Doubt]:
    """The doubts about the sessions that there would be; ``years`` are as they are known before."""
    known, coming = list(before), list(after)
    doubts = [_implausible(coming)] if _odd(coming) and not _odd(known) else []
    year = years.on(today)
    named = {session.school_year for session in coming} - {None}
    had = any(session.school_year == year.school_year for session in known)
    if today <= year.last_day and named and year.school_year not in named and had:
        listed = " and ".join(year_words(y) for y in sorted(y for y in named if y is not None))
        doubts.append(
            Doubt(
                "another school year",
                f"The sessions would be those of {listed} alone, but it is "
                f"{year_words(year.school_year)} until {year.last_day} ({_witness_words(year)}).",
                "The export may come from another year's database, or the SIS was turned to "
                "another year: ask whoever runs it.",
            )
        )
    return [*doubts, *_against_calendar(coming, known, years)]


def _odd(sessions: Iterable[Session]) -> list[Session]:
    return [session for session in sessions if not session.is_plausible]


def _implausible(sessions: Sequence[Session]) -> Doubt:
    odd = _odd(sessions)
    first = min(odd, key=lambda session: session.id)
    return Doubt(
        "school year and dates disagree",
        f"{len(odd)} of {len(sessions)} sessions would name a school year that their dates are not "
        f"in: session {first.id} is of {first.school_year} and lasts from {first.starts} to "
        f"{first.last_day}.",
        "A school year is called by the calendar year in which it ends: look at how the export "
        "fills schoolYear.",
    )


def _against_calendar(
    coming: Sequence[Session], known: Sequence[Session], years: SchoolYears
) -> list[Doubt]:
    """Sessions whose year begins or ends far from where the district's calendar has it."""
    spans, spans_before = SchoolYears.spans(coming), SchoolYears.spans(known)
    doubts: list[Doubt] = []
    for year, (first, last) in sorted(spans.items()):
        dates = years.dates(year)
        if dates.witness is not Witness.CALENDAR or spans_before.get(year) == (first, last):
            continue
        if max(abs(first - dates.first_day), abs(last - dates.last_day)) > AGREES_WITHIN:
            doubts.append(
                Doubt(
                    "sessions and calendar disagree",
                    f"By its sessions the school year {year_words(year)} would last from {first} "
                    f"to {last}, by the district's calendar from {dates.first_day} to "
                    f"{dates.last_day}.",
                    "One of the two is wrong: mend the sessions in the SIS, or [calendar] in the "
                    "district's file.",
                )
            )
    return doubts


def counted(evidence: Evidence) -> str:
    """``15 of 30 students one grade up, 14 in the same grade, 1 two up``."""
    parts = [f"{evidence.up:,} of {evidence.decided:,} students one grade up"]
    for number, words in (
        (evidence.stayed, "in the same grade"),
        (evidence.two_up, "two up"),
        (evidence.down, "further down"),
    ):
        if number:
            parts.append(f"{number:,} {words}")
    return ", ".join(parts)


def _witness_words(dates: YearDates) -> str:
    match dates.witness:
        case Witness.CALENDAR:
            return "by the district's calendar"
        case Witness.SESSIONS:
            return "by its sessions"
        case Witness.NEIGHBOUR:
            return "if it is like the year beside it"
    return "as is usual; nobody says"


def _listed(schools: Collection[SchoolRollUp], names: Mapping[str, str]) -> str:
    called = [names.get(school.school) or school.school or "no school" for school in schools]
    more = len(called) - NAMED
    return ", ".join(called[:NAMED]) + (f" and {more} more schools" if more > 0 else "")
