"""What a record is called on screen. Untrusted text: it goes nowhere but before an eye."""

from __future__ import annotations

from collections.abc import Mapping

from rollbook.roster.kinds import Kind
from rollbook.roster.records import Value, text

Lookup = Mapping[str, str]
"""Names by id."""


def person_name(values: Mapping[str, Value]) -> str:
    """``Family, Given``, with the preferred given name where there is one."""
    given = text(values, "preferred_given_name") or text(values, "given_name") or ""
    family = text(values, "preferred_family_name") or text(values, "family_name") or ""
    return ", ".join(part for part in (family, given) if part)


def label(
    kind: Kind,
    record_id: str,
    values: Mapping[str, Value],
    people: Lookup,
    classes: Lookup,
    orgs: Lookup,
) -> str:
    """A line that an operator recognises the record by; its id where it has no name."""

    def named(lookup: Lookup, field: str) -> str:
        found = text(values, field) or ""
        return lookup.get(found) or found

    match kind:
        case Kind.ORG:
            found = text(values, "name")
        case Kind.ACADEMIC_SESSION | Kind.COURSE | Kind.CLASS:
            found = text(values, "title")
        case Kind.USER:
            found = person_name(values)
        case Kind.ROLE:
            role = text(values, "role")
            found = f"{named(people, 'user_id')} · {role} at {named(orgs, 'org_id')}"
        case Kind.ENROLLMENT:
            found = f"{named(people, 'user_id')} → {named(classes, 'class_id')}"
        case Kind.GUARDIAN:
            found = f"{named(people, 'guardian_id')} → {named(people, 'student_id')}"
        case Kind.DEMOGRAPHICS:
            found = people.get(record_id)
    return found or record_id
