"""A record of a roster and how ids that a source does not give are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import repeat
from typing import NamedTuple

from rollbook.roster.kinds import SHAPES, Kind

Value = str | bool | list[str] | dict[str, str] | None
"""Text, flag, ISO date (as text), list of texts, or the extension columns of a record."""

Values = dict[str, Value]
"""Field name to value. A field without a value is absent: ``None`` and ``""`` never stand here."""

EXTENSIONS = "metadata"
"""The field that holds a record's extension columns, by their own header names."""


class Record(NamedTuple):
    """One record: its kind, its id within the district, and its fields (see ``SHAPES``)."""

    kind: Kind
    id: str
    values: Values


_made: Callable[[Iterable[object]], Record] = partial(tuple.__new__, Record)
"""Past the constructor of the named tuple, which takes longer than all the rest of it."""


def records_of(kind: Kind, values: Mapping[str, Values]) -> dict[str, Record]:
    """The records of a kind by id, from their fields by id."""
    return dict(zip(values, map(_made, zip(repeat(kind), values, values.values())), strict=True))


def derived_id(*parts: str) -> str:
    """The id of a record that has none of its own, such as a role: its parts joined by ``:``.

    Different parts never give the same id, because ``%`` and ``:`` inside a part are escaped.
    """
    return ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)


def derived_parts(record_id: str) -> list[str]:
    """The parts that a derived id was made of."""
    parts = record_id.split(":")
    return [part.replace("%3A", ":").replace("%25", "%") for part in parts]


def role_id(user_id: str, role: str, org_id: str) -> str:
    """The id of a role, equal for a 1.1 user's role and for a 1.2 ``roles.csv`` row."""
    return derived_id(user_id, role, org_id)


def guardian_id(student_id: str, guardian: str) -> str:
    """The id of the link between a student and a guardian, whichever side named it."""
    return derived_id(student_id, guardian)


def text(values: Mapping[str, Value], field: str) -> str | None:
    """The text in a field, or ``None`` where it has none."""
    value = values.get(field)
    return value if isinstance(value, str) else None


def referred(kind: Kind, values: Mapping[str, Value]) -> Iterator[tuple[Kind, str, str]]:
    """Every reference that a record makes, as (kind, id, field)."""
    for reference in SHAPES[kind].references:
        value = values.get(reference.field)
        if isinstance(value, str):
            yield reference.kind, value, reference.field
        elif isinstance(value, list):
            for item in value:
                yield reference.kind, item, reference.field


def owners(kind: Kind, record_id: str, values: Mapping[str, Value]) -> Iterator[tuple[Kind, str]]:
    """The records without which this one has no life: it leaves when one of them leaves."""
    if kind is Kind.DEMOGRAPHICS:
        yield Kind.USER, record_id
    for field, of in _OWNERS[kind]:
        value = values.get(field)
        if isinstance(value, str):
            yield of, value


_OWNERS = {
    kind: tuple((r.field, r.kind) for r in shape.references if r.owner)
    for kind, shape in SHAPES.items()
}


def schools_of(
    kind: Kind, user_schools: Mapping[str, str]
) -> Callable[[str, Mapping[str, Value]], str | None]:
    """The org under which a record of a kind, by its id and its fields, is counted and held;
    ``None`` for the whole district.

    ``user_schools`` maps a user's id to the org under which that user is counted.
    """
    name = _PLACE.get(kind)
    if name is not None:
        return lambda record_id, values: (
            place if isinstance(place := values.get(name), str) else None
        )
    match kind:
        case Kind.ORG:
            return lambda record_id, values: record_id if values.get("type") == "school" else None
        case Kind.GUARDIAN:
            return lambda record_id, values: user_schools.get(text(values, "student_id") or "")
        case Kind.DEMOGRAPHICS:
            return lambda record_id, values: user_schools.get(record_id)
    return lambda record_id, values: None


_PLACE = {
    Kind.COURSE: "org_id",
    Kind.CLASS: "school_id",
    Kind.USER: "primary_org_id",
    Kind.ROLE: "org_id",
    Kind.ENROLLMENT: "school_id",
}
"""The field that says where a record is counted."""
