"""What a system sends now and then and should not: each accident spoils one day's set.

The engine is not told. ``caught`` names the rules, one of which has to hold it, or the codes of a
refusal; ``refused`` stands for any refusal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from core.small_sis import Row, SmallSis
from year.profiles import Profile
from year.world import World


@dataclass(frozen=True, slots=True)
class Scene:
    """What an accident may draw on: the district, chance, and what was sent before."""

    world: World
    chance: Random
    last_spring: SmallSis
    other: SmallSis

    @property
    def profile(self) -> Profile:
        """The district."""
        return self.world.profile


Rows = Callable[[SmallSis, Scene], None]
Files = Callable[[Path, Scene], None]


@dataclass(frozen=True, slots=True)
class Accident:
    """One accident: of the rows that are sent, or of the files that they were written into."""

    name: str
    caught: tuple[str, ...]
    rows: Rows | None = None
    files: Files | None = None
    of: Callable[[Profile], bool] = lambda profile: True


def students(sis: SmallSis) -> list[Row]:
    """The rows of students."""
    return [row for row in sis.users.values() if row["role"] == "student"]


def one_school(scene: Scene) -> str:
    """A school."""
    return scene.chance.choice(scene.profile.schools).id


def has_several_schools(profile: Profile) -> bool:
    """Whether there is a school to spare."""
    return len(profile.schools) > 1


def is_oneroster(profile: Profile) -> bool:
    """Whether sets come as OneRoster CSV."""
    return profile.source != "clever"
