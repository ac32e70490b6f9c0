"""What is wrong with a configuration, said by key and reason."""

from __future__ import annotations

from pydantic import ValidationError

from rollbook.config.sources import NO_TYPE


def problems(error: ValidationError) -> str:
    """Every fault as ``key: reason``; the name of a source's type is no part of its keys."""
    return "; ".join(f"{_key(e['loc'], e['type'])}: {e['msg']}" for e in error.errors())


def _key(place: tuple[int | str, ...], fault: str) -> str:
    parts = [str(part) for part in place]
    if parts[:1] == ["source"]:
        del parts[1:2]
        if fault == NO_TYPE:
            parts.append("type")
    return ".".join(parts) or "document"
