"""CSV that a spreadsheet may open, JSON one document a line, and files written whole."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from rollbook.config.home import expanded
from rollbook.errors import ConfigInvalid, RollbookError
from rollbook.owner_only import owner_only_text
from rollbook.roster.records import Value

FORMATS = ("csv", "ndjson")

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_OBEYED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters, which a terminal would obey, less tabs and ends of lines."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines_in(
    form: str, columns: Sequence[str], documents: Iterable[Mapping[str, object]]
) -> Iterator[str]:
    """Documents as lines with their ends, in one of ``FORMATS``. Raises ``ConfigInvalid``."""
    if form == "ndjson":
        for document in documents:
            yield _json(document) + "\n"
        return
    if form != "csv":
        raise ConfigInvalid(f"no format {form!r}.", remedy=f"Use {' or '.join(FORMATS)}.")
    yield from csv_lines(columns, documents)


def csv_lines(columns: Sequence[str], documents: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Documents as lines of CSV for people, header first: no cell is taken for a formula."""
    writer = csv.writer(_Line(), lineterminator="\n")
    yield cast(str, writer.writerow(columns))
    for document in documents:
        yield cast(str, writer.writerow([cell(document[column]) for column in columns]))


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict):
        shown = "; ".join(f"{name}: {_plain(item)}" for name, item in value.items())
    else:
        shown = "" if value is None else str(value)
    shown = _OBEYED.sub(_escape, shown)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _escape(found: re.Match[str]) -> str:
    return ascii(found[0])[1:-1]


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Line:
    """What a CSV writer writes to: it gives the line back."""

    def write(self, line: str) -> str:
        return line


def write_atomically(path: Path, lines: Iterable[str]) -> None:
    """Write lines to a file, whole or not at all. Raises ``RollbookError``."""
    target = expanded(path)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with owner_only_text(temporary) as stream:
                stream.writelines(lines)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise RollbookError(
            f"cannot write {target}: {error.strerror}.", remedy="Choose another place."
        ) from None
