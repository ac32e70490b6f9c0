"""Calls off the event loop."""

from __future__ import annotations

import asyncio
import threading

import pytest

from rollbook_tui.work import in_daemon, under_way


async def test_gives_the_result() -> None:
    assert await in_daemon(divmod, 17, 5) == (3, 2)


async def test_raises_what_was_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        await in_daemon(divmod, 1, 0)


async def test_runs_in_a_daemon_thread_of_its_own() -> None:
    thread = await in_daemon(threading.current_thread)
    assert thread.daemon
    assert thread is not threading.current_thread()


async def test_the_loop_goes_on_meanwhile_and_a_cancelled_wait_drops_the_result() -> None:
    go_on = threading.Event()
    waiting = asyncio.ensure_future(in_daemon(go_on.wait, 60))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(under_way()) == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    (thread,) = under_way()
    go_on.set()
    thread.join(20)
    await asyncio.sleep(0)
    assert under_way() == []


def test_a_call_that_outlives_its_loop_harms_nobody() -> None:
    go_on = threading.Event()

    async def leave() -> threading.Thread:
        waiting = asyncio.ensure_future(in_daemon(go_on.wait, 60))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        return under_way()[0]

    loop = asyncio.new_event_loop()
    thread = loop.run_until_complete(leave())
    loop.close()
    go_on.set()
    thread.join(20)
    assert not thread.is_alive()
