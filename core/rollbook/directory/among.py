"""``IN`` many values, given as one: a parameter each takes longer to name than to find."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, any_, func, literal, select


def among(
    connection: Connection, column: ColumnElement[Any], values: Sequence[str] | Sequence[int]
) -> ColumnElement[bool]:
    """Whether a column, of text or of whole numbers, has one of the values."""
    if connection.dialect.name == "sqlite":
        given = func.json_each(json.dumps(values)).table_valued("value")
        return column.in_(select(given.c.value))
    return column == any_(literal(values, ARRAY(column.type)))
