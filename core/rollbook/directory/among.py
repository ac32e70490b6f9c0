"""``IN`` many values, given as one: a parameter each takes longer to name than to find."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    String,
    any_,
    bindparam,
    func,
    literal,
    select,
)

GIVEN = "given"
"""The parameter of ``among_given``."""

_Values = Sequence[str] | Sequence[int]


def among(
    connection: Connection, column: ColumnElement[Any], values: _Values
) -> ColumnElement[bool]:
    """Whether a column, of text or of whole numbers, has one of the values."""
    if connection.dialect.name == "sqlite":
        return _in_json(column, literal(json.dumps(values)))
    return column == any_(literal(values, ARRAY(column.type)))


def among_given(dialect: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """As ``among``, in a statement that is made once: its parameter ``GIVEN`` is what ``given``
    makes of the values."""
    if dialect == "sqlite":
        return _in_json(column, bindparam(GIVEN, type_=String()))
    return column == any_(bindparam(GIVEN, type_=ARRAY(column.type)))


def given(connection: Connection, values: _Values) -> str | _Values:
    """Values as the parameter ``GIVEN``."""
    return json.dumps(values) if connection.dialect.name == "sqlite" else values


def _in_json(column: ColumnElement[Any], values: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.in_(select(func.json_each(values).table_valued("value").c.value))
