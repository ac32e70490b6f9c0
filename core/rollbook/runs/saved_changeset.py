"""The changeset of a run as it was saved, to be looked at once more."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset, SchoolTallies, Scope, Tally
from rollbook.changes.plan import scopes
from rollbook.changes.sequence import Changes
from rollbook.directory.runs import RunRow
from rollbook.directory.standing import users_by_place
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, role_group

Gone = Mapping[tuple[Kind, Verb, str | None], int]
"""How many changes have gone in, by kind, verb and school."""


def saved_changeset(
    connection: Connection, run: RunRow, changes: Changes, gone: Gone | None = None
) -> Changeset:
    """Some changes of a run as a changeset, with the counts of all of it as they were saved.

    Where ``gone`` has gone in and is none of the changes, the counts are of what is left then.
    """
    schools: SchoolTallies = {
        school: {Kind(kind): Tally(**line) for kind, line in kinds.items()}
        for school, kinds in run.schools or ()
    }
    totals = {Kind(kind): Tally(**line) for kind, line in (run.counts or {}).items()}
    for (kind, verb, school), number in (gone or {}).items():
        _take_off(totals[kind], verb, number)
        if (tally := schools.get(school, {}).get(kind)) is not None:
            _take_off(tally, verb, number)
    live: dict[Scope, int] = {(kind, None, None): tally.before for kind, tally in totals.items()}
    for school, kinds in schools.items():
        if school is not None:
            live |= {(kind, school, None): tally.before for kind, tally in kinds.items()}
    for (school, role), count in users_by_place(connection, run.district).items():
        group = role_group(role)
        for scope in scopes(Kind.USER, school, group):
            if scope[2] is not None:
                live[scope] = live.get(scope, 0) + count
    expectation = run.expectation or {}
    return Changeset(
        changes=changes,
        digest=changes.digest,
        totals=totals,
        schools=schools,
        live={scope: count for scope, count in live.items() if count},
        incoming_students=expectation.get("students_incoming") or 0,
        students_by_school=expectation.get("students_by_school") or {},
    )


def _take_off(tally: Tally, verb: Verb, number: int) -> None:
    """Count changes that have gone in as done: they are in the directory, or out of it."""
    tally.count(verb, -number)
    tally.before += {Verb.ADD: number, Verb.REMOVE: -number}.get(verb, 0)
