"""Homes that are made once, also where several processes run the tests."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def shared_home(places: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The home of that name, made by whichever process wants it first; not to be written to."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    base = places.getbasetemp() if alone else places.getbasetemp().parent
    home, made = base / name / "home", base / name / "made"
    home.parent.mkdir(exist_ok=True)
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(home, ignore_errors=True)
            make(home)
            made.touch()
    return home
