"""One bad input: what is done to a good set, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from core.scene import Scene
from core.small_sis import SmallSis
from rollbook.desk.views import RunView
from rollbook.roster.kinds import Kind

Spoil = Callable[[Path], object]
"""Spoils the written files in a folder."""

Look = Callable[[Scene, RunView], object]
"""Looks at what only this input does."""


class Outcome(Enum):
    """What must come of an input: refused as a whole; rows set aside and their ids protected;
    held; taken, put right where need be, with a note; or whatever the rules of the day make of
    it, as long as nobody is lost."""

    REFUSED = auto()
    SET_ASIDE = auto()
    HELD = auto()
    TAKEN = auto()
    NOBODY_LOST = auto()


@dataclass(frozen=True)
class BadInput:
    """An item of the corpus: its ``name`` begins with the item's number.

    ``edit`` changes what the system holds, ``spoil`` the files that it wrote. ``codes`` are the
    findings that must be among the run's: errors of a set that is refused or has rows set aside,
    warnings of one that is taken. The first is at ``file`` and ``line``, which is a number or the
    id of the record that stands there in the good set. ``says`` is part of its message.

    ``protects`` are records that stay as they were, though what is there of them is unfit.
    ``whole`` says that the rest of a set with rows set aside still tells who left. ``rules`` are
    rules of which each must hold something. ``same`` says that a set that is taken changes
    nothing. ``look`` looks at the rest.
    """

    name: str
    outcome: Outcome
    codes: tuple[str, ...] = ()
    edit: Callable[[SmallSis], object] | None = None
    spoil: Spoil | None = None
    file: str | None = "users.csv"
    line: int | str | None = None
    field: str | None = None
    says: str = ""
    protects: tuple[tuple[Kind, str], ...] = ()
    whole: bool = True
    rules: tuple[str, ...] = ()
    same: bool = True
    look: Look | None = None

    @property
    def number(self) -> int:
        """The item's number in the corpus."""
        return int(self.name.split("-")[0])

    def deliver(self, sis: SmallSis, folder: Path) -> None:
        """Write the set into ``folder`` as it arrives."""
        if self.edit is not None:
            self.edit(sis)
        sis.write(folder)
        if self.spoil is not None:
            self.spoil(folder)
