"""Which pauses are in force, and which changes they keep back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rollbook.directory.pauses import UNTIL_READY, PauseRow
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, role_group
from rollbook.roster.records import text


def local_date(moment: datetime, timezone: str) -> date:
    """The date that it is in a district at an instant."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def is_active(pause: PauseRow, today: date) -> bool:
    """Whether a pause is in force on a day (both its dates count) and has not been ended."""
    return (
        pause.resumed_at is None
        and date.fromisoformat(pause.starts) <= today
        and (pause.ends is None or today <= date.fromisoformat(pause.ends))
    )


def begins_at(pause: PauseRow, timezone: str) -> datetime | None:
    """The instant at which a pause begins; ``None`` for one that was ended before that.

    One that is made on its first day, or later, begins when it is made.
    """
    first_day = date.fromisoformat(pause.starts)
    midnight = datetime.combine(first_day, time.min, ZoneInfo(timezone)).astimezone(UTC)
    begins: datetime = max(midnight, pause.created_at)
    return None if pause.resumed_at is not None and pause.resumed_at <= begins else begins


def keeps_back(pause: PauseRow, change: Change) -> bool:
    """Whether a pause covers a change. Role groups narrow it for people and their roles only.

    A school's pause covers what comes to it, what is there and what would leave it.
    """
    if pause.school is not None and pause.school not in _schools(change):
        return False
    if pause.kinds and change.kind not in pause.kinds:
        return False
    if pause.verbs and change.verb not in pause.verbs:
        return False
    if not pause.roles or change.kind not in (Kind.USER, Kind.ROLE):
        return True
    if change.kind is Kind.USER:
        return change.role is None or change.role in pause.roles
    values = (change.after if change.verb is not Verb.REMOVE else change.before) or {}
    role = text(values, "role")
    return role is None or role_group(role) in pause.roles


def _schools(change: Change) -> set[str | None]:
    """The school of a change, and the one that the record is at before."""
    before = change.before or {}
    left = (text(before, name) for name in ("primary_org_id", "school_id", "org_id"))
    return {change.school, *left}


def kept_back(changes: Iterable[Change], pauses: Sequence[PauseRow]) -> Iterator[PauseRow]:
    """For each change that a pause keeps back, the first that does."""
    for change in changes:
        for pause in pauses:
            if keeps_back(pause, change):
                yield pause
                break


def long_pause_since(
    pauses: Iterable[PauseRow], since: datetime, today: date, timezone: str, days: int
) -> PauseRow | None:
    """A pause of at least ``days`` that has come to its end after ``since``, if there is one.

    Pauses of the same things that follow one another within a day are one. One that waited for the
    roll-up counts however short it was: no person has ended it.
    """
    last_run = local_date(since, timezone)
    stretches = sorted(_stretches(pauses, timezone), key=lambda stretch: stretch[1:])
    joined: dict[str, tuple[date, date]] = {}
    for pause, starts, ends in stretches:
        scope = repr((pause.school, pause.kinds, pause.verbs, pause.roles))
        begun, reached = joined.get(scope, (starts, ends))
        if starts > reached + timedelta(days=2):
            begun = starts
        joined[scope] = begun, max(reached, ends)
        resumed = pause.resumed_at is not None and pause.resumed_at > since
        if ends >= today or not (resumed or ends >= last_run):
            continue
        if (ends - begun).days + 1 >= days or pause.until == UNTIL_READY:
            return pause
    return None


def _stretches(pauses: Iterable[PauseRow], timezone: str) -> Iterator[tuple[PauseRow, date, date]]:
    """Pauses that have an end, with their first and last days."""
    for pause in pauses:
        starts = date.fromisoformat(pause.starts)
        ends = date.fromisoformat(pause.ends) if pause.ends else None
        if pause.resumed_at is not None:
            resumed = local_date(pause.resumed_at, timezone)
            if ends is None or resumed <= ends:
                ends = resumed - timedelta(days=1)
        if ends is not None and (ends >= starts or pause.until == UNTIL_READY):
            yield pause, starts, ends
