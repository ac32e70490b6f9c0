"""Whether a service still looks after its districts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

SILENT_AFTER = 120.0
"""Seconds without a look after which something is wrong."""


@dataclass
class Health:
    """When a service looked last; ``clock`` gives seconds that never go back."""

    clock: Callable[[], float]
    trouble: str = ""
    looked: float = field(init=False)

    def __post_init__(self) -> None:
        self.looked = self.clock()

    def note_look(self) -> None:
        """It has looked, and all was well."""
        self.looked, self.trouble = self.clock(), ""

    def note_trouble(self, words: str) -> None:
        """It has looked, and could not use its store."""
        self.trouble = words

    def verdict(self) -> tuple[bool, str]:
        """Whether it is well, and in words that name no district and no place."""
        silent = self.clock() - self.looked
        if self.trouble:
            return False, "the store cannot be used"
        if silent > SILENT_AFTER:
            return False, f"no look for {silent:.0f} seconds"
        return True, "ok"
