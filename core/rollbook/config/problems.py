"""What is wrong with a configuration, said by key and reason."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from rollbook.config.sources import NO_TYPE

_WAYS_IN = frozenset({"bearer", "oauth1", "oauth2"})
"""Types of ``[source.auth]``, which its keys do not name."""

_WORDS = {
    "missing": "has to be there",
    "extra_forbidden": "there is no such key",
    "string_pattern_mismatch": "is not in the form that it has to have",
    "string_too_short": "is blank",
}


def problems(error: ValidationError) -> str:
    """Every fault as ``key: reason``; the name of a source's type is no part of its keys."""
    return "; ".join(f"{_key(e['loc'], e['type'])}: {_reason(e)}" for e in error.errors())


def _key(place: tuple[int | str, ...], fault: str) -> str:
    parts = [str(part) for part in place]
    if parts[:1] == ["source"]:
        del parts[1:2]
        if parts[1:2] == ["auth"] and parts[2:3] and parts[2] in _WAYS_IN:
            del parts[2]
        if fault == NO_TYPE:
            parts.append("type")
    return ".".join(parts) or "document"


def _reason(fault: Any) -> str:
    message: str = fault["msg"]
    if fault["type"] == "value_error":
        return message.removeprefix("Value error, ")
    if fault["type"] == "literal_error":
        return f"is none of {fault['ctx']['expected']}"
    return _WORDS.get(fault["type"], message)
