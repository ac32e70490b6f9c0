"""The grades of a district as rungs of a ladder: which comes next, and how far it is to the end.

Codes are CEDS's entry grade levels, with ``graduated`` beside them. Nothing is added to or
subtracted from a code: what a rung leads to stands in the ladder, and a district may say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

GRADUATED = "graduated"
"""The code of those who are through and still stand in the file (PowerSchool's 99)."""

TOP = "12"
"""The grade from which students graduate, unless a district says otherwise."""

_NUMBERED = tuple(f"{number:02}" for number in range(1, 14))

_NEXT: Mapping[str, str] = {
    **{"PR": "PK", "PK": "KG", "TK": "KG", "KG": "01"},
    **dict(pairwise(_NUMBERED)),
}
"""What a rung leads to. PR and PK last as long as they last; see ``GRADED``."""

_UNGRADED = ("IT", "PS", "ABE", "ASE", "AdultESL", "UG", "Other", GRADUATED)

CODES = ("IT", "PR", "PK", "TK", "KG", *_NUMBERED, *_UNGRADED[1:])
"""Every code that a ladder has by itself, the youngest first."""

GRADED = frozenset(("KG", *_NUMBERED))
"""Rungs on which a year is a year: who is there in one school year is one up in the next."""

SPELLINGS: Mapping[str, str] = {
    **{code.casefold(): code for code in CODES},
    **{str(number): f"{number:02}" for number in range(1, 14)},
    **{"infanttoddler": "IT", "preschool": "PR", "prekindergarten": "PK", "prek": "PK"},
    **{"transitionalkindergarten": "TK", "kindergarten": "KG", "k": "KG"},
    **{"postgraduate": "PS", "postsecondary": "PS", "ungraded": "UG"},
}
"""CEDS's and Clever's words, and numbers without a zero, in small letters and without blanks or
hyphens. ``0`` is not among them: it means what the SIS has it mean."""

POWERSCHOOL: Mapping[str, str] = {"-2": "PR", "-1": "PK", "0": "KG", "00": "KG", "99": GRADUATED}
"""What PowerSchool's numbers mean in most states; some have three kindergartens among them."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One grade: the code it leads to, and the years to graduation where those are known.

    In the year of graduation it is 0 years. A rung without ``next`` leads nowhere by itself: its
    students graduate, or stay until somebody moves them.
    """

    code: str
    next: str | None
    years: int | None


@dataclass(frozen=True)
class GradeLadder:
    """The rungs of a district by code, and how its sources write them (see ``SPELLINGS``).

    Every function takes a grade as a source writes it. What no rung is known by has no code, no
    next and no years.
    """

    rungs: Mapping[str, Rung]
    spellings: Mapping[str, str]
    top: str = TOP

    def code(self, written: str) -> str | None:
        """The code of a grade as a source writes it."""
        return self.spellings.get(_bare(written))

    def of(self, grades: Iterable[str]) -> str | None:
        """The one code of somebody's grades: of several, the one that is nearest to graduation."""
        codes = {code for written in grades if (code := self.code(written)) is not None}
        return min(codes, key=self._position, default=None)

    def next(self, written: str) -> str | None:
        """One grade up; ``None`` for the top, and where there is no promotion."""
        rung = self._rung(written)
        return rung.next if rung is not None else None

    def years_to_graduation(self, written: str) -> int | None:
        """Whole school years after this one until graduation; 0 in the year of graduation."""
        rung = self._rung(written)
        return rung.years if rung is not None else None

    def graduation_year(self, written: str, school_year_end: int) -> int | None:
        """The calendar year of graduation for somebody in this grade in the school year that ends
        in ``school_year_end``."""
        years = self.years_to_graduation(written)
        return school_year_end + years if years is not None else None

    def steps(self, before: str, after: str) -> int | None:
        """How many rungs up it is from one code to another: 0 for the same, -1 for one down;
        ``None`` where neither leads to the other."""
        return self._steps.get((before, after))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All codes, those furthest from graduation first."""
        return tuple(sorted(self.rungs, key=self._position, reverse=True))

    @cached_property
    def _steps(self) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], int] = {}
        for code in self.rungs:
            for distance, reached in enumerate(_chain(self.rungs, code)):
                found[code, reached] = distance
                found[reached, code] = -distance
        return found

    def _rung(self, written: str) -> Rung | None:
        code = self.code(written)
        return self.rungs[code] if code is not None else None

    def _position(self, code: str) -> tuple[int, int, str]:
        """Sorts by closeness to graduation; what has no years comes last, in CEDS's order."""
        years = self.rungs[code].years
        listed = CODES.index(code) if code in CODES else len(CODES)
        return (1000 if years is None else years, -listed, code)


def ladder(
    *,
    top: str = TOP,
    own_spellings: Mapping[str, str] | None = None,
    own_rungs: Mapping[str, Rung] | None = None,
) -> GradeLadder:
    """CEDS's ladder with a district's own say.

    ``top`` is the grade from which students graduate, ``own_spellings`` how the sources write
    codes beside ``SPELLINGS``, ``own_rungs`` rungs to be put beside those of CEDS or in their
    place; their ``years`` are counted along ``next`` where they are ``None``.
    Raises ``ValueError`` for a code that there is not, and for rungs that lead in a circle.
    """
    own = dict(own_rungs or {})
    rungs = {code: Rung(code, _NEXT.get(code), None) for code in CODES} | own
    if top not in rungs:
        raise ValueError(f"there is no grade {top!r} to be the top; use one of {_listed(rungs)}")
    for code in _chain(rungs, top):
        if code not in own:
            rungs[code] = Rung(code, None, 0)
    for rung in rungs.values():
        if rung.next is not None and rung.next not in rungs:
            raise ValueError(
                f"grade {rung.code!r} leads to {rung.next!r}, which there is not; "
                f"use one of {_listed(rungs)}"
            )
    spellings = dict(SPELLINGS) | {_bare(code): code for code in own}
    for written, code in (own_spellings or {}).items():
        if code not in rungs:
            raise ValueError(
                f"{written!r} stands for {code!r}, which is no grade; use one of {_listed(rungs)}"
            )
        spellings[_bare(written)] = code
    counted = {code: replace(rung, years=_years(rungs, code)) for code, rung in rungs.items()}
    return GradeLadder(counted, spellings, top)


def _years(rungs: Mapping[str, Rung], code: str) -> int | None:
    """The years that a rung says itself, else those along the rungs that it leads to."""
    for distance, reached in enumerate(_chain(rungs, code)):
        if (years := rungs[reached].years) is not None:
            return distance + years
    return None


def _chain(rungs: Mapping[str, Rung], code: str) -> Sequence[str]:
    """A code and all that it leads to, in order. Raises ``ValueError`` for a circle."""
    chain = [code]
    while (rung := rungs.get(chain[-1])) is not None and rung.next is not None:
        if rung.next in chain:
            raise ValueError(f"grades lead in a circle: {' → '.join([*chain, rung.next])}")
        chain.append(rung.next)
    return chain


def _bare(written: str) -> str:
    """A spelling in small letters, without the blanks and hyphens in and around words."""
    small = written.strip().casefold()
    if small.lstrip("-").isdigit():
        return small
    return "".join(letter for letter in small if letter not in " -_.")


def _listed(rungs: Iterable[str]) -> str:
    return ", ".join(rungs)
