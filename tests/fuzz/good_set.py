"""Good sets to be damaged: the same small district in several spellings."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from core.small_sis import Version, small_sis
from rollbook.roster.kinds import Kind

KINDS = {
    "orgs": Kind.ORG,
    "academicSessions": Kind.ACADEMIC_SESSION,
    "courses": Kind.COURSE,
    "classes": Kind.CLASS,
    "users": Kind.USER,
    "roles": Kind.ROLE,
    "enrollments": Kind.ENROLLMENT,
    "demographics": Kind.DEMOGRAPHICS,
}
"""The kind of a file's rows."""


@dataclass(frozen=True)
class Spelling:
    """How the files are written: the version, every cell quoted or not, line ends, a mark."""

    version: Version = "1.1"
    quoted: bool = False
    end: str = "\r\n"
    mark: bool = False


@cache
def good_files(spelling: Spelling) -> dict[str, bytes]:
    """The files of a set by name, without ``.csv``."""
    with TemporaryDirectory() as place:
        folder = small_sis(2, 5, classes=2).write(Path(place), spelling.version)
        texts = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.csv"))}
    return {name: _spelt(text, spelling) for name, text in texts.items()}


def _spelt(text: str, spelling: Spelling) -> bytes:
    out = io.StringIO(newline="")
    style: Literal[0, 1] = csv.QUOTE_ALL if spelling.quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(out, quoting=style, lineterminator=spelling.end)
    writer.writerows(csv.reader(io.StringIO(text, newline="")))
    return (("\ufeff" if spelling.mark else "") + out.getvalue()).encode()
