"""A list that may be long, in words."""

from __future__ import annotations

from collections.abc import Sequence

NAMED = 5
"""So many are named; the others are counted."""


def first_few(ids: Sequence[str]) -> str:
    """``a, b, c, d, e and 1,204 more``."""
    more = f" and {len(ids) - NAMED:,} more" if len(ids) > NAMED else ""
    return f"{', '.join(ids[:NAMED])}{more}"
