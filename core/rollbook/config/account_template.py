"""Templates of usernames, addresses, OUs and groups: text with parts in braces.

``{given.1}{family}{grad.2}`` is the first letter of the given name, the family name and the last
two digits of the graduation year. A template is parsed once, into texts and parts; nothing in it
is ever run.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

NAME_PARTS = frozenset({"given", "middle", "family"})
"""Parts of a person's name, folded to plain letters; blank where there is none."""

USERNAME_PARTS = NAME_PARTS | {"grad", "number", "id", "random", "school_code", "sis_username"}
EMAIL_PARTS = USERNAME_PARTS | {"username"}
PLACE_PARTS = frozenset(
    {"grad", "grade", "number", "id", "school_code", "school_id", "school_name", "username"}
)

CLASS_PARTS = frozenset({"class_id", "class_code", "class_name"})
"""Parts of a class: a group that names one is a group for each class of a person."""

GROUP_PARTS = PLACE_PARTS | CLASS_PARTS

_CUT = {"given": 20, "middle": 20, "family": 20, "number": 20, "id": 20, "random": 8}
"""Parts of which a number says how many characters are wanted, and the most that may be asked."""

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A part in braces; ``cut`` is how many characters of it, where that is said."""

    name: str
    cut: int | None = None


Template = tuple[str | Part, ...]
"""Texts and parts, in order."""


def parse_template(text: str, allowed: Set[str]) -> Template:
    """The template in a text.

    Raises ``ValueError``, which says at which character what is wrong and what may stand there.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} characters")
    pieces: list[str | Part] = []
    position = 0
    while position < len(text):
        opening = text.find("{", position)
        plain = text[position:] if opening < 0 else text[position:opening]
        if "}" in plain:
            at = position + plain.index("}") + 1
            raise ValueError(f"character {at}: a '}}' without its '{{'; take it out")
        if plain:
            pieces.append(plain)
        if opening < 0:
            break
        closing = text.find("}", opening)
        if closing < 0:
            raise ValueError(f"character {opening + 1}: this '{{' has no '}}'; close the part")
        pieces.append(_part(text[opening + 1 : closing], opening + 2, allowed))
        position = closing + 1
    return tuple(pieces)


def _part(inside: str, at: int, allowed: Set[str]) -> Part:
    name, dot, number = inside.partition(".")
    if name not in allowed:
        raise ValueError(
            f"character {at}: there is no part {name!r} here; use {', '.join(sorted(allowed))}"
        )
    if not dot:
        if name == "random":
            raise ValueError(f"character {at}: say how many digits, as in {{random.4}}")
        return Part(name)
    most = _CUT.get(name)
    if name == "grad" and number in ("2", "4"):
        return Part(name, int(number))
    if most is None or not (number.isascii() and number.isdigit() and 1 <= int(number) <= most):
        wanted = "2 or 4" if name == "grad" else f"a number from 1 to {most}" if most else "nothing"
        raise ValueError(f"character {at + len(name)}: after {name!r} comes {wanted}")
    return Part(name, int(number))


def parts_of(template: Template) -> frozenset[str]:
    """The names of the parts that a template has."""
    return frozenset(piece.name for piece in template if isinstance(piece, Part))
