"""A changeset of no changes to the directory as it is: what follows is about accounts alone."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.nothing import NO_DIGEST
from rollbook.changes.sequence import Changes
from rollbook.directory.standing import users_by_place
from rollbook.roster.kinds import RoleGroup, role_group


def no_changes(connection: Connection, district: str) -> Changeset:
    """The changeset, with the students who are there."""
    students: Counter[str] = Counter()
    for (school, role), number in users_by_place(connection, district).items():
        if role_group(role) is RoleGroup.STUDENT and school is not None:
            students[school] += number
    return Changeset(
        changes=Changes.of(()),
        digest=NO_DIGEST,
        totals={},
        schools={},
        incoming_students=students.total(),
        students_by_school=students,
    )
