"""Work on schedules and send notices, until told to stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

import click

from rollbook.cli.documents import emit
from rollbook.cli.failures import fault
from rollbook.cli.groups import Command
from rollbook.cli.plain import visible
from rollbook.cli.settings import home_folder, open_desk, settings

OPERATOR = "service"
"""Who acts for the service on a store in a file; on PostgreSQL it is the role that it has."""


class Address(click.ParamType[tuple[str, int] | None]):
    """``HOST:PORT``, or ``off``."""

    name = "address"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int] | None:
        """The parts of the address."""
        if value == "off" or not isinstance(value, str):
            return None
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65535:
            self.fail(f"{value!r} is not HOST:PORT or off.", param, ctx)
        return host.strip("[]"), int(port)


@click.command(
    cls=Command,
    examples=(
        "rollbook serve",
        "rollbook serve --workers 2 --listen off",
        "rollbook serve --store postgresql://rollbook@db/rollbook",
    ),
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="How many districts are read at a time.",
)
@click.option(
    "--listen",
    type=Address(),
    metavar="HOST:PORT",
    default="127.0.0.1:9464",
    show_default=True,
    help="Where /healthz and /metrics are answered; off for nowhere.",
)
@click.pass_context
def serve(ctx: click.Context, workers: int, listen: tuple[str, int] | None) -> None:
    """Read districts at their times and when files arrive, and send notices.

    Runs until it is told to stop (SIGTERM, SIGINT), and stops within seconds; what is cut off then
    is taken up by the next one. Several may run at once on one store.
    """
    from rollbook.service.listening import Listen
    from rollbook.service.process import serve as serve_on

    lock = Lock()
    home = home_folder(ctx)

    def tell(line: str) -> None:
        with lock:
            click.echo(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {visible(line)}", err=True)

    def log(error: Exception) -> None:
        tell(str(fault(error, home)))

    with open_desk(ctx) as desk:
        own = desk if desk.store.is_shared else replace(desk, operator=OPERATOR)
        serve_on(
            own,
            workers=workers,
            listen=Listen(*listen) if listen else None,
            tell=tell,
            on_fault=log,
        )
    if settings(ctx).json:
        emit({"stopped": True})
