"""What a record is called on screen. Untrusted text: it goes nowhere but before an eye."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rollbook.roster.kinds import Kind
from rollbook.roster.records import Value, text

Lookup = Mapping[str, str]
"""Names by id."""


def person_name(values: Mapping[str, Value]) -> str:
    """``Family, Given``, with the preferred given name where there is one."""
    given = text(values, "preferred_given_name") or text(values, "given_name") or ""
    family = text(values, "preferred_family_name") or text(values, "family_name") or ""
    return ", ".join(part for part in (family, given) if part)


def labels_of(
    kind: Kind, people: Lookup, classes: Lookup, orgs: Lookup
) -> Callable[[str, Mapping[str, Value]], str]:
    """What a record of a kind is called, from its id and its fields: a line that an operator
    recognises it by, or its id where it has no name."""

    def named(values: Mapping[str, Value], field: str, lookup: Lookup) -> str:
        found = text(values, field) or ""
        return lookup.get(found) or found

    def label(record_id: str, values: Mapping[str, Value]) -> str:
        match kind:
            case Kind.ENROLLMENT:
                user, place = named(values, "user_id", people), named(values, "class_id", classes)
                return f"{user} → {place}"
            case Kind.GUARDIAN:
                guardian = named(values, "guardian_id", people)
                return f"{guardian} → {named(values, 'student_id', people)}"
            case Kind.ROLE:
                place = named(values, "org_id", orgs)
                return f"{named(values, 'user_id', people)} · {text(values, 'role')} at {place}"
            case Kind.USER:
                return person_name(values) or record_id
            case Kind.DEMOGRAPHICS:
                return people.get(record_id) or record_id
            case Kind.ORG:
                return text(values, "name") or record_id
            case Kind.ACADEMIC_SESSION | Kind.COURSE | Kind.CLASS:
                return text(values, "title") or record_id

    return label
