"""Calls that may block, off the event loop, without keeping the console from quitting.

A daemon thread and not an executor's: the interpreter waits for an executor's threads when it
ends, and a comparison of a large district would then hold up ``q``.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

NAME = "desk:"

P = ParamSpec("P")
T = TypeVar("T")


async def in_daemon(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function`` in a daemon thread of its own; give its result, or raise what it raised.

    Cancelling the wait leaves the call running; its result is then dropped.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def call() -> None:
        result: T | None = None
        error: BaseException | None = None
        try:
            result = function(*args, **kwargs)
        except BaseException as raised:
            error = raised
        # A closed loop: the console has quit, and nobody waits for the result.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(
        target=call, name=f"{NAME}{getattr(function, '__name__', 'call')}", daemon=True
    ).start()
    return await future


def under_way() -> list[threading.Thread]:
    """The threads of calls that have not come back."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(NAME)]
