"""The desk itself: the store, the home folder, who sits at it, and the clock on its wall."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rollbook.config.home import Home, default_home, expanded
from rollbook.config.store_file import named_store
from rollbook.desk.begun_districts import settle_begun_districts
from rollbook.desk.login import login
from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.roles import Role, who_is_connected
from rollbook.directory.store import Store, Upgrade, open_store, sqlite_url
from rollbook.errors import ConfigInvalid, NotPermitted
from rollbook.runs.interrupted import close_all_interrupted


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every desk function takes first. Safe to use from several threads."""

    home: Home
    store: Store
    operator: str
    clock: Callable[[], datetime]
    read_only: bool = False
    role: Role = Role.APPROVER

    def actor(self) -> Actor:
        """The operator, now. Raises ``NotPermitted`` at a read-only desk and to a viewer."""
        if self.read_only:
            raise NotPermitted(
                "this desk is read-only.", remedy="Open it without --read-only to change anything."
            )
        if self.role is Role.VIEWER:
            raise NotPermitted(
                f"{self.operator} may look and change nothing.",
                remedy="Ask for the database role rollbook_operator.",
            )
        return Actor(self.operator, self.clock())

    def approver(self) -> Actor:
        """As ``actor``, for who is about to approve. Raises ``NotPermitted`` to an operator too."""
        actor = self.actor()
        if self.role is not Role.APPROVER:
            raise NotPermitted(
                f"{self.operator} may not approve.",
                remedy="Ask an approver, or for the database role rollbook_approver.",
            )
        return actor

    def upgrade_told(self) -> str | None:
        """What opening the store did to one of an older rollbook, in words for the operator."""
        upgrade = self.store.upgraded
        if upgrade is None:
            return None
        place = f"schema {upgrade.copy}" if isinstance(upgrade.copy, str) else upgrade.copy
        kept = f" As it was, it is kept in {place}." if place else ""
        return f"The store was upgraded from {upgrade.before} to {upgrade.after}.{kept}"

    def close(self) -> None:
        """Give the store back."""
        self.store.close()


def open_desk(
    home: Path | None = None,
    *,
    store_url: str | None = None,
    operator: str | None = None,
    clock: Callable[[], datetime] | None = None,
    read_only: bool = False,
) -> Desk:
    """Open a desk: make the home folder where it is missing, open and upgrade the store.

    Runs whose process was killed are closed, what they staged is removed, and a district of which
    the adding broke off is there as a whole or not at all.

    ``store_url``, else ``ROLLBOOK_STORE``, else ``store.toml`` in the home folder names another
    store than ``store.db`` there.
    ``operator``, unless it is given, is the login, and on PostgreSQL the role that is connected.
    A read-only desk makes and upgrades nothing.
    Raises ``ConfigInvalid`` and ``RollbookError``.
    """
    place = Home(expanded(home or default_home()).resolve())
    if not read_only:
        try:
            place.create()
        except OSError as error:
            raise ConfigInvalid(
                f"the home folder {place.root} cannot be made: {error.strerror}.",
                remedy="Name another one with --home or ROLLBOOK_HOME.",
            ) from None
    url = store_url or os.environ.get("ROLLBOOK_STORE") or named_store(place)
    store = open_store(url or sqlite_url(place.store), read_only=read_only)
    try:
        name, role = _who_sits_here(store)
        desk = Desk(place, store, operator or name, clock or _now, read_only, role)
        if store.upgraded is not None:
            _note_upgrade(desk, store.upgraded)
        if not read_only and role is not Role.VIEWER:
            _tidy_up(store, place, desk.actor())
    except BaseException:
        store.close()
        raise
    return desk


def _tidy_up(store: Store, home: Home, actor: Actor) -> None:
    """Close and clear away what processes that were killed have left."""
    try:
        close_all_interrupted(store, home, actor)
        settle_begun_districts(store, home)
    except OSError as error:
        raise ConfigInvalid(
            f"the home folder {home.root} cannot be looked through: {error.strerror}.",
            remedy="Look after its disk, and give this user leave to read and write there.",
        ) from None


def _who_sits_here(store: Store) -> tuple[str, Role]:
    """The login at a store in a file, whose every writer may do everything; else the role."""
    if not store.is_shared:
        return login(), Role.APPROVER
    with store.read() as connection:
        return who_is_connected(connection)


def _note_upgrade(desk: Desk, upgrade: Upgrade) -> None:
    body = {
        "from": upgrade.before,
        "to": upgrade.after,
        "copy": upgrade.copy.name if isinstance(upgrade.copy, Path) else upgrade.copy,
    }
    with desk.store.write() as connection:
        audit.write(connection, desk.actor(), "store.upgraded", body=body)
