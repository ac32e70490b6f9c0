"""Northfield, told once and copied for every test, and its desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollbook.desk.desk import Desk
from tui.deep.northfield import FRIDAY, ID, open_at, tell
from tui.shared_homes import shared_home


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with Northfield's history in it; not to be written to."""
    return shared_home(tmp_path_factory, "told", tell)


@pytest.fixture
def home(told: Path, tmp_path: Path) -> Path:
    """A home of the test's own, with the folder in which its files arrive."""
    copy = Path(shutil.copytree(told, tmp_path / "home"))
    district = copy / "districts" / f"{ID}.toml"
    district.write_text(district.read_text().replace(str(told), str(copy)))
    return copy


@pytest.fixture
def northfield(home: Path) -> Iterator[Desk]:
    """Dana's desk on the morning of the short file."""
    desk = open_at(home, FRIDAY)
    yield desk
    desk.close()
