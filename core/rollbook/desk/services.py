"""The processes that work on schedules. Each holds a lock for its life, which dies with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection

from rollbook.desk.desk import Desk
from rollbook.desk.schedule_views import ServiceView
from rollbook.directory import services as service_rows
from rollbook.directory.store import refuse_upgraded
from rollbook.errors import ConfigInvalid, RollbookError
from rollbook.runs.lock import district_lock, is_running


class ServiceLost(RollbookError):
    """A service can do no more: it has lost its lock, so that others take it for dead and its work
    for theirs, or the store was upgraded."""


@contextmanager
def serving(desk: Desk, *, host: str, pid: int) -> Iterator[str]:
    """Be a service for the block: its id, under which slots and notices are claimed.

    What a service has claimed is its own while the process lives, and anybody's afterwards.
    """
    actor = desk.actor()
    with ExitStack() as held:
        with desk.store.write() as connection:
            service = service_rows.register(connection, host, pid, actor.at)
            # Locked before anybody sees the row: else it could be taken for one that died.
            held.enter_context(district_lock(desk.store, desk.home.locks, _name(service)))
        try:
            yield service
        finally:
            # Of a store that was upgraded meanwhile the next service notes that this one has died.
            with suppress(ConfigInvalid), desk.store.write() as connection:
                service_rows.stop(connection, service, desk.clock())
            _lock_file(desk, service).unlink(missing_ok=True)


def services(desk: Desk) -> tuple[ServiceView, ...]:
    """The services that work just now, the oldest first."""
    with desk.store.read() as connection:
        alive = is_alive(desk, connection)
        return tuple(
            ServiceView(row.id, row.host, row.pid, row.started_at)
            for row in service_rows.unstopped(connection)
            if alive(row.id)
        )


def bury_dead_services(desk: Desk) -> None:
    """Note the end of services that died, and take away what is left of their locks."""
    actor = desk.actor()
    with desk.store.read() as connection:
        alive = is_alive(desk, connection)
        if all(alive(row.id) for row in service_rows.unstopped(connection)):
            return
    with desk.store.write() as connection:
        alive = is_alive(desk, connection)
        for row in service_rows.unstopped(connection):
            if not alive(row.id):
                service_rows.stop(connection, row.id, actor.at)
                _lock_file(desk, row.id).unlink(missing_ok=True)


def refuse_lost(desk: Desk, service: str) -> None:
    """Raise ``ServiceLost`` where a service has lost its lock, as when a database was restarted, or
    where the store was upgraded under it.
    """
    with desk.store.read() as connection:
        try:
            refuse_upgraded(connection)
        except ConfigInvalid as error:
            raise ServiceLost(error.message, remedy=error.remedy) from None
        if not is_alive(desk, connection)(service):
            raise ServiceLost(
                f"the store has let go of service {service}, whose work others may have taken up.",
                remedy="Start it again.",
            )


def is_alive(desk: Desk, connection: Connection) -> Callable[[str], bool]:
    """Whether the service of an id works just now."""

    def asked(service: str) -> bool:
        return is_running(connection, desk.home.locks, _name(service))

    return asked


def _lock_file(desk: Desk, service: str) -> Path:
    """Where the lock is of a service on a store in a file."""
    return desk.home.locks / f"{_name(service)}.lock"


def _name(service: str) -> str:
    """The name of a service's lock. No district's id has a full stop in it."""
    return f"service.{service}"
