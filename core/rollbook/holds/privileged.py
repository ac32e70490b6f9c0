"""R7: somebody whom a sync must never take out by itself would go, or lose a role."""

from __future__ import annotations

from rollbook.changes.access import disables
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import ADMINISTRATORS, Kind
from rollbook.roster.records import derived_parts, text


def privileged(case: Case, known: frozenset[int]) -> list[Raised]:
    """One hold of its own for every removal, disabling or change of role of privileged people.

    An undo takes back what came in, and is looked at for what it removes only.
    """
    touched: dict[int, str] = {}
    for position in sorted(case.active - known):
        change = case.changeset.changes[position]
        person = _privileged_person(case, change)
        if person is not None and (not case.inverse or change.verb is Verb.REMOVE):
            touched[position] = person
    if not touched:
        return []
    arriving = {c.id for c in case.changeset.changes if c.kind is Kind.USER and c.verb is Verb.ADD}
    touched = {p: who for p, who in touched.items() if who not in arriving}
    people = sorted(set(touched.values()))
    if not people:
        return []
    removed = {
        case.changeset.changes[p].id
        for p in touched
        if case.changeset.changes[p].kind is Kind.USER
        and case.changeset.changes[p].verb is Verb.REMOVE
    }
    changes = [case.changeset.changes[p] for p in touched]
    verbs = {change.verb for change in changes}
    shown = ", ".join(people[:5]) + (f" and {len(people) - 5} more" if len(people) > 5 else "")
    noun = "person" if len(people) == 1 else "people"
    return [
        Raised(
            rule="R7",
            title="privileged people",
            kind=Kind.USER,
            verb=verbs.pop() if len(verbs) == 1 else None,
            school=None,
            role=None,
            count=len(people),
            base=case.changeset.live.get((Kind.USER, None, None), 0),
            why=f"{len(people):,} {noun} who administer a school or the district, are protected, "
            f"or work at this desk would go or lose or change a role ({len(removed):,} would be "
            f"removed): {shown}.",
            cause="One or two may have left; more than that is seldom meant. Ask somebody who "
            "knows them.",
            whole_run=False,
            positions=frozenset(touched),
        )
    ]


def _privileged_person(case: Case, change: Change) -> str | None:
    """The id of the privileged person whom a change takes something from, or gives a role to."""
    before, after = change.before or {}, change.after or {}
    if change.kind is Kind.USER and change.verb is not Verb.ADD:
        roles = {text(before, "primary_role"), text(after, "primary_role")}
        changes_role = "primary_role" in before or "primary_role" in after
        grave = change.verb is Verb.REMOVE or disables(change) or changes_role
        return (
            change.id if grave and (change.id in case.privileged or _administers(roles)) else None
        )
    if change.kind is Kind.ROLE:
        return _role_holder(case, change)
    return None


def _role_holder(case: Case, change: Change) -> str | None:
    user, role = role_parts(change)
    ends = "end_date" in (change.before or {}) or "end_date" in (change.after or {})
    if change.verb is Verb.UPDATE and not ends:
        return None
    return user if user in case.privileged or _administers({role}) else None


def role_parts(change: Change) -> tuple[str, str]:
    """The person and the word of a role that a change is about, also where it only updates it."""
    parts = derived_parts(change.id)
    return (parts[0], parts[1]) if len(parts) == 3 else ("", "")


def _administers(roles: set[str | None]) -> bool:
    return bool(roles & ADMINISTRATORS)
