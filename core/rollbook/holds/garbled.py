"""R5: names that come back as another encoding makes of them. One is enough for a hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rollbook.changes.positions import Mask, Places, Positions, places_of
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import text

NAMES = (
    *("given_name", "middle_name", "family_name"),
    *("preferred_given_name", "preferred_middle_name", "preferred_family_name"),
)
"""The fields in which letters beyond ASCII are common, and from which accounts are made."""

_WRONG_CODECS = ("cp1252", "latin-1")
_STAND_INS = ("?", "\N{REPLACEMENT CHARACTER}", "")
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


def garbled(case: Case, covered: Mask) -> list[Raised]:
    """One hold for all people whose name would be the old one in a wrong encoding.

    Nobody ever means that, however few they are: the letters of a name that was right are lost.
    ``covered`` positions are held already.
    """
    suspects = _renamed(case, covered)
    changes = case.changeset.changes
    found = [
        position
        for position, change in zip(suspects.tolist(), changes.at(suspects), strict=True)
        if _is_garbled(change)
    ]
    if not found:
        return []
    example = changes[found[0]].id
    people = "person" if len(found) == 1 else "people"
    return [
        Raised(
            rule="R5",
            title="garbled names",
            kind=Kind.USER,
            verb=Verb.UPDATE,
            school=None,
            role=None,
            count=len(found),
            base=case.changeset.live.get((Kind.USER, None, None), 0),
            why=f"{len(found):,} {people} would get their own name with its letters beyond ASCII "
            f"spoilt, such as {example}; one is enough for a hold.",
            cause="The export was written, or converted, in another encoding than UTF-8.",
            whole_run=False,
            positions=Positions.of(found),
        )
    ]


def _renamed(case: Case, covered: Mask) -> Places:
    """Where names are replaced by others."""
    columns = case.columns
    renames = columns.shaped(
        shape.kind is Kind.USER
        and shape.verb is Verb.UPDATE
        and any(name in (shape.before or ()) for name in NAMES)
        for shape in columns.shapes
    )
    return places_of(renames & case.unpaused() & ~covered)


def _is_garbled(change: Change) -> bool:
    before, after = change.before or {}, change.after or {}
    return any(
        is_spoilt(was, text(after, name) or "")
        for name in NAMES
        if (was := text(before, name)) is not None
    )


def is_spoilt(was: str, now: str) -> bool:
    """Whether a name is what a wrong encoding makes of the one that was."""
    return not was.isascii() and bool(now) and _plain(now) in map(_plain, _spoilt(was))


def _spoilt(name: str) -> Iterator[str]:
    """UTF-8 read as something else; and letters that an encoding does not have, put out."""
    for codec in _WRONG_CODECS:
        yield name.encode().decode(codec, errors="replace")
    for stand_in in _STAND_INS:
        yield "".join(letter if letter.isascii() else stand_in for letter in name)


def _plain(name: str) -> str:
    """A name without what a reader takes out of it: blanks, and letters that cannot be seen."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", name))
