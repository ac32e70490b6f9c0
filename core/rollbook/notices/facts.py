"""What a notice says: numbers, ids and what rules are called. No name of a person, no value of a
record, and nothing that a source or a server has said in its own words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from rollbook.config.district import District
from rollbook.directory.holds import HoldRow

Facts = dict[str, Any]

_LONGEST = 100


def plain(text: str) -> str:
    """A name in one line: what cannot be seen, or turns the line around, is a blank."""
    seen = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(seen.split())[:_LONGEST]


def about(district: District) -> Facts:
    """Which district."""
    return {"district": district.id, "name": plain(district.name)}


def of_hold(hold: HoldRow, schools: Mapping[str, str]) -> Facts:
    """A hold: its rule, its numbers, and the id by which it is looked at."""
    return {
        "id": hold.id,
        "run": hold.run,
        "rule": hold.rule,
        "title": hold.title,
        "kind": hold.kind,
        "verb": hold.verb,
        "role": hold.role,
        "school": plain(schools.get(hold.school, hold.school)) if hold.school else None,
        "count": hold.records,
        "base": hold.base,
        "percent": round(hold.percent, 1),
        "whole_run": hold.whole_run,
        "approvers": hold.approvers,
        "expires": f"{hold.expires_at:%Y-%m-%d %H:%M} UTC",
    }
