"""The command line: every act of the desk as a command.

``main`` is the entry point. Command modules are imported when they are called, and the engine
when it is needed, so that ``--help`` and shell completion answer at once.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (``docs/cli.md``); never a traceback."""
    import os

    from rollbook import collector

    # Nothing is multiplied here; numpy would make threads that spin for work at every start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    collector.leave_at_exit()
    with collector.paused():
        from rollbook.cli.program import run

        return run(argv)
