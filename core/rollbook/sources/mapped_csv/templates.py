"""Templates such as ``{First_name} {Last_name}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_COLUMN = re.compile(r"\{([^{}]+)\}")


def template_columns(template: str) -> list[str]:
    """The columns that a template names."""
    return _COLUMN.findall(template)


def filled_in(template: str) -> Callable[[Mapping[str, str]], str]:
    """Puts the cells of a row into a template; what blank cells leave empty closes up."""

    def fill(row: Mapping[str, str]) -> str:
        return " ".join(_COLUMN.sub(lambda found: row.get(found[1], ""), template).split())

    return fill
