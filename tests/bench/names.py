"""Ids and names for generated people: cheap, repeatable, many, and some of them awkward."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

_BATCH = 1024

GIVEN = (
    *("Aaliyah", "Abena", "Aiden", "Amara", "Ana", "Andrés", "Anya", "Arjun", "Asha", "Beatriz"),
    *("Bo", "Caleb", "Carmen", "Chidi", "Chloë", "Dalia", "D’Andre", "Dmitri", "Elena", "Elijah"),
    *("Emre", "Esther", "Fatima", "Felix", "Grace", "Hana", "Hassan", "Imani", "Ines", "Isaac"),
    *("Jada", "Jamal", "Jean-Luc", "José", "Kai", "Keiko", "Kofi", "Lan", "Leilani", "Liam"),
    *("Lucía", "Mary Ann", "Malik", "Mei", "Mia", "Minh", "Nadia", "Noah", "Nia", "Olu", "Omar"),
    *("Paige", "Priya", "Quinn", "Rafael", "Rosa", "Sana", "Siân", "Sofía", "Tariq", "Thea"),
)
_STEMS = (
    *("Ab", "Al", "Bar", "Ben", "Black", "Brook", "Cald", "Car", "Chen", "Dal", "Del", "East"),
    *("Ell", "Fair", "Fern", "Gar", "Green", "Hal", "Har", "High", "Ib", "John", "Kan", "Kim"),
    *("Lang", "Low", "Mac", "Mar", "Men", "Mor", "Nak", "New", "Nor", "O’", "Ok", "Pat", "Per"),
    *("Quin", "Ram", "Rich", "Ros", "Sal", "Sand", "Stan", "Tan", "Thorn", "Um", "Van", "Wal"),
)
_ENDINGS = (
    *("a", "adi", "ano", "ard", "berg", "bridge", "brook", "by", "dale", "den", "dez", "el"),
    *("er", "eyes", "field", "ford", "ham", "hurst", "ida", "ings", "ira", "ka", "kin", "ley"),
    *("lin", "low", "man", "mont", "moto", "nell", "ner", "o", "or", "ova", "quist", "rey"),
    *("rez", "sen", "shaw", "ski", "son", "stein", "ström", "ton", "ua", "ville", "well", "wood"),
)
FAMILY = tuple(stem + ending for stem in _STEMS for ending in _ENDINGS)


def ids(rng: Random) -> Iterator[str]:
    """UUIDs without end, in text."""
    while True:
        digits = rng.randbytes(16 * _BATCH).hex()
        for at in range(0, len(digits), 32):
            d = digits[at : at + 32]
            yield f"{d[:8]}-{d[8:12]}-4{d[13:16]}-a{d[17:20]}-{d[20:]}"


def picks(one_in: int, rng: Random) -> Iterator[bool]:
    """True for one of every ``one_in``, at a random place among them, without end."""
    while True:
        chosen = rng.randrange(one_in)
        for place in range(one_in):
            yield place == chosen
