"""How long a fuzz target runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings

from rollbook.errors import InputRefused, RollbookError

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
"""Seconds that each target runs for; 0 is once, with the examples of the test suite."""

_ROUND = 500
"""Examples of a round when there is time for more than one."""


def fuzzed(examples: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run a property on ``examples`` examples, or on new ones again and again until time is up.

    Goes above ``@given``.
    """
    suppressed = [HealthCheck.too_slow, HealthCheck.data_too_large]
    if SECONDS:
        chosen = settings(max_examples=_ROUND, deadline=None, suppress_health_check=suppressed)
    else:
        chosen = settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=suppressed,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
        )

    def over(target: Callable[[], None]) -> Callable[[], None]:
        bounded = chosen(target)

        def again() -> None:
            until = time.monotonic() + SECONDS
            bounded()
            while time.monotonic() < until:
                bounded()

        again.__name__, again.__doc__ = target.__name__, target.__doc__
        again.__module__, again.__qualname__ = target.__module__, target.__qualname__
        return again

    return over


def is_told(error: RollbookError, file: str | None = None) -> None:
    """An error says what is wrong and what to do, and where, if ``file`` is given."""
    assert error.message
    assert error.remedy
    if isinstance(error, InputRefused) and file is not None:
        assert error.file == file
