"""Generated districts: believable rosters with something wrong in them, and none of it real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rollbook.desk.views import Progress


def seed(
    home: Path,
    *,
    seed: int = 7,
    today: date | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> None:
    """Make the demonstration's districts in ``home``: see ``rollbook.demo.seeding``.

    The engine is loaded only now, so that the generator can be used without it.
    """
    from rollbook.demo.seeding import seed as make

    make(home, seed=seed, today=today, progress=progress)
