"""Overrides and exclusions from a CSV file: what single people's accounts are to be."""

from __future__ import annotations

import csv
from pathlib import Path

from pydantic import ValidationError

from rollbook.config.accounts import Override
from rollbook.config.home import expanded
from rollbook.config.problems import problems
from rollbook.errors import ConfigInvalid

COLUMNS = ("id", "username", "email", "ou", "exclude")
"""The columns that such a file may have; ``id`` has to be there."""

_YES = frozenset({"true", "yes", "1", "x"})
_NO = frozenset({"", "false", "no", "0"})


def read_account_list(path: Path) -> tuple[dict[str, Override], frozenset[str]]:
    """The overrides by person, field by field, and the people who are excluded.

    Raises ``ConfigInvalid`` with file and line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return _read(path, csv.reader(stream, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise ConfigInvalid(
            f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}.",
            remedy="It has to be CSV in UTF-8.",
        ) from None


def refuse_unreadable(path: Path) -> None:
    """Raise ``ConfigInvalid`` for a list that cannot be read, before anything hangs on it."""
    read_account_list(expanded(path))


def _read(
    path: Path,
    rows: csv.Reader,  # type: ignore[name-defined]
) -> tuple[dict[str, Override], frozenset[str]]:
    header = [cell.strip().lower() for cell in next(rows, [])]
    if "id" not in header or set(header) - set(COLUMNS) or len(set(header)) != len(header):
        raise ConfigInvalid(
            f"{path}, line 1: the columns are {', '.join(header) or 'missing'}.",
            remedy=f"Use id and any of {', '.join(COLUMNS[1:])}, each once.",
        )
    overrides: dict[str, Override] = {}
    excluded: set[str] = set()
    for cells in rows:
        if not any(cells):
            continue
        where = f"{path}, line {rows.line_num}"
        if len(cells) != len(header):
            raise ConfigInvalid(
                f"{where}: {len(cells)} cells, the header has {len(header)}.", remedy="Mend it."
            )
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        person, leave_out = row.pop("id"), row.pop("exclude", "").lower()
        if not person or person in overrides:
            raise ConfigInvalid(f"{where}: the id is blank or there twice.", remedy="Mend it.")
        if leave_out not in _YES | _NO:
            raise ConfigInvalid(f"{where}: exclude is neither yes nor no.", remedy="Mend it.")
        try:
            overrides[person] = Override.model_validate({n: c for n, c in row.items() if c})
        except ValidationError as error:
            raise ConfigInvalid(f"{where}: {problems(error)}.", remedy="Mend it.") from None
        if leave_out in _YES:
            excluded.add(person)
    return overrides, frozenset(excluded)
