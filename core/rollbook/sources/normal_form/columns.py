"""The files of the normal set and the columns that they may have."""

from __future__ import annotations

from collections.abc import Iterable

from rollbook.roster.student_facts import FIELDS, SCHOOL_YEAR, STUDENT, TYPE, Topic
from rollbook.sources.oneroster_csv.layouts import LAYOUTS, Need

VERSION = "1.2"
"""OneRoster's version of the normal set."""

EXTENSION = "metadata."
"""How the name of a column begins that OneRoster does not have."""

FILES = tuple(layout.file for layout in LAYOUTS[VERSION])
"""The files that there may be, what is referred to before what refers to it."""

FACTS_NEED = frozenset({STUDENT, SCHOOL_YEAR, TYPE})
"""Columns without which a row of facts says nothing of anybody."""

FACT_FILES = {topic.file: topic for topic in Topic}
"""The files of facts about students, which lie beside the roster."""

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
    if file in FACT_FILES:
        return _of_facts(FACT_FILES[file], frozenset(columns))
    if file not in _COLUMNS:
        raise ValueError(f"the normal set has no file {file}")
    wanted = _NEEDED[file] | set(columns)
    extensions = sorted(name for name in wanted if name.startswith(EXTENSION))
    known = [name for name in _COLUMNS[file] if name in wanted]
    if strangers := wanted - set(known) - set(extensions):
        raise ValueError(f"{file} has no column {', '.join(sorted(strangers))}")
    return (*known, *extensions)


def _of_facts(topic: Topic, wanted: frozenset[str]) -> tuple[str, ...]:
    known = (STUDENT, SCHOOL_YEAR, *FIELDS[topic])
    if strangers := wanted - set(known):
        raise ValueError(f"{topic.file} has no column {', '.join(sorted(strangers))}")
    return tuple(name for name in known if name in wanted | FACTS_NEED)
