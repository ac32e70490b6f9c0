"""Statements that are written out as text: what stands in one is looked for once."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import TextClause, text


@lru_cache(maxsize=512)
def sql(statement: str) -> TextClause:
    """A statement with its parameters, the same for the same text."""
    return text(statement)
