"""The command line program with somebody else at the keyboard: what wants two people, gets two.

    python -m bench.as_operator WHO ARGUMENT...

runs ``rollbook ARGUMENT...`` in this process as if ``WHO`` were logged in.
"""

from __future__ import annotations

import sys
from unittest.mock import patch


def main() -> int:
    """The command; its exit code is the program's."""
    who, *arguments = sys.argv[1:]
    from rollbook.cli import main as program
    from rollbook.desk import desk

    with patch.object(desk, "login", lambda: who):
        return program(arguments)


if __name__ == "__main__":
    sys.exit(main())
