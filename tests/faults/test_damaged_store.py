"""A store that a failing disk has damaged is told as one, not as a fault of rollbook's."""

from pathlib import Path

import pytest
from sqlalchemy import text

from rollbook.directory.store import open_store, sqlite_url
from rollbook.errors import RollbookError


def test_pages_that_cannot_be_read_are_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = open_store(sqlite_url(file))
    store.close()
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * (file.stat().st_size - 4096))
    with pytest.raises(RollbookError, match="could not be read whole"), store.read() as connection:
        connection.execute(text("SELECT * FROM audit")).all()
    store.close()
