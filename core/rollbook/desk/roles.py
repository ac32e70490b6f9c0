"""The roles of a store on PostgreSQL."""

from __future__ import annotations

from rollbook.desk.desk import Desk
from rollbook.directory.role_script import role_script
from rollbook.errors import ConfigInvalid


def script(desk: Desk) -> str:
    """The SQL that makes the roles. Raises ``ConfigInvalid`` for a store in a file."""
    if not desk.store.is_shared:
        raise ConfigInvalid(
            f"the store {desk.store.place} is a file, which knows no roles.",
            remedy="Give write access to the home folder to nobody else.",
        )
    return role_script()
