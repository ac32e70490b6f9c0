"""The changeset of a run as it was saved, to be looked at once more."""

from __future__ import annotations

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset, SchoolTallies, Scope, Tally
from rollbook.changes.plan import scopes
from rollbook.changes.sequence import Changes
from rollbook.directory.runs import RunRow
from rollbook.directory.standing import users_by_place
from rollbook.roster.kinds import Kind, role_group


def saved_changeset(connection: Connection, run: RunRow, changes: Changes) -> Changeset:
    """Some changes of a run as a changeset, with the counts of all of it as they were saved."""
    schools: SchoolTallies = {
        school: {Kind(kind): Tally(**line) for kind, line in kinds.items()}
        for school, kinds in run.schools or ()
    }
    totals = {Kind(kind): Tally(**line) for kind, line in (run.counts or {}).items()}
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
