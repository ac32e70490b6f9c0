"""OneRoster's ``filter``: one clause, or two joined by AND or OR."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

_CLAUSE = re.compile(r"\s*([A-Za-z.]+)\s*(!=|>=|<=|=|>|<|~)\s*'([^']*)'\s*")
_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "~": operator.contains,
}

Test = Callable[[dict[str, Any]], bool]


def test_of(text: str) -> Test | None:
    """The test that a filter makes of objects; ``None`` where it is no filter."""
    parts = re.split(r" (AND|OR) ", text)
    clauses = [_CLAUSE.fullmatch(part) for part in parts[::2]]
    found = [clause.groups() for clause in clauses if clause]
    if len(found) != len(clauses) or len(found) > 2:
        return None
    join = all if "AND" in parts else any
    return lambda one: join(
        _COMPARE[op](str(one.get(name, "")), value) for name, op, value in found
    )
