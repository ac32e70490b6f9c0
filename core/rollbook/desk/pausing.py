"""Pauses: keeping a part of a district's sync still for a while."""

from __future__ import annotations

from collections.abc import Sequence
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
    Raises ``ConfigInvalid`` and ``NotFound``.
    """
    actor = desk.actor()
    config = find_district(desk.home, district_id)
    if preset is not None:
        if preset not in PRESET_SCOPES:
            raise ConfigInvalid(f"no preset {preset!r}.", remedy=f"Use {', '.join(PRESETS)}.")
        if kinds or verbs or roles:
            raise ConfigInvalid("a preset names its kinds, verbs and roles itself; leave them out.")
        scope = PRESET_SCOPES[preset]
        kinds, verbs, roles = scope.kinds, scope.verbs, scope.roles
    starts = starts or local_date(actor.at, config.timezone)
    if ends is not None and ends < starts:
        raise ConfigInvalid(
            f"a pause cannot end ({ends}) before it starts ({starts}).",
            remedy="Name a later last day, or an earlier first one.",
        )
    if not reason.strip():
        raise ConfigInvalid("a pause needs a reason.", remedy="Say why in a few words.")
    with desk.store.write() as connection:
        if school is not None and not load_some(connection, district_id, Kind.ORG, [school]):
            raise NotFound(
                f"no school {school!r} in {district_id}.",
                remedy="Name it by the id that it has in the SIS.",
            )
        pause_id = pause_rows.create(
            connection,
            actor,
            district_id,
            school=school,
            kinds=kinds,
            verbs=verbs,
            roles=roles,
            starts=starts,
            ends=ends,
            preset=preset,
            until=pause_rows.UNTIL_READY if until_ready else None,
            reason=reason,
        )
        return _view(connection, desk, pause_rows.get(connection, pause_id), actor.at)


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
