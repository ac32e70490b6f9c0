"""The console in a process of its own, on a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parents[2]
LONGEST = 60.0
"""Seconds before a wait is given up."""

_ESCAPES = re.compile(r"\x1b\[[0-9;?<>=]*[a-zA-Z~]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07")


class Terminal:
    """A child on a terminal of 100 by 30, and everything that it wrote."""

    def __init__(self, pid: int, master: int) -> None:
        self._pid = pid
        self._master = master
        self._status: int | None = None
        self.written = b""

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def wait_for(self, text: str, since: int = 0) -> None:
        """Read until ``text`` has been written after the first ``since`` bytes."""
        end = monotonic() + LONGEST
        while text not in self.text(since):
            if monotonic() > end or not self._read(0.2):
                raise AssertionError(f"{text!r} never came: {self.text(since)[-2000:]!r}")

    def text(self, since: int = 0) -> str:
        """What was written, without escape sequences."""
        return _ESCAPES.sub("", self.written[since:].decode("utf-8", "replace"))

    def quiet_for(self, seconds: float) -> bytes:
        """What it writes in so many seconds."""
        before, end = len(self.written), monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self._read(left)
        return self.written[before:]

    def ends_within(self, seconds: float) -> int | None:
        """The exit code, or ``None`` where it was still running after so long."""
        end = monotonic() + seconds
        while monotonic() < end:
            self._read(0.05)
            if self._has_ended():
                return self._code()
        return None

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self._master)
        self._master = -1

    def outlives(self, seconds: float) -> bool:
        """Whether it is still running after so long without a terminal."""
        end = monotonic() + seconds
        while monotonic() < end and not self._has_ended():
            sleep(0.05)
        return not self._has_ended()

    def kill(self) -> None:
        """Make an end of it."""
        if not self._has_ended():
            os.kill(self._pid, signal.SIGKILL)
            _, self._status = os.waitpid(self._pid, 0)
        if self._master >= 0:
            os.close(self._master)

    def _has_ended(self) -> bool:
        if self._status is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._status = status
        return self._status is not None

    def _code(self) -> int:
        assert self._status is not None
        return os.waitstatus_to_exitcode(self._status)

    def _read(self, seconds: float) -> bool:
        """Read what is there within so many seconds; false when there will be no more."""
        if not select.select([self._master], [], [], seconds)[0]:
            return True
        try:
            read = os.read(self._master, 65536)
        except OSError:
            return False
        self.written += read
        return bool(read)


@contextmanager
def terminal(program: str, environment: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """Run a Python program on a terminal."""
    inherited = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "PYTHONPATH"}}
    path = os.pathsep.join(str(ROOT / folder) for folder in ("core", "tui", "tests"))
    env = {
        **inherited,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": path,
        **(environment or {}),
    }
    pid, master = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-c", program], env)
    ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    child = Terminal(pid, master)
    try:
        yield child
    finally:
        child.kill()
