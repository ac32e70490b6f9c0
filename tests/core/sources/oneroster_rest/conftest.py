from pathlib import Path

import pytest

from core.small_sis import small_sis
from servers.oneroster_app import Served, served
from servers.served_sis import tables

from .pulled import TOKEN


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)


@pytest.fixture
def north(tmp_path: Path) -> Served:
    """One school with ten students: 23 people, 33 roles and enrollments."""
    return served(tables(small_sis(1, 10), tmp_path / "set"), "1.1")
