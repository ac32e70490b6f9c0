"""Bringing a store's tables up to date with Alembic; imported only when that is needed."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from rollbook.directory.store import HEAD, Store, schema_version


def upgrade(store: Store) -> None:
    """Run the missing migrations in one transaction; a second process that waited finds it done."""
    with store.write() as connection:
        if schema_version(connection) == HEAD:
            return
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
