"""Numbered fault points, put into the engine from outside: SQL that writes, commits, file calls.

They are put into a process for good, so this is only for one that was forked for a single case.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, event

from rollbook.directory import bulk, store
from rollbook.directory.sqlite import WRITES

DIED = 77
"""The exit code of a process that a fault ended."""

_WRITING = re.compile(
    r"\s*(BEGIN|INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|WITH\b.*\b(?:INSERT|UPDATE|DELETE)\b"
    r"|SELECT (?:set_config|pg_\w*advisory\w*))\b",
    re.DOTALL,
)


class Mode(StrEnum):
    """What happens at a point: the process dies, the disk is full, or somebody pressed ctrl+c."""

    EXIT = "exit"
    DISK_FULL = "disk full"
    INTERRUPT = "interrupt"


@dataclass(frozen=True)
class Fault:
    """``mode`` happens at the ``at``-th point that a process comes by."""

    at: int
    mode: Mode


@dataclass
class Points:
    """Counts the points that are come by while armed, and lets the fault happen at its own."""

    fault: Fault | None = None
    armed: bool = False
    fired: bool = False
    names: list[str] = field(default_factory=list)

    def by(self, name: str) -> None:
        """One more point."""
        if not self.armed:
            return
        self.names.append(name)
        if self.fault is None or len(self.names) != self.fault.at:
            return
        self.fired = True
        match self.fault.mode:
            case Mode.EXIT:
                os._exit(DIED)
            case Mode.DISK_FULL:
                raise OSError(errno.ENOSPC, "No space left on device")
            case Mode.INTERRUPT:
                raise KeyboardInterrupt

    @contextmanager
    def off(self) -> Iterator[None]:
        """No point counts within the block."""
        armed, self.armed = self.armed, False
        try:
            yield
        finally:
            self.armed = armed

    def put_in(self, engine: Engine | None) -> None:
        """Put points into file calls, bulk writes and every engine; ``engine`` is used again.

        It stands in for a new one on the same place, with its statements compiled already.
        """
        self._into_files()
        self._around(bulk, "_copy")
        make = store._engine

        def make_with_points(url: str, *, read_only: bool) -> Engine:
            known = engine is not None and (
                engine.url.get_backend_name() == "postgresql"
                or os.path.exists(engine.url.database or "")
            )
            made = engine if engine is not None and known else make(url, read_only=read_only)
            if not hasattr(made, "has_points"):
                self._into_sql(made)
                made.has_points = True  # type: ignore[attr-defined]
            return made

        store._engine = make_with_points

    def _into_sql(self, engine: Engine) -> None:
        commits: list[bool] = []

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            if connection.get_execution_options().get(WRITES):
                self.by("begin")

        @event.listens_for(engine, "before_cursor_execute")
        def before(*args: Any) -> None:
            if _WRITING.match(args[2]):
                self.by(f"before {_words(args[2])}")

        @event.listens_for(engine, "after_cursor_execute")
        def after(*args: Any) -> None:
            if _WRITING.match(args[2]):
                self.by(f"after {_words(args[2])}")

        @event.listens_for(engine, "commit")
        def commit(connection: Connection) -> None:
            commits.append(bool(connection.get_execution_options().get(WRITES)))

        do_commit = engine.dialect.do_commit

        def commit_between_points(connection: Any) -> None:
            writes = commits.pop() if commits else False
            if writes:
                self.by("before COMMIT")
            do_commit(connection)
            if writes:
                self.by("after COMMIT")

        engine.dialect.do_commit = commit_between_points  # type: ignore[assignment,method-assign]

    def _into_files(self) -> None:
        for name in ("replace", "rename", "unlink", "rmdir", "mkdir", "fsync"):
            self._around(os, name)
        self._around(os, "open", lambda args: bool(args[1] & (os.O_WRONLY | os.O_RDWR)))
        self._around(shutil, "rmtree")
        self._around(fcntl, "flock")

    def _around(
        self, module: Any, name: str, counts: Callable[[Any], bool] = lambda args: True
    ) -> None:
        call = getattr(module, name)

        def between_points(*args: Any, **given: Any) -> Any:
            if not counts(args):
                return call(*args, **given)
            self.by(f"before {name}")
            result = call(*args, **given)
            self.by(f"after {name}")
            return result

        setattr(module, name, between_points)


def _words(statement: str) -> str:
    return " ".join(statement.split()[:3])[:40]
