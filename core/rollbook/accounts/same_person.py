"""Whether somebody who comes back under an id is the person who left under it. Pure."""

from __future__ import annotations

from typing import NamedTuple

from rollbook.accounts.folding import folded
from rollbook.roster.records import Values, text


class Identity(NamedTuple):
    """What tells people apart: the legal name, the number, and the day of birth where it is known,
    as an ISO date."""

    given: str
    family: str
    number: str
    born: str | None


def identity_of(values: Values, born: str | None) -> Identity:
    """The identity of a user's record."""
    given, family = (text(values, name) or "" for name in ("given_name", "family_name"))
    return Identity(given, family, text(values, "identifier") or "", born)


def is_somebody_else(was: Identity, now: Identity) -> bool:
    """Whether two records of one id are of two people, as far as anybody can say.

    Of the same person are: the same birthday with a name or the number that is the same too; the
    same name, where no birthday says otherwise and the number is the same or not known; the same
    name and number with another birthday, which is one that was mended. In doubt it is another
    person: two accounts can be put right, one in the wrong hands cannot.
    """
    given, family = _same(was.given, now.given), _same(was.family, now.family)
    number = bool(was.number) and was.number == now.number
    if was.born and now.born:
        if was.born == now.born:
            return not (given or family or number)
        return not (given and family and number)
    return not (given and family and (number or not was.number or not now.number))


def is_another_by_now(was: Identity, now: Identity) -> bool:
    """Whether a record that was there all along has become another person's: both names are others,
    and so is the birthday, or the number where no birthday is known. People marry, and are called
    otherwise by and by: less than that is no other person."""
    if _same(was.given, now.given) or _same(was.family, now.family):
        return False
    if was.born and now.born:
        return was.born != now.born
    return bool(was.number and now.number) and was.number != now.number


def _same(name: str, other: str) -> bool:
    return _plain(name) == _plain(other)


def _plain(name: str) -> str:
    return folded(name, "drop", "drop", "keep") or name.strip().casefold()
