"""Ids: what may stand in one, and how far a damaged one can still be trusted.

An id that cannot be trusted may stand for any record. Then nobody may be called absent.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rollbook.sources.oneroster_csv.words import PLACEHOLDERS

_PLAIN = re.compile(r"[A-Za-z0-9._/@-]+").fullmatch
"""The letters of an id after OneRoster's GUID rule: nothing to look into."""

_EXCEL = re.compile(
    r"\d(\.\d+)?E\+\d{2,}"
    r"|\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2}"
).fullmatch
"""What Excel makes of ``123456789012345678`` and of ``3-4``."""

_SHORTEST_PLAIN = 7
"""Shorter ids are looked at more closely: ``NULL`` and ``3-Apr`` are of plain letters too."""

_WHOLE = "Have the export write the id as it stands in the source, as text."


@dataclass(frozen=True, slots=True)
class BadId:
    """Why an id is not fit. ``meant`` is the id that is meant, where that is beyond doubt."""

    code: str
    message: str
    remedy: str
    meant: str | None = None


def is_plain(text: str) -> bool:
    """Whether an id is surely in order, quickly."""
    return _PLAIN(text) is not None and (len(text) >= _SHORTEST_PLAIN or text.isdigit())


def own_id(text: str) -> BadId | None:
    """What is wrong with a record's own id, outer space already taken off."""
    if not text:
        return BadId("blank-id", "The id is blank.", "Give every record its id.")
    if text in PLACEHOLDERS:
        return BadId("blank-id", "A placeholder stands for the id.", "Give every record its id.")
    if _EXCEL(text):
        return BadId(
            "damaged-id",
            "The id looks like a number or a date that a spreadsheet made of it.",
            f"{_WHOLE} Do not open and save the file in Excel.",
        )
    return any_id(text)


def any_id(text: str) -> BadId | None:
    """What is wrong with an id, a record's own or one that it refers to."""
    if text.isprintable() and "," not in text and '"' not in text and "\ufffd" not in text:
        return None
    invisible = [letter for letter in text if not letter.isprintable()]
    if not invisible:
        return BadId("bad-id", "The id holds a comma, a quote or a letter that was lost.", _WHOLE)
    names = ", ".join(sorted({_name(letter) for letter in invisible}))
    meant = "".join(letter for letter in text if letter.isprintable())
    formats = all(unicodedata.category(letter) == "Cf" for letter in invisible)
    return BadId(
        "bad-id",
        f"The id holds characters that cannot be seen: {names}.",
        "Take them out of the id where it comes from.",
        meant if formats and meant and any_id(meant) is None else None,
    )


def _name(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()
