"""People: the card, likely duplicates, merging, splitting, and telling two people apart."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, func, or_, select

from rollbook.changes.labels import person_name
from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.permissions import why_not
from rollbook.desk.student_facts import aliases_of, facts_of
from rollbook.desk.views import (
    DuplicatePair,
    MergeFieldView,
    MergePreview,
    MergeState,
    MergeView,
    PersonView,
)
from rollbook.directory import merges as merge_rows
from rollbook.directory.merges import MergeRow
from rollbook.directory.records import (
    LiveRecord,
    load_directory,
    load_some,
    referring,
    school_names,
)
from rollbook.directory.tables import RECORD_TABLES
from rollbook.errors import ConfigInvalid, NotFound, Stale
from rollbook.people.duplicates import find_duplicates
from rollbook.people.merge import KEEP, PlannedMerge, plan_merge
from rollbook.people.noted import note_duplicates, note_number
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Value, Values, text
from rollbook.roster.states import RunKind
from rollbook.runs import local


def person(desk: Desk, district_id: str, key: str) -> PersonView:
    """The card of the person with an id, number, username or email; also of one who has left.

    Raises ``NotFound``, also when several people answer to the key.
    """
    with desk.store.read() as connection:
        found = _find(connection, district_id, key)
        people = [found, *aliases_of(connection, district_id, found)]
        facts = facts_of(connection, desk.home, district_id, people, desk.clock())
        return replace(_person(connection, district_id, found), facts=facts)


def duplicates(desk: Desk, district_id: str) -> tuple[DuplicatePair, ...]:
    """People who may be one, the surest first."""
    find_district(desk.home, district_id)
    with desk.store.read() as connection:
        directory = load_directory(connection, district_id)
        pairs = find_duplicates(directory, merge_rows.distinct(connection, district_id))
    _keep_number(desk, district_id, len(pairs))
    return tuple(
        DuplicatePair(
            district=district_id,
            a=pair.keep,
            b=pair.lose,
            label_a=person_name(directory[Kind.USER][pair.keep].values),
            label_b=person_name(directory[Kind.USER][pair.lose].values),
            score=pair.score,
            evidence=pair.evidence,
            role=pair.role,
            suggested_keep=pair.keep,
        )
        for pair in pairs
    )


def _keep_number(desk: Desk, district_id: str, number: int) -> None:
    """Let the dashboard show what was counted just now, where this desk may write."""
    if why_not(desk) is not None:
        return
    with desk.store.write() as connection:
        note_number(connection, district_id, number)


def merge_preview(
    desk: Desk, district_id: str, keep: str, lose: str, *, choices: Mapping[str, str] | None = None
) -> MergePreview:
    """What merging ``lose`` into ``keep`` would do; ``choices`` maps a field to keep or lose.

    Raises ``Stale`` where one of them was merged meanwhile.
    """
    with desk.store.read() as connection:
        merge_rows.refuse_merged(connection, district_id, (keep, lose))
        planned = plan_merge(load_directory(connection, district_id), keep, lose, choices or {})
        return _preview(connection, district_id, planned)


def merge(
    desk: Desk,
    district_id: str,
    keep: str,
    lose: str,
    *,
    reason: str,
    choices: Mapping[str, str] | None = None,
    token: str | None = None,
) -> MergeView:
    """Make one person of two; ``keep`` keeps its id, ``lose`` becomes an alias of it.

    Raises ``Stale`` when ``token`` is not that of the merge as it would be now, and where one of
    them was merged meanwhile.
    """
    actor = desk.actor()
    if not reason.strip():
        raise ConfigInvalid("a merge needs a reason.", remedy="Say why in a few words.")
    with desk.store.write() as connection:
        district = find_district(desk.home, district_id)
        merge_rows.refuse_merged(connection, district_id, (keep, lose))
        directory = load_directory(connection, district_id)
        planned = plan_merge(directory, keep, lose, choices or {})
        if token is not None and token != _preview(connection, district_id, planned).token:
            raise Stale("the two people have changed since you looked.", remedy="Look again.")
        run = local.run_changes(
            connection,
            actor,
            district,
            RunKind.MERGE,
            planned.changeset,
            reason=reason,
            judged=False,
        )
        merge_id = merge_rows.create(
            connection,
            actor,
            district_id,
            keep=keep,
            lose=lose,
            label=person_name(directory[Kind.USER][keep].values),
            from_lose=planned.from_lose,
            run=run.id,
            reason=reason,
        )
        note_duplicates(connection, district_id)
        return _merge_view(merge_rows.get(connection, merge_id))


def merges(desk: Desk, district_id: str | None = None) -> tuple[MergeView, ...]:
    """The merges of one or all districts, oldest first, those split since included."""
    with desk.store.read() as connection:
        return tuple(_merge_view(row) for row in merge_rows.listed(connection, district_id))


def split(desk: Desk, merge_id: str, *, reason: str) -> MergeView:
    """Undo a merge: two people again. What later runs wrote stays. Raises ``Stale``."""
    actor = desk.actor()
    if not reason.strip():
        raise ConfigInvalid("a split needs a reason.", remedy="Say why in a few words.")
    with desk.store.write() as connection:
        row = merge_rows.get(connection, merge_id)
        district = find_district(desk.home, row.district)
        local.undo(connection, actor, district, row.run, reason=reason)
        note_duplicates(connection, row.district)
        return _merge_view(merge_rows.get(connection, merge_id))


def distinct(desk: Desk, district_id: str, a: str, b: str) -> None:
    """Two people for good: the pair is never proposed again. Raises ``NotFound``, and ``Stale``
    where one of them was merged meanwhile."""
    actor = desk.actor()
    find_district(desk.home, district_id)
    with desk.store.write() as connection:
        merge_rows.refuse_merged(connection, district_id, (a, b))
        found = load_some(connection, district_id, Kind.USER, [a, b])
        for user in (a, b):
            if user not in found:
                raise NotFound(f"no person {user!r} in the directory.")
        if a == b:
            raise ConfigInvalid("a person is not two people.")
        merge_rows.mark_distinct(connection, actor, district_id, a, b)
        note_duplicates(connection, district_id)


def _find(connection: Connection, district_id: str, key: str) -> str:
    users = RECORD_TABLES[Kind.USER]
    wanted = key.strip()
    exact = select(users.c.id).where(users.c.district == district_id, users.c.id == wanted)
    if connection.execute(exact).first() is not None:
        return wanted
    other = select(users.c.id).where(
        users.c.district == district_id,
        users.c.removed_in.is_(None),
        or_(
            users.c.identifier == wanted,
            func.lower(users.c.username) == wanted.lower(),
            func.lower(users.c.email) == wanted.lower(),
        ),
    )
    found = sorted(connection.execute(other).scalars())
    if len(found) == 1:
        return str(found[0])
    if found:
        raise NotFound(
            f"{len(found)} people answer to {key!r}.", remedy=f"Use an id: {', '.join(found[:5])}."
        )
    raise NotFound(f"no person {key!r} in {district_id}.")


def _person(connection: Connection, district_id: str, user: str) -> PersonView:
    live = load_some(connection, district_id, Kind.USER, [user])
    removed = not live
    record = (live or load_some(connection, district_id, Kind.USER, [user], removed=True))[user]
    names = school_names(connection, district_id)
    roles = referring(connection, district_id, Kind.ROLE, "user_id", user)
    enrollments = referring(connection, district_id, Kind.ENROLLMENT, "user_id", user)
    class_ids = {text(e.values, "class_id") or "" for e in enrollments.values()}
    classes = load_some(connection, district_id, Kind.CLASS, sorted(class_ids))
    demographics = load_some(connection, district_id, Kind.DEMOGRAPHICS, [user])
    aliases = tuple(
        row.lose
        for row in merge_rows.listed(connection, district_id, active=True)
        if row.keep == user
    )
    school = text(record.values, "primary_org_id") or ""
    return PersonView(
        district=district_id,
        id=user,
        values=record.values,
        label=person_name(record.values),
        roles=tuple(roles[role].values for role in sorted(roles)),
        enrollments=tuple(
            (e, enrollments[e].values, _title(classes, enrollments[e].values))
            for e in sorted(enrollments)
        ),
        guardians=_family(connection, district_id, user),
        demographics=demographics[user].values if user in demographics else None,
        merged=aliases,
        removed=removed,
        version=record.version,
        school_name=names.get(school, school),
    )


def _title(classes: Mapping[str, LiveRecord], enrollment: Values) -> str:
    class_id = text(enrollment, "class_id") or ""
    found = classes.get(class_id)
    return (text(found.values, "title") if found else None) or class_id


def _family(
    connection: Connection, district_id: str, user: str
) -> tuple[tuple[str, str, str], ...]:
    """Guardians and children as (id, name, ``guardian`` or ``student``)."""
    found: list[tuple[str, str]] = []
    for own, other in (("student_id", "guardian_id"), ("guardian_id", "student_id")):
        links = referring(connection, district_id, Kind.GUARDIAN, own, user)
        role = other.removesuffix("_id")
        found += [(text(link.values, other) or "", role) for link in links.values()]
    people = load_some(connection, district_id, Kind.USER, sorted({i for i, _ in found}))
    return tuple(
        (i, person_name(people[i].values) if i in people else i, role) for i, role in sorted(found)
    )


def _preview(connection: Connection, district_id: str, planned: PlannedMerge) -> MergePreview:
    keep = _person(connection, district_id, planned.keep)
    lose = _person(connection, district_id, planned.lose)
    fields = tuple(
        MergeFieldView(
            field=name,
            keep=_shown(keep.values.get(name)),
            lose=_shown(lose.values.get(name)),
            survivor=_shown((keep if source == KEEP else lose).values.get(name)),
            source=source,
        )
        for name, source in planned.sources.items()
    )
    token = hashlib.sha256(
        f"{planned.changeset.digest} {keep.version} {lose.version}".encode()
    ).hexdigest()
    return MergePreview(
        district=district_id,
        keep=keep,
        lose=lose,
        fields=fields,
        enrollments_moved=planned.enrollments_moved,
        enrollments_dropped=planned.enrollments_dropped,
        guardians_moved=planned.guardians_moved,
        roles_moved=planned.roles_moved,
        warnings=planned.warnings,
        token=token,
    )


def _shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name}={item}" for name, item in sorted(value.items()))
    return value


def _merge_view(row: MergeRow) -> MergeView:
    return MergeView(
        id=row.id,
        district=row.district,
        keep=row.keep,
        lose=row.lose,
        label=row.label,
        run=row.run,
        state=MergeState(row.state),
        created_at=row.created_at,
        created_by=row.created_by,
        reason=row.reason,
    )
