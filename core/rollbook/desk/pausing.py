"""Pauses: keeping a part of a district's sync still for a while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from rollbook.config.home import find_district, timezone_of
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import pause_view
from rollbook.desk.views import Kind, PauseScope, PauseView, RoleGroup, Verb
from rollbook.directory import pauses as pause_rows
from rollbook.directory.pauses import PauseRow
from rollbook.directory.records import load_some, school_names
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.runs.pauses import is_active, local_date

PRESETS: dict[str, str] = {
    "summer": "Guardians and their links go on; all else stays as it was.",
    "blackout": "Nothing at all is applied.",
    "additions-only": "New records go in; nothing is changed or removed.",
}
"""The presets of a pause, and what each means."""

PRESET_SCOPES: dict[str, PauseScope] = {
    "summer": PauseScope(
        kinds=tuple(kind for kind in Kind if kind is not Kind.GUARDIAN),
        roles=(RoleGroup.STUDENT, RoleGroup.STAFF),
    ),
    "blackout": PauseScope(),
    "additions-only": PauseScope(verbs=(Verb.UPDATE, Verb.REMOVE)),
}
"""What each preset keeps still."""


def today(desk: Desk, district_id: str) -> date:
    """The day that it is in a district."""
    return local_date(desk.clock(), timezone_of(desk.home, district_id))


def pause(
    desk: Desk,
    district_id: str,
    *,
    school: str | None = None,
    kinds: Sequence[Kind] = (),
    verbs: Sequence[Verb] = (),
    roles: Sequence[RoleGroup] = (),
    starts: date | None = None,
    ends: date | None = None,
    preset: str | None = None,
    until_ready: bool = False,
    reason: str,
) -> PauseView:
    """Pause a part of a sync: school × kinds × verbs, from ``starts`` to ``ends``, both included.

    No kinds and no verbs mean all of them, and ``roles`` narrow users and roles to some people;
    dates are the district's, today when not given, and without ``ends`` the pause lasts until it
    is resumed. A preset names kinds, verbs and roles by itself. A pause ``until_ready`` ends when
    the roll-up is seen to be done (``end_due_pauses``), and after ``ends`` in any case.
    Raises ``NotFound``, and ``ConfigInvalid``, also where another pause keeps the same still for
    all of these days.
    """
    scope = PauseScope(tuple(kinds), tuple(verbs), tuple(roles))
    if preset is not None:
        if preset not in PRESET_SCOPES:
            raise ConfigInvalid(f"no preset {preset!r}.", remedy=f"Use {', '.join(PRESETS)}.")
        if scope != PauseScope():
            raise ConfigInvalid("a preset names its kinds, verbs and roles itself; leave them out.")
        scope = PRESET_SCOPES[preset]
    days = _Days(starts, ends, until_ready)
    [made] = _made(desk, district_id, [(scope, preset)], school, days, reason)
    return made


def pause_scopes(
    desk: Desk,
    district_id: str,
    scopes: Sequence[PauseScope],
    *,
    school: str | None = None,
    starts: date | None = None,
    ends: date | None = None,
    until_ready: bool = False,
    reason: str,
) -> tuple[PauseView, ...]:
    """Several pauses for the same days, all of them or none; else as ``pause``. One that keeps
    still what a preset does is called by its name."""
    presets = {scope: name for name, scope in PRESET_SCOPES.items()}
    parts = [(scope, presets.get(scope)) for scope in scopes]
    days = _Days(starts, ends, until_ready)
    return _made(desk, district_id, parts, school, days, reason)


@dataclass(frozen=True, slots=True)
class _Days:
    starts: date | None
    ends: date | None
    until_ready: bool


def _made(
    desk: Desk,
    district_id: str,
    parts: Sequence[tuple[PauseScope, str | None]],
    school: str | None,
    days: _Days,
    reason: str,
) -> tuple[PauseView, ...]:
    """Make pauses of scopes, each with the preset that names it."""
    actor = desk.actor()
    config = find_district(desk.home, district_id)
    day = local_date(actor.at, config.timezone)
    starts, ends = days.starts or day, days.ends
    if ends is not None and ends < starts:
        raise ConfigInvalid(
            f"a pause cannot end ({ends}) before it starts ({starts}).",
            remedy="Name a later last day, or an earlier first one.",
        )
    if not reason.strip():
        raise ConfigInvalid("a pause needs a reason.", remedy="Say why in a few words.")
    until = pause_rows.UNTIL_READY if days.until_ready else None
    with desk.store.write() as connection:
        if school is not None and not load_some(connection, district_id, Kind.ORG, [school]):
            raise NotFound(
                f"no school {school!r} in {district_id}.",
                remedy="Name it by the id that it has in the SIS.",
            )
        there = pause_rows.of_district(connection, district_id)
        made = []
        for scope, preset in parts:
            same = _same(there, school, scope, starts, ends, until)
            if same is not None:
                raise ConfigInvalid(
                    f"{same.id} keeps that still already, {_days_of(same)}: {same.created_by} has "
                    f"made it at {same.created_at:%Y-%m-%d %H:%M} UTC.",
                    remedy="End that one first, or pause something else or for longer.",
                )
            pause_id = pause_rows.create(
                connection,
                actor,
                district_id,
                school=school,
                kinds=scope.kinds,
                verbs=scope.verbs,
                roles=scope.roles,
                starts=starts,
                ends=ends,
                preset=preset,
                until=until,
                reason=reason,
            )
            made.append(_view(connection, desk, pause_rows.get(connection, pause_id), actor.at))
        return tuple(made)


def _same(
    rows: Iterable[PauseRow],
    school: str | None,
    scope: PauseScope,
    starts: date,
    ends: date | None,
    until: str | None,
) -> PauseRow | None:
    """A pause of just that scope that lasts at least as long and that nobody has ended."""
    first, last = starts.isoformat(), ends.isoformat() if ends else None
    for row in rows:
        covers = PauseScope(row.kinds, row.verbs, row.roles)
        if row.resumed_at is not None or (row.school, row.until) != (school, until):
            continue
        if _parts(covers) != _parts(scope) or row.starts > first:
            continue
        if row.ends is None or (last is not None and last <= row.ends):
            return row
    return None


def _parts(scope: PauseScope) -> tuple[frozenset[str], ...]:
    return frozenset(scope.kinds), frozenset(scope.verbs), frozenset(scope.roles)


def _days_of(row: PauseRow) -> str:
    return f"{row.starts} to {row.ends}" if row.ends else f"from {row.starts} on"


def pauses(
    desk: Desk, district_id: str | None = None, *, ended: bool = False
) -> tuple[PauseView, ...]:
    """Pauses that are in force or to come; with ``ended`` those of the past as well."""
    with desk.store.read() as connection:
        now = desk.clock()
        views = [
            _view(connection, desk, row, now)
            for row in pause_rows.of_district(connection, district_id)
        ]
    return tuple(view for view in views if ended or view.active or _to_come(desk, view, now))


def resume(desk: Desk, pause_id: str) -> PauseView:
    """End a pause now; the next sync takes up what waited. Raises ``NotFound`` and ``Stale``."""
    actor = desk.actor()
    with desk.store.write() as connection:
        pause_rows.end(connection, actor, pause_rows.get(connection, pause_id))
        return _view(connection, desk, pause_rows.get(connection, pause_id), actor.at)


def end_due_pauses(desk: Desk, district_id: str, *, ready: bool) -> tuple[PauseView, ...]:
    """End the pauses in force that wait for the roll-up, if the district is ``ready``: the roll-up
    that was awaited when they began is done in all of its schools. Returns those that ended.

    The next sync takes up what waited, and after a long pause it is a review (R9).
    """
    if not ready:
        return ()
    actor = desk.actor()
    today = local_date(actor.at, timezone_of(desk.home, district_id))
    with desk.store.write() as connection:
        due = [
            row
            for row in pause_rows.of_district(connection, district_id)
            if row.until == pause_rows.UNTIL_READY and is_active(row, today)
        ]
        for row in due:
            pause_rows.end(connection, actor, row, because="the roll-up is done")
        return tuple(
            _view(connection, desk, pause_rows.get(connection, row.id), actor.at) for row in due
        )


def _to_come(desk: Desk, view: PauseView, now: datetime) -> bool:
    timezone = timezone_of(desk.home, view.district)
    return view.resumed_at is None and view.starts > local_date(now, timezone)


def _view(connection: Connection, desk: Desk, row: PauseRow, now: datetime) -> PauseView:
    names = school_names(connection, row.district)
    return pause_view(row, names, timezone_of(desk.home, row.district), now)
