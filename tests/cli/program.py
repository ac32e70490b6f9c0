"""The real program in a process of its own, with a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call answered: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; fails on anything before or after it."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Program:
    """``python -m rollbook`` on one home."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *args: str | Path) -> Answer:
        """Run a command; no traceback may ever be seen."""
        path = os.pathsep.join(str(ROOT / folder) for folder in ("core", "tui"))
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "rollbook", *map(str, args)],
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("ROLLBOOK_")},
                "PYTHONPATH": path,
                "ROLLBOOK_HOME": str(self.home),
                **self.environment,
            },
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)
