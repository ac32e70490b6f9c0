"""When Python looks for garbage in cycles, and when it need not.

Starting up and comparing make a great many objects that stay, or go without being a cycle. Going
through them again and again takes a quarter of the time of a sync.
"""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_pauses = 0
_resumes = False


@contextmanager
def paused() -> Iterator[None]:
    """No automatic collection while anybody, in any thread, is in such a block.

    After the last one everything is as it was before the first.
    """
    _shift(+1)
    try:
        yield
    finally:
        _shift(-1)


@contextmanager
def running() -> Iterator[None]:
    """Collect again within the pauses that there are; what start-up made is left in peace."""
    around = _pauses
    # Once: what a later block finds may be garbage of an earlier one.
    if not gc.get_freeze_count():
        gc.freeze()
    _shift(-around)
    try:
        yield
    finally:
        _shift(+around)


def leave_at_exit() -> None:
    """Let the process end without looking through everything that it leaves behind."""
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def _shift(by: int) -> None:
    global _pauses, _resumes
    with _lock:
        before, _pauses = _pauses, _pauses + by
        if not before and _pauses:
            _resumes = gc.isenabled()
            gc.disable()
        elif before and not _pauses and _resumes:
            gc.enable()
