"""Where students were in the last school year, and where they are: a roll-up is seen by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Place(NamedTuple):
    """A student's school (its id) and grades, as the source writes them, joined by commas.

    Either is blank where the source says nothing.
    """

    school: str
    grades: str


Moves = Mapping[tuple[Place | None, Place | None], int]
"""Students by where they were and where they are. The first is ``None`` for those who were not
there, the second for those who have left."""
