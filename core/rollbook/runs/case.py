"""What is judged: a changeset with all that the rules must know beside it."""

from __future__ import annotations

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.positions import NO_PLACES, Mask, Places, Positions, places_of
from rollbook.changes.sequence import Changes
from rollbook.config.district import District
from rollbook.directory.audit import Actor
from rollbook.directory.records import school_names
from rollbook.holds.class_turns import ClassTurn
from rollbook.holds.judgement import Case, YearDoubt
from rollbook.holds.unenrolled import Unenrolled
from rollbook.roster.kinds import Kind
from rollbook.runs.class_turns import class_turns
from rollbook.runs.facts import facts
from rollbook.runs.pauses import local_date
from rollbook.runs.unenrolled import unenrolled_in
from rollbook.runs.year_doubts import year_doubts


def case_of(
    connection: Connection,
    actor: Actor,
    district: District,
    changeset: Changeset,
    *,
    unpaused: Mask,
    expected: Mask | None,
    names: dict[str, str],
    review: str,
    first: bool,
    inverse: bool,
    days_since_whole: int | None = None,
    strangers: Places = NO_PLACES,
) -> Case:
    """A changeset less its paused changes, with what the store and the district's file know;
    ``strangers`` are the changes by which somebody quite else has an id."""
    changes = changeset.changes
    known = facts(connection, actor, district, changes, first=first)
    doubts: tuple[YearDoubt, ...] = ()
    turns: tuple[ClassTurn, ...] = ()
    missing: tuple[Unenrolled, ...] = ()
    if not first and not inverse:
        today = local_date(actor.at, district.timezone)
        doubts = year_doubts(connection, district, changeset, unpaused, today, names)
        turns = class_turns(connection, district.id, changes, actor.at)
        missing = unenrolled_in(connection, district.id, changeset, today)
    return Case(
        changeset=changeset,
        active=Positions.where(unpaused),
        thresholds=district.thresholds,
        school_names=names,
        expected=expected,
        review=review,
        first=first,
        inverse=inverse,
        windows=known.windows,
        privileged=known.privileged,
        students=known.students,
        filled=known.filled,
        year_doubts=doubts,
        turns=turns,
        days_since_whole=days_since_whole,
        unenrolled=missing,
        strangers=strangers,
    )


def names_with(connection: Connection, district: str, changes: Changes) -> dict[str, str]:
    """The names of the orgs that a district has, had, or gets by a changeset."""
    return school_names(connection, district) | {
        change.id: str(change.after["name"])
        for change in changes.at(places_of(changes.columns.of(Kind.ORG)))
        if change.after and "name" in change.after
    }
