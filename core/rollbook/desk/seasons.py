"""Where in its year each district is, and the evidence of its roll-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import find_district, load_districts
from rollbook.desk.blackouts import blackout_on, not_read
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import active_pauses, pause_words
from rollbook.desk.season_views import (
    BlackoutView,
    Evidence,
    GradeCount,
    RollUpState,
    RollUpView,
    SchoolRollUpView,
    SeasonView,
    TermView,
    YearView,
)
from rollbook.directory import accounts, grade_memory, holds
from rollbook.directory.records import school_names
from rollbook.rollover.facts import YearFacts
from rollbook.rollover.grade_year import YearOfGrades
from rollbook.rollover.roll_up import RollUp, detect
from rollbook.rollover.school_years import SchoolYears, YearDates, year_words
from rollbook.rollover.season import YearStanding, before_first_run, season_words
from rollbook.roster.grade_ladder import GradeLadder
from rollbook.roster.grade_moves import Moves, Place
from rollbook.roster.sessions import Session
from rollbook.runs.account_release import list_words
from rollbook.runs.pauses import local_date
from rollbook.runs.school_year import lagging, sessions_of, unenrolled


def season(desk: Desk, district_id: str) -> SeasonView:
    """Where in its year a district is. Raises ``NotFound`` and ``ConfigInvalid``."""
    district = find_district(desk.home, district_id)
    with desk.store.read() as connection:
        return _Year(connection, district, desk.clock()).view()


def seasons(desk: Desk) -> tuple[SeasonView, ...]:
    """Where in its year every district is; a district whose file cannot be read is left out."""
    found, _ = load_districts(desk.home)
    with desk.store.read() as connection:
        return tuple(_Year(connection, district, desk.clock()).view() for district in found)


def roll_up(desk: Desk, district_id: str) -> RollUpView:
    """The evidence of a district's roll-up, school by school. Raises as ``season`` does."""
    district = find_district(desk.home, district_id)
    with desk.store.read() as connection:
        return _Year(connection, district, desk.clock()).evidence()


def year_facts(connection: Connection, district: District, now: datetime) -> YearFacts:
    """The year as the checklists see it, in the caller's transaction."""
    return _Year(connection, district, now).facts()


class _Year:
    """What is known of a district's year, read once."""

    def __init__(self, connection: Connection, district: District, now: datetime) -> None:
        self._connection, self._district, self._now = connection, district, now
        self._today = local_date(self._now, district.timezone)
        self._names = school_names(connection, district.id)
        self._sessions = sessions_of(connection, district.id)
        self._years = SchoolYears.of(district.calendar, self._sessions)
        self._kept = grade_memory.year_of(connection, district.id)
        self._moves: Moves = grade_memory.moves_of(connection, district.id)
        self._roll_up = detect(self._moves, district.grades.ladder)

    def view(self) -> SeasonView:
        """The season with its words."""
        district, today = self._district, self._today
        year = self._school_year
        standing = self._standing(year)
        held = holds.waiting_by_district(self._connection, self._now, district.id)
        waiting = held.get(district.id, 0)
        words = season_words(standing, today, waiting)
        active = active_pauses(self._connection, district.id, district.timezone, self._now)
        pauses = tuple(pause_words(row, self._names) for row in active)
        paused = f" Paused: {'; '.join(pauses)}." if pauses else ""
        basis = accounts.basis_of(self._connection, district.id)
        lists = list_words(basis) if district.accounts is not None else ""
        begun = self._kept is not None
        return SeasonView(
            district=district.id,
            name=district.name,
            today=today,
            season=words.season if begun else None,
            waits_for=words.waits_for if begun else before_first_run(waiting),
            will_do=f"{words.will_do}.{paused}{lists}" if begun else "",
            year=self._year_view(standing.dates),
            following=self._year_view(standing.following),
            grades_of=YearOfGrades.seen(year, self._roll_up).everywhere,
            roll_up=self._roll_up.state,
            rolled_up_on=self._kept.rolled_up if self._kept else None,
            lagging=tuple(standing.lagging),
            unenrolled=tuple(standing.unenrolled),
            pauses=pauses,
            held=waiting,
            blackout=blackout_on(district, today),
            blackouts=tuple(
                BlackoutView(b.name, b.starts, b.ends) for b in district.calendar.blackouts
            ),
            not_read=not_read(district),
        )

    def evidence(self) -> RollUpView:
        """The roll-up with all that was counted."""
        seen, ladder = self._roll_up.seen, self._district.grades.ladder
        everybody = _Grades(self._moves, ladder)
        top = _of_grade(self._roll_up, seen.top or "")
        return RollUpView(
            season=self.view(),
            since=self._kept.since if self._kept else None,
            state=self._roll_up.state,
            evidence=seen.all,
            top=seen.top,
            top_gone=top.gone,
            top_kept=top.returned,
            entering=seen.entering,
            apart={self._name(school): number for school, number in seen.apart.items()},
            unread=seen.unread,
            grades=everybody.counts(None),
            schools=tuple(self._schools(everybody)),
        )

    def facts(self) -> YearFacts:
        """The year as the checklists see it."""
        year = self._school_year
        standing = self._standing(year)
        seen = self._roll_up.seen
        begun = self._kept is not None
        return YearFacts(
            season=season_words(standing, self._today).season if begun else None,
            dates=standing.dates,
            following=standing.following,
            roll_up=standing.roll_up,
            rolled_up=standing.rolled_up,
            lagging=tuple(standing.lagging),
            unenrolled=tuple(standing.unenrolled),
            unread=sum(number for (_, now), number in self._moves.items() if self._is_unread(now)),
            entering=sum(seen.entering.values()),
            terms=tuple(
                (term.name, term.first_day)
                for dates in (standing.dates, standing.following)
                for term in self._year_view(dates).terms
            ),
            named_years=frozenset(
                one.school_year for one in self._sessions if one.school_year is not None
            ),
        )

    @property
    def _school_year(self) -> int:
        """The school year that last year's grades are of."""
        return self._kept.school_year if self._kept else self._years.on(self._today).school_year

    def _is_unread(self, place: Place | None) -> bool:
        ladder = self._district.grades.ladder
        return place is not None and bool(place.grades) and not ladder.of(place.grades.split(","))

    def _standing(self, year: int) -> YearStanding:
        dates, following = self._years.dates(year), self._years.dates(year + 1)
        rolled = self._roll_up.state is RollUpState.DONE
        coming = following if rolled else dates
        missing: Sequence[str] = ()
        if rolled or self._today < dates.first_day:
            of = coming.school_year
            missing = unenrolled(self._connection, self._district.id, self._sessions, of)
        return YearStanding(
            dates=dates,
            following=following,
            roll_up=self._roll_up.state,
            rolled_up=self._kept.rolled_up if self._kept else None,
            unenrolled=sorted(map(self._name, missing)),
            lagging=tuple(map(self._name, lagging(self._roll_up))),
        )

    def _schools(self, everybody: _Grades) -> Iterator[SchoolRollUpView]:
        found = {school.school: school for school in self._roll_up.schools}
        there = {school for school in everybody.schools if school not in found}
        for school in self._roll_up.schools:
            yield SchoolRollUpView(
                school=school.school,
                name=self._name(school.school),
                state=school.state,
                evidence=school.evidence,
                behind=school.behind,
                grades=everybody.counts(school.school),
            )
        for name in sorted(there):
            grades = everybody.counts(name)
            yield SchoolRollUpView(name, self._name(name), None, Evidence(), (), grades)

    def _name(self, school: str) -> str:
        return self._names.get(school) or school or "no school"

    def _year_view(self, dates: YearDates) -> YearView:
        said = self._years.said.get(dates.school_year)
        terms = (
            [TermView(term.name, term.first_day, term.last_day) for term in said.terms]
            if said is not None and said.terms
            else _terms(self._sessions, dates.school_year)
        )
        return YearView(
            school_year=dates.school_year,
            words=year_words(dates.school_year),
            first_day=dates.first_day,
            last_day=dates.last_day,
            witness=dates.witness,
            roll_up_from=dates.roll_up_from,
            roll_up_to=dates.roll_up_to,
            terms=tuple(terms),
        )


def _terms(sessions: Sequence[Session], school_year: int) -> list[TermView]:
    """The sessions of a year, the year itself left out, in their order and each once."""
    found = {
        TermView(session.title, session.starts, session.last_day)
        for session in sessions
        if session.school_year == school_year and session.type != "schoolYear"
    }
    return sorted(found, key=lambda term: (term.first_day, term.last_day, term.name))


def _of_grade(found: RollUp, grade: str) -> Evidence:
    """What became of everybody who was in a grade."""
    schools = found.seen.schools.values()
    return sum((s.grades[grade] for s in schools if grade in s.grades), Evidence())


class _Grades:
    """How many students each grade had and has, of the district (``None``) and of each school."""

    def __init__(self, moves: Moves, ladder: GradeLadder) -> None:
        self._ladder = ladder
        self._before: dict[str | None, Counter[str]] = {None: Counter()}
        self._now: dict[str | None, Counter[str]] = {None: Counter()}
        codes: dict[str, str] = {}
        for move, number in moves.items():
            for place, counted in zip(move, (self._before, self._now), strict=True):
                if place is None:
                    continue
                if place.grades not in codes:
                    codes[place.grades] = ladder.of(place.grades.split(",")) or place.grades
                for where in (None, place.school):
                    counted.setdefault(where, Counter())[codes[place.grades]] += number

    @property
    def schools(self) -> set[str]:
        """Every school that had or has students."""
        return {school for school in (*self._before, *self._now) if school is not None}

    def counts(self, school: str | None) -> tuple[GradeCount, ...]:
        """The grades, the youngest first; what is no grade of the ladder comes last."""
        none: Mapping[str, int] = Counter()
        before, now = self._before.get(school, none), self._now.get(school, none)
        order = {code: place for place, code in enumerate(self._ladder.order)}
        grades = sorted({*before, *now}, key=lambda g: (order.get(g, len(order)), g))
        return tuple(GradeCount(g, before.get(g, 0), now.get(g, 0)) for g in grades)
