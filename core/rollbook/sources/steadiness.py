"""Reading a source that may change under one's eyes: again from the start, a few times."""

from __future__ import annotations

from collections.abc import Callable

from rollbook.errors import InputRefused
from rollbook.sources.normal_form import NormalSet

TRIES = 3
"""Times that a pull is made before it is given up (``safety.md`` §4.10, items 86 and 87)."""


class Unsteady(InputRefused):
    """What has come so far does not prove to be all there is; another pull may."""


def pull_until_steady(pull: Callable[[NormalSet], None], normal: NormalSet) -> None:
    """Pull into a normal set, anew when a pull proves unsteady.

    Raises what ``pull`` raises, and the ``Unsteady`` of the last try.
    """
    for _ in range(TRIES - 1):
        try:
            pull(normal)
        except Unsteady:
            normal.begin_again()
        else:
            return
    pull(normal)
