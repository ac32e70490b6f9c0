from pathlib import Path

import pytest

from core.small_sis import SmallSis
from rollbook.sources.oneroster_csv import read
from rollbook.sources.roster import Roster

from .cases import Reader


@pytest.fixture
def reading(tmp_path: Path) -> Reader:
    """Reads a system's export."""

    def read_export(sis: SmallSis) -> Roster:
        return read(sis.write(tmp_path / "export"))

    return read_export
