"""Putting a person's own words into templates."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from rollbook.accounts.folding import folded
from rollbook.accounts.person import Person
from rollbook.accounts.rules import RoleRules, Rules
from rollbook.config.account_template import NAME_PARTS, Part, Template

Words = Mapping[str, str]
"""A person's parts by name; one that is not known is not there, a blank name is blank."""

_SEPARATORS = re.compile(r"([._-])[._-]+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")
_NOT_IN_PLACES = re.compile(r"[\x00-\x1f\x7f/\\,+\"<>;=#]+")


def words_of(person: Person, role: RoleRules, rules: Rules) -> dict[str, str]:
    """The parts of a person's names and places, as their role's policy wants them."""
    policy = role.policy
    names = person.preferred if policy.names == "preferred" else person.legal
    hyphens, spaces, particles = policy.hyphens, policy.spaces, policy.particles
    words = {
        "given": folded(names[0], hyphens, spaces, particles),
        "middle": folded(names[1], hyphens, spaces, particles),
        "family": folded(names[2], hyphens, spaces, particles),
        "id": person.id,
    }
    if person.number:
        words["number"] = person.number
    if person.sis_username:
        words["sis_username"] = person.sis_username
    if person.grades:
        code, years = _grade(person.grades, rules)
        if code is not None:
            words["grade"] = code
        if years is not None and person.year is not None:
            words["grad"] = str(person.year + years)
    if person.school is not None:
        words["school_id"] = person.school
        school = rules.schools.get(person.school)
        if school is not None:
            words["school_name"] = school.name
            if school.code:
                words["school_code"] = school.code
    return words


def _grade(grades: tuple[str, ...], rules: Rules) -> tuple[str | None, int | None]:
    found = rules.known_grades.get(grades)
    if found is None:
        code = rules.ladder.of(grades)
        years = rules.ladder.years_to_graduation(code) if code is not None else None
        found = rules.known_grades[grades] = (code, years)
    return found


def render_name(template: Template, words: Words, digits: str = "") -> str | None:
    """A username or the local part of an address; ``None`` where a part of it is not known.

    A name that is blank just falls out, with the separator that stood beside it; where a template
    wants names and there is none at all, there is no name. ``digits`` are what ``random`` takes
    its own from.
    """
    made: list[str] = []
    nameless = True
    wants_a_name = False
    for piece in template:
        if isinstance(piece, str):
            made.append(piece)
            continue
        found = digits if piece.name == "random" else words.get(piece.name)
        if found is None:
            return None
        if piece.name in NAME_PARTS:
            wants_a_name = True
            nameless = nameless and not found
        made.append(_cut(piece, found))
    if wants_a_name and nameless:
        return None
    name = "".join(made).lower()
    if not (name.isalnum() and name.isascii()):
        name = _SEPARATORS.sub(r"\1", _NOT_IN_NAMES.sub("", name)).strip("._-")
    return name or None


def _cut(piece: Part, text: str) -> str:
    if piece.cut is None:
        return text
    return text[-piece.cut :] if piece.name == "grad" else text[: piece.cut]


def render_place(template: Template, words: Words) -> tuple[str, bool]:
    """An OU or a group, and whether all of it is known; else it ends before what is not.

    Characters that directories take for their own are left out of the parts.
    """
    made = ""
    for piece in template:
        if isinstance(piece, str):
            made += piece
            continue
        found = words.get(piece.name)
        text = " ".join(_NOT_IN_PLACES.sub(" ", _cut(piece, found)).split()) if found else ""
        if not text:
            return made.rpartition("/")[0], False
        made += text
    return made, True


def random_digits(seed: str, person: str, attempt: int) -> str:
    """Eight digits for a person, the same each time; another ``attempt`` gives others."""
    made = hmac.new(seed.encode(), f"{attempt}:{person}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8], 'big') % 10**8:08}"


def is_random(template: Template) -> bool:
    """Whether a template has random digits."""
    return any(isinstance(piece, Part) and piece.name == "random" for piece in template)
