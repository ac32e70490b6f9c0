"""Records as JSON with one spelling: what a digest is made of, and what the store keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from operator import itemgetter

from rollbook.roster.records import Value, Values

ABSENT = "null"
"""What stands for a record that is not there."""

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode

Writer = Callable[[Iterable[Values]], list[str]]
"""Writes down records: keys sorted, no spaces, no escapes that are not needed."""


def writer_of(names: Sequence[str]) -> Writer:
    """The writer of records with these fields."""
    return _writer(tuple(sorted(names)))


@lru_cache(maxsize=256)
def _writer(names: tuple[str, ...]) -> Writer:
    fields = [quoted(name).replace("%", "%%") + ":%s" for name in names]
    form = f"{{{','.join(fields)}}}"
    if len(names) < 2:
        return lambda records: [form % tuple(_text(values[n]) for n in names) for values in records]
    values_of = itemgetter(*names)

    def write(records: Iterable[Values]) -> list[str]:
        return [form % tuple(map(_text, values_of(values))) for values in records]

    def write_texts(records: Iterable[Values]) -> list[str]:
        found = list(records)
        try:
            return [form % tuple(map(quoted, values_of(values))) for values in found]
        except TypeError:
            return write(found)

    return write_texts


def _text(value: Value) -> str:
    if type(value) is str:
        return quoted(value)
    if type(value) is bool:
        return "true" if value else "false"
    return f"[{','.join(map(quoted, value))}]" if type(value) is list else _encode(value)


def change_text(
    kind: str, verb: str, record_id: str, before: str | None, after: str | None, merged: str | None
) -> str:
    """What a digest takes in of one change, whose records are JSON already."""
    into = ABSENT if merged is None else quoted(merged)
    return (
        f'\n["{kind}","{verb}",{quoted(record_id)},'
        f"{ABSENT if before is None else before},{ABSENT if after is None else after},{into}]"
    )
