"""R7: a student would get a role of staff, and with it what staff may see and do."""

from __future__ import annotations

import numpy as np

from rollbook.changes.columns import hashes_of
from rollbook.changes.positions import Mask, Places, Positions, places_of
from rollbook.changes.shapes import Trait, makes_staff
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.changes import Change, Verb
from rollbook.roster.first_few import first_few
from rollbook.roster.kinds import Kind, RoleGroup, role_group
from rollbook.roster.records import text


def promoted(case: Case, covered: Mask) -> list[Raised]:
    """One hold for all students who become staff; ``covered`` positions are linked, or privileged
    people's. An undo gives nobody what they did not have before."""
    if case.inverse:
        return []
    found: dict[int, str] = {}
    suspects = _suspects(case, covered)
    for position, change in zip(
        suspects.tolist(), case.changeset.changes.at(suspects), strict=True
    ):
        student = _student(case, change)
        if student is not None:
            found[position] = student
    people = sorted(set(found.values()))
    if not people:
        return []
    positions = Positions.of(found)
    verbs = {verb for _, verb, _, _ in case.columns.cells(positions.places)}
    noun = "student" if len(people) == 1 else "students"
    return [
        Raised(
            rule="R7",
            title="students become staff",
            kind=Kind.USER,
            verb=verbs.pop() if len(verbs) == 1 else None,
            school=None,
            role=RoleGroup.STUDENT,
            count=len(people),
            base=case.changeset.live.get((Kind.USER, None, RoleGroup.STUDENT), 0),
            why=f"{len(people):,} {noun} would get a role of staff, in the place of their own or "
            f"beside it: {first_few(people)}.",
            cause="A wrong word in the role column, or an id that now stands for another person, "
            "looks just like this. Ask somebody who knows them.",
            whole_run=False,
            positions=positions,
        )
    ]


def _suspects(case: Case, covered: Mask) -> Places:
    """Where students may become staff: by their own line, or by a role that they get."""
    columns = case.columns
    roles = columns.of(Kind.ROLE, Verb.ADD) & columns.has(Trait.STAFF)
    roles &= np.isin(columns.slots[0], hashes_of(case.students))
    return places_of((roles | columns.has(Trait.BECOMES_STAFF)) & case.unpaused() & ~covered)


def becomes_staff(change: Change) -> bool:
    """Whether a change makes staff of a student."""
    was, will_be = (text(values or {}, "primary_role") for values in (change.before, change.after))
    return change.kind is Kind.USER and change.verb is Verb.UPDATE and makes_staff(was, will_be)


def staff_role_for(change: Change) -> str | None:
    """Who gets a role of staff by a change."""
    after = change.after or {}
    role = text(after, "role")
    gives = change.kind is Kind.ROLE and change.verb is Verb.ADD and role is not None
    return text(after, "user_id") if gives and role_group(role) is RoleGroup.STAFF else None


def _student(case: Case, change: Change) -> str | None:
    if becomes_staff(change):
        return change.id
    user = staff_role_for(change)
    return user if user in case.students else None
