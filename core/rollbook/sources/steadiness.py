"""Reading a source that may change under one's eyes: again from the start, a few times."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from rollbook.errors import InputRefused
from rollbook.roster.findings import Finding
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.normal_form.normal_set import origins_folder

TRIES = 3
"""Times that a pull is made before it is given up (``safety.md`` §4.10, items 86 and 87)."""


class Unsteady(InputRefused):
    """What has come so far does not prove to be all there is; another pull may."""


def pull_until_steady(pull: Callable[[NormalSet], None], folder: Path) -> tuple[Finding, ...]:
    """Pull into a normal set in ``folder``, anew when a pull proves unsteady.

    Returns what the pull had to say itself. Raises what ``pull`` raises, and the ``Unsteady`` of
    the last try.
    """
    for left in reversed(range(TRIES)):
        for before in (folder, origins_folder(folder)):
            shutil.rmtree(before, ignore_errors=True)
        normal = NormalSet(folder)
        try:
            with normal:
                pull(normal)
        except Unsteady:
            if not left:
                raise
            continue
        break
    return normal.findings.all()
