"""How SQL gets at the fields of saved changes, whose records stand there as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rollbook.directory.records import field_names
from rollbook.roster.kinds import SHAPES, FieldType, Kind


@dataclass(frozen=True, slots=True)
class Fields:
    """For each field of a kind, in one order: its name, its value before and after a change, and
    whether the change touches it. ``changes`` is what to select from, under the name ``c``."""

    quoted: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    touched: tuple[str, ...]
    changes: str


@cache
def fields_of(kind: Kind, dialect: str) -> Fields:
    """The expressions for a kind in the SQL of a dialect (``sqlite`` or ``postgresql``)."""
    names = field_names(kind)
    types = [SHAPES[kind].fields.get(name) for name in names]
    quoted = tuple(f'"{name}"' for name in names)
    if dialect == "sqlite":
        return Fields(
            quoted,
            tuple(f"json_extract(c.before, '$.{name}')" for name in names),
            tuple(f"json_extract(c.after, '$.{name}')" for name in names),
            tuple(
                f"(json_type(c.before, '$.{name}') IS NOT NULL "
                f"OR json_type(c.after, '$.{name}') IS NOT NULL)"
                for name in names
            ),
            "changes",
        )
    return Fields(
        quoted,
        tuple(_postgresql("before", name, of) for name, of in zip(names, types, strict=True)),
        tuple(_postgresql("after", name, of) for name, of in zip(names, types, strict=True)),
        tuple(f"(c.fields_before ? '{name}' OR c.fields_after ? '{name}')" for name in names),
        "(SELECT *, before::jsonb AS fields_before, after::jsonb AS fields_after FROM changes)",
    )


def _postgresql(side: str, name: str, of: FieldType | None) -> str:
    if of is FieldType.FLAG:
        return f"(c.fields_{side} ->> '{name}')::boolean"
    if of in (FieldType.LIST, None):
        return f"(c.fields_{side} -> '{name}')::json"
    return f"c.fields_{side} ->> '{name}'"
