from pathlib import Path

import pytest

from core.small_sis import small_sis
from servers.clever_app import TOKEN, CleverDistrict, clever_district
from servers.served_sis import tables


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLBOOK_TEST_TOKEN", TOKEN)


@pytest.fixture
def north(tmp_path: Path) -> CleverDistrict:
    """One school with ten students, their guardians, three classes and their teachers."""
    return clever_district(tables(small_sis(1, 10), tmp_path / "set"))
