"""The files of the normal set and the columns that they may have."""

from __future__ import annotations

from collections.abc import Iterable

from rollbook.sources.oneroster_csv.layouts import LAYOUTS, Need

VERSION = "1.2"
"""OneRoster's version of the normal set."""

EXTENSION = "metadata."
"""How the name of a column begins that OneRoster does not have."""

FILES = tuple(layout.file for layout in LAYOUTS[VERSION])
"""The files that there may be, what is referred to before what refers to it."""

_ALWAYS = ("sourcedId", "status", "dateLastModified")
_COLUMNS = {
    layout.file: (*_ALWAYS, *(column.header for column in layout.columns), *layout.unread)
    for layout in LAYOUTS[VERSION]
}
_NEEDED = {
    layout.file: {"sourcedId", *(c.header for c in layout.columns if c.need is not Need.OPTIONAL)}
    for layout in LAYOUTS[VERSION]
}


def in_order(file: str, columns: Iterable[str]) -> tuple[str, ...]:
    """The columns of a file as OneRoster orders them, ``sourcedId`` first, extensions last.

    Those without which the file is refused are always among them. Raises ``ValueError`` for a file
    or a column that the normal set does not have.
    """
    if file not in _COLUMNS:
        raise ValueError(f"the normal set has no file {file}")
    wanted = _NEEDED[file] | set(columns)
    extensions = sorted(name for name in wanted if name.startswith(EXTENSION))
    known = [name for name in _COLUMNS[file] if name in wanted]
    if strangers := wanted - set(known) - set(extensions):
        raise ValueError(f"{file} has no column {', '.join(sorted(strangers))}")
    return (*known, *extensions)
