"""Records as JSON with one spelling: what a digest is made of, and what the store keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import encode_basestring as quoted

from rollbook.roster.records import Value, Values

ABSENT = "null"
"""What stands for a record that is not there."""

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

Named = tuple[tuple[str, str], ...]
"""The names of some fields, sorted, each after the piece of JSON that leads its value in."""


def named(fields: Iterable[str]) -> Named:
    """What is needed to write down records with these fields."""
    return tuple((f"{quoted(name)}:", name) for name in sorted(fields))


def record_text(values: Values, fields: Named) -> str:
    """A record as JSON: keys sorted, no spaces, no escapes that are not needed."""
    parts = [
        lead + (quoted(value) if type(value := values[name]) is str else _plain(value))
        for lead, name in fields
    ]
    return f"{{{','.join(parts)}}}"


def _plain(value: Value) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else _encode(value)


def change_text(
    kind: str, verb: str, record_id: str, before: str | None, after: str | None, merged: str | None
) -> str:
    """What a digest takes in of one change, whose records are JSON already."""
    into = ABSENT if merged is None else quoted(merged)
    return (
        f'["{kind}","{verb}",{quoted(record_id)},'
        f"{ABSENT if before is None else before},{ABSENT if after is None else after},{into}]"
    )
