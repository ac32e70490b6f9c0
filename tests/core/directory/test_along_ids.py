"""A look at most rows of a district goes through them as they stand."""

from pathlib import Path

from sqlalchemy import literal, select

from rollbook.directory.sqlite import along_ids
from rollbook.directory.store import open_store, sqlite_url
from rollbook.directory.tables import RECORD_TABLES
from rollbook.roster.kinds import Kind


def test_sqlite_looks_for_no_row_by_an_index_of_something_else(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path / "store.db"))
    table = RECORD_TABLES[Kind.ENROLLMENT]
    plain = select(table.c.row, table.c.user_id).where(
        table.c.district == literal("north"), table.c.removed_in.is_(None)
    )
    with store.read() as connection:
        plans = []
        for query in (plain, along_ids(connection, plain, table)):
            text = query.compile(connection, compile_kwargs={"literal_binds": True})
            plans.append(str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()))
    store.close()
    assert "ix_enrollments" in plans[0]
    assert "sqlite_autoindex_enrollments_1" in plans[1]
    assert "TEMP B-TREE" not in plans[1]
