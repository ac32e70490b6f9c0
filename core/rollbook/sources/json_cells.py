"""Values of a JSON document as OneRoster CSV writes them in a cell.

Servers are sloppy: flags come as texts and numbers, lists as one text, references without an id.
What is of another sort than was expected becomes text that the reader of the set will not take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

Object = Mapping[str, Any]

_IN_LISTS = str.maketrans({",": ";"})
"""A comma in an item would make two of it: OneRoster CSV has no way to write one."""

_FLAGS = {"1": "true", "0": "false", "yes": "true", "no": "false", "y": "true", "n": "false"}


def text(value: Any) -> str:
    """A text, a number or a flag as text; nothing as ''."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else "?"


def flag(value: Any) -> str:
    """True and false, however they are said; whatever else as it stands."""
    if value is None:
        return ""
    word = text(value).strip().lower()
    return _FLAGS.get(word, word)


def texts(value: Any) -> list[str]:
    """The filled items of a list; one text where there is no list."""
    if value is None:
        return []
    found = value if isinstance(value, list) else [value]
    return [cell for item in found if (cell := text(item).strip())]


def listed(items: Iterable[str]) -> str:
    """Items as one cell."""
    return ",".join([item.translate(_IN_LISTS) if "," in item else item for item in items])


def reference(value: Any) -> str:
    """The id that a reference names: its ``sourcedId``, else the last part of its ``href``."""
    if not isinstance(value, dict):
        return text(value)
    named = value.get("sourcedId")
    if named:
        return text(named)
    path = urlsplit(text(value.get("href"))).path.rstrip("/")
    return unquote(path.rpartition("/")[2])


def references(value: Any) -> list[str]:
    """The ids that a list of references names."""
    found = value if isinstance(value, list) else [] if value is None else [value]
    return [named for one in found if (named := reference(one))]
