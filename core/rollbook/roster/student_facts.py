"""Attendance and discipline: what is known of a student for a school year.

These are no records of a roster: nobody gets or loses access by them, every day brings new ones,
and a year that is over stays as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import NamedTuple


class Topic(StrEnum):
    """What facts are about."""

    ATTENDANCE = "attendance"
    DISCIPLINE = "discipline"

    @property
    def file(self) -> str:
        """The file of the normal set that holds them."""
        return f"{self}.csv"


class Sort(Enum):
    """How a field of an entry is held: text, an ISO date, true/false, or a number from 0 on."""

    TEXT = auto()
    DATE = auto()
    FLAG = auto()
    NUMBER = auto()


STUDENT, SCHOOL_YEAR, TYPE = "studentSourcedId", "schoolYear", "type"
"""Whom a row is about, in which school year, and what it tells."""

FIELDS: dict[Topic, dict[str, Sort]] = {
    Topic.ATTENDANCE: {
        "date": Sort.DATE,
        TYPE: Sort.TEXT,
        "excused": Sort.FLAG,
        "number": Sort.NUMBER,
        "reason": Sort.TEXT,
    },
    Topic.DISCIPLINE: {
        "date": Sort.DATE,
        TYPE: Sort.TEXT,
        "incident": Sort.TEXT,
        "action": Sort.TEXT,
        "days": Sort.NUMBER,
    },
}
"""The fields of an entry. Without a ``date`` it speaks for the whole year; ``number`` counts days,
periods or times and is 1 where it is missing; ``days`` is how long the action lasts."""

Entry = dict[str, str | bool | float]
"""One absence, or a year's worth; one incident. A field without a value is absent."""


class About(NamedTuple):
    """Whose facts, of what, and for which school year (the calendar year in which it ends)."""

    student: str
    topic: Topic
    school_year: str


@dataclass(frozen=True, slots=True)
class FactChange:
    """All entries about a student as they stand and as they will be; none where there are none."""

    about: About
    before: tuple[Entry, ...]
    after: tuple[Entry, ...]


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries by date, then by what they say: the order of a file's rows means nothing."""
    return tuple(sorted(entries, key=lambda entry: (str(entry.get("date", "")), _text(entry))))


def fact_digest(entries: Iterable[Entry]) -> int:
    """A digest of entries in order, as a whole number that 64 bits hold; 0 of none."""
    found = [_text(entry) for entry in entries]
    if not found:
        return 0
    digest = hashlib.blake2b("\n".join(found).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), signed=True)


def _text(entry: Entry) -> str:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"))
