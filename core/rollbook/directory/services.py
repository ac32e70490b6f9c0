"""The rows of services: which processes work, or have worked, on the schedules of a store."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from rollbook.directory.tables import services

ServiceRow = Row[Any]


def register(connection: Connection, host: str, pid: int, at: datetime) -> str:
    """A new service; returns its id, such as ``s12``, which no other ever had."""
    number = connection.execute(select(func.count()).select_from(services)).scalar_one() + 1
    service = f"s{number}"
    connection.execute(insert(services).values(id=service, host=host, pid=pid, started_at=at))
    return service


def stop(connection: Connection, service: str, at: datetime) -> None:
    """Note that a service has ended in good order."""
    connection.execute(update(services).where(services.c.id == service).values(stopped_at=at))


def unstopped(connection: Connection) -> list[ServiceRow]:
    """The services that have not ended in good order, oldest first: they work, or have died."""
    query = select(services).where(services.c.stopped_at.is_(None))
    return list(connection.execute(query.order_by(services.c.started_at, services.c.id)))
