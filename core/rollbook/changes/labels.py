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
    return f"{family}, {given}" if family and given else family or given


def labels_of(
    kind: Kind, people: Lookup, classes: Lookup, orgs: Lookup
) -> Callable[[str, Mapping[str, Value]], str]:
    """What a record of a kind is called, from its id and its fields: a line that an operator
    recognises it by, or its id where it has no name."""

    def named(values: Mapping[str, Value], field: str, lookup: Lookup) -> object:
        found = values.get(field, "")
        return (lookup.get(found) or found) if isinstance(found, str) else ""

    match kind:
        case Kind.ENROLLMENT:
            return lambda record, values: (
                f"{named(values, 'user_id', people)} → {named(values, 'class_id', classes)}"
            )
        case Kind.GUARDIAN:
            return lambda record, values: (
                f"{named(values, 'guardian_id', people)} → {named(values, 'student_id', people)}"
            )
        case Kind.ROLE:
            return lambda record, values: (
                f"{named(values, 'user_id', people)} · {text(values, 'role')} at "
                f"{named(values, 'org_id', orgs)}"
            )
        case Kind.USER:
            return lambda record, values: people.get(record) or person_name(values) or record
        case Kind.DEMOGRAPHICS:
            return lambda record, values: people.get(record) or record
    title = "name" if kind is Kind.ORG else "title"
    return lambda record, values: text(values, title) or record
