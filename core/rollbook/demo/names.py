"""People's names: common ones, rarer ones from mimesis, and those that trip up careless software.

Of the families about one in six has an accent, an apostrophe, a hyphen or another script.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_GIRLS = _words(
    "Olivia Emma Ava Sophia Isabella Mia Charlotte Amelia Harper Evelyn Abigail Emily Ella "
    "Scarlett Grace Chloe Victoria Riley Aria Lily Aubrey Zoey Penelope Layla Nora Hannah Lillian "
    "Addison Eleanor Natalie Luna Savannah Brooklyn Leah Zoe Stella Hazel Ellie Paisley Audrey "
    "Skylar Violet Claire Bella Aurora Lucy Anna Samantha Caroline Genesis Aaliyah Kennedy Kinsley "
    "Allison Maya Sarah Madelyn Adeline Alexa Ariana Elena Gabriella Naomi Alice Sadie Hailey "
    "Zoë Chloé María Sofía Lucía Inés Renée Anaïs"
)
_BOYS = _words(
    "Liam Noah Oliver Elijah James William Benjamin Lucas Henry Alexander Mason Michael Ethan "
    "Daniel Jacob Logan Jackson Levi Sebastian Mateo Jack Owen Theodore Aiden Samuel Joseph John "
    "David Wyatt Matthew Luke Asher Carter Julian Grayson Leo Jayden Gabriel Isaac Lincoln Anthony "
    "Hudson Dylan Ezra Thomas Charles Christopher Jaxon Maverick Josiah Isaiah Andrew Elias Joshua "
    "Nathan Caleb Ryan Adrian Miles Eli Nolan Christian Aaron Cameron Ezekiel Colton Luca "
    "José Andrés Tomás Nicolás Elías René Raúl Iñaki"
)
_APOSTROPHE = _words("O'Brien O'Neal O'Connor D'Angelo D'Souza N'Diaye D'Amico O'Dell")
_ACCENTED = _words(
    "Nguyễn Trần Đặng Muñoz Peña Núñez Ibáñez Zúñiga Björk Müller Grünwald Lefèvre Gonçalves "
    "Araújo Şahin Novák Kovács Łukasik Żak Dvořák"
)


@dataclass(frozen=True, slots=True)
class _Pool:
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]


@cache
def _pool(locale: str) -> _Pool:
    """The names of a language as mimesis has them; sorted, so that the caller's chance picks."""
    from mimesis import Gender, Locale, Person

    person = Person(Locale(locale), seed=20)

    def several(draw: str, gender: Gender, most: int) -> tuple[str, ...]:
        return tuple(sorted({getattr(person, draw)(gender=gender) for _ in range(most)}))

    return _Pool(
        girls=several("first_name", Gender.FEMALE, 900),
        boys=several("first_name", Gender.MALE, 900),
        families=tuple(
            re.sub(r"'(.)", lambda found: f"'{found[1].upper()}", name)
            for name in several("last_name", Gender.MALE, 1500)
        ),
    )


def family_name(chance: Random) -> str:
    """A family's name."""
    draw = chance.random()
    if draw < 0.84:
        return chance.choice(_pool("en").families)
    if draw < 0.92:
        return chance.choice(_pool("es-mx").families)
    if draw < 0.945:
        return chance.choice(_ACCENTED)
    if draw < 0.96:
        return chance.choice(_APOSTROPHE)
    if draw < 0.985:
        return "-".join(chance.sample(_pool("en").families, 2))
    return chance.choice(_pool(chance.choice(("zh", "ko", "uk"))).families)


def _locale_of(family: str) -> str:
    code = ord(family[0])
    if 0x0400 <= code <= 0x04FF:
        return "uk"
    if 0xAC00 <= code <= 0xD7A3:
        return "ko"
    return "zh" if 0x4E00 <= code <= 0x9FFF else "en"


def given_name(chance: Random, sex: str, family: str) -> str:
    """A given name for someone of that family, in the family's script. ``sex`` as in OneRoster."""
    locale = _locale_of(family)
    pool = _pool(locale)
    if locale == "en" and chance.random() < 0.75:
        return chance.choice(_GIRLS if sex == "female" else _BOYS)
    return chance.choice(pool.girls if sex == "female" else pool.boys)


def adult_name(chance: Random, sex: str, family: str) -> str:
    """A given name of the generation before; mimesis has these."""
    pool = _pool(_locale_of(family))
    return chance.choice(pool.girls if sex == "female" else pool.boys)


def middle_name(chance: Random, sex: str, family: str) -> str:
    """A middle name or initial; half of the people have none, and other scripts have none."""
    if _locale_of(family) != "en" or chance.random() < 0.5:
        return ""
    name = given_name(chance, sex, family)
    return name if chance.random() < 0.5 else name[0]
