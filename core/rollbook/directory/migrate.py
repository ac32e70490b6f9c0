"""Bringing a store's tables up to date with Alembic; imported only when that is needed.

All missing migrations run in one transaction: it commits as a whole, or the store stays what it
was. A copy is made first: a file beside that of SQLite, a schema of its own on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from rollbook.directory.backup import back_up, back_up_tables
from rollbook.directory.sqlite import WRITES
from rollbook.directory.store import HEAD, Store, Upgrade, refuse_newer, schema_version
from rollbook.errors import NotPermitted, RollbookError


def upgrade(store: Store) -> Upgrade | None:
    """Run the missing migrations; a second process that waited finds it done.

    Returns what was upgraded: ``None`` for a store that was new, or done meanwhile. Raises
    ``ConfigInvalid`` where a newer rollbook has done it meanwhile, and ``NotPermitted``.
    """
    if store.is_shared:
        with store.read() as connection:
            _refuse_others(connection)
    with store.write_as_it_is() if store.is_shared else _without_references(store) as connection:
        before = schema_version(connection)
        if before == HEAD:
            return None
        refuse_newer(before)
        copy = _back_up(store, connection) if before is not None else None
        run_migrations(connection)
    return Upgrade(before, HEAD, copy) if before is not None else None


def _back_up(store: Store, connection: Connection) -> Path | str:
    if isinstance(store.place, Path):
        return back_up(store.place, f"{store.place.name}.before-{HEAD}")
    return back_up_tables(connection, f"before_{HEAD}")


def _refuse_others(connection: Connection) -> None:
    """Raise ``NotPermitted`` to who does not own the tables of a store on PostgreSQL."""
    query = text(
        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('alembic_version') "
        "AND NOT pg_has_role(session_user, relowner, 'USAGE')"
    )
    owner = connection.execute(query).scalar_one_or_none()
    if owner is not None:
        raise NotPermitted(
            f"the store is at version {schema_version(connection)}, not {HEAD}: it has to be "
            f"upgraded by {owner}, whose tables they are.",
            remedy=f"Let {owner} open it once.",
        )


def run_migrations(connection: Connection, to: str = "head") -> None:
    """Run the migrations up to a revision, in the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


@contextmanager
def _without_references(store: Store) -> Iterator[Connection]:
    """A write transaction on SQLite in which tables may be made anew; checked at its end.

    SQLite cannot change a table in place, and while references count, dropping the old table would
    count as deleting its rows. They cannot be switched off within a transaction.
    """
    with store.told(), store.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        connection.detach()
        with connection.execution_options(**{WRITES: True}).begin():
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise RollbookError(
                    f"rows of {broken[0]} name rows of {broken[2]} that are not there, so the "
                    "store was not upgraded.",
                    remedy="Nothing was changed. Tell rollbook's makers.",
                )
