"""Who sits at the keyboard, where the store is a file and asks nobody."""

from __future__ import annotations

import getpass
import os
import pwd
from pathlib import Path

_LOGGED_IN = Path("/proc/self/loginuid")
_NOBODY = 2**32 - 1
"""What stands there for a process that nobody has logged in for, as in a container."""


def login() -> str:
    """The account that was logged in with, which Linux keeps through ``su`` and ``sudo``.

    So two people who share an account for their work are two, and one who sets ``LOGNAME`` is one.
    Where nothing is kept it is what the environment says, as ``getpass.getuser`` has it.
    """
    try:
        number = int(_LOGGED_IN.read_text())
    except (OSError, ValueError):
        number = _NOBODY
    try:
        return getpass.getuser() if number == _NOBODY else pwd.getpwuid(number).pw_name
    except (KeyError, OSError):
        return f"uid {os.getuid() if number == _NOBODY else number}"
