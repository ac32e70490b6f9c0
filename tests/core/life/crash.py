"""A process that is killed in the middle of what it does, and the next one that opens the desk."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from core.scene import Scene
from faults.points import DIED, Fault, Mode, Points
from postgres.server import Server
from rollbook.desk.desk import open_desk
from rollbook.directory import store
from rollbook.directory.sqlite import WRITES
from rollbook.errors import RollbookError

DONE, REFUSED = 0, 3
"""Exit codes of a process that came to its end."""


def killed_at(
    point: int, scene: Scene, deed: Callable[[Scene], object], server: Server | None
) -> int:
    """Let another process do a deed and die at its ``point``-th fault point, if it comes so far.

    Returns how it ended. The scene has no desk of its own meanwhile; ``reopened`` gives it one.
    """
    scene.close()
    child = os.fork()
    if not child:
        code = 1
        try:
            code = _live(point, scene, deed)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if server:
        server.wait_until_left(str(scene.desk.store.engine.url.database))
    code = os.waitstatus_to_exitcode(status)
    assert code in (DIED, DONE, REFUSED), "the process failed: see its trace on stderr"
    return code


def _live(point: int, scene: Scene, deed: Callable[[Scene], object]) -> int:
    points = Points(Fault(point, Mode.EXIT))
    points.put_in(scene.desk.store.engine)
    scene.desk = _open(scene)
    points.armed = True
    try:
        deed(scene)
    except RollbookError:
        return REFUSED
    return DONE


def reopened(scene: Scene) -> None:
    """The next process: it opens the desk as any does; its statements are compiled already."""
    known: Engine = scene.desk.store.engine
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_engine", lambda url, read_only: known)
        scene.desk = _open(scene)


def _open(scene: Scene) -> Any:
    return open_desk(
        scene.desk.home.root,
        store_url=scene.desk.store.url,
        operator=scene.desk.operator,
        clock=scene.clock,
    )


@contextmanager
def interrupted_at(point: int, scene: Scene) -> Iterator[list[str]]:
    """Somebody presses ctrl+c at the ``point``-th statement of a transaction that writes.

    Gives the statements so far. The desk lives on.
    """
    seen: list[str] = []

    def statement(*args: Any) -> None:
        if args[0].get_execution_options().get(WRITES):
            seen.append(args[2])
            if len(seen) == point:
                raise KeyboardInterrupt

    engine = scene.desk.store.engine
    event.listen(engine, "before_cursor_execute", statement)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)
