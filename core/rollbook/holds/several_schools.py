"""What is over a limit in many schools has one cause: it is one hold of the district."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rollbook.changes.changeset import Scope
from rollbook.changes.positions import Places
from rollbook.roster.kinds import Kind, RoleGroup

SEVERAL, MANY = 3, 10
"""Schools that are decided about together: so many when they are more than half, and so many of
however many there are."""

Lane = tuple[Kind, RoleGroup | None]
"""A kind and a role group, in the schools that have some of it."""


@dataclass(frozen=True, slots=True)
class Widespread:
    """A lane that is over a limit in ``over`` of ``schools``. ``places`` are the positions there;
    ``half`` says that in one of them it is half of what the school has."""

    over: int
    schools: int
    places: Places
    half: bool

    def limit_words(self, limit: str) -> str:
        """The limit, and where it is reached."""
        return f"{limit}, and {self.over} of {self.schools} schools are over it"


def widespread(
    found: Mapping[Scope, Places],
    live: Mapping[Scope, int],
    over: Callable[[Scope, Places], bool],
) -> Mapping[Lane, Widespread]:
    """The lanes that are ``over`` their limit in most schools, or in many.

    ``found`` has the positions that count in each scope, ``live`` the records there are.
    """
    tripped: dict[Lane, list[Scope]] = defaultdict(list)
    for scope, places in found.items():
        if scope[1] is not None and over(scope, places):
            tripped[scope[0], scope[2]].append(scope)
    schools = Counter((kind, role) for kind, school, role in live if school is not None)
    return {
        lane: Widespread(
            len(scopes),
            schools[lane],
            np.unique(np.concatenate([found[scope] for scope in scopes])),
            any(len(found[scope]) * 2 >= live.get(scope, 0) for scope in scopes),
        )
        for lane, scopes in tripped.items()
        if len(scopes) >= (SEVERAL if len(scopes) * 2 > schools[lane] else MANY)
    }
