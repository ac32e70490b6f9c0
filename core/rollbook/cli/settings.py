"""The options that every command takes: where the store is, and how to answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rollbook import collector
from rollbook.cli.plain import visible

if TYPE_CHECKING:
    from rollbook.desk.desk import Desk

_META = "rollbook.cli"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the global options say. ``home`` is ``None`` where only the environment names one."""

    home: Path | None
    store: str | None
    read_only: bool
    json: bool


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Keep what was given; a later place does not undo an earlier one by leaving it out."""
    if value:
        ctx.meta[f"{_META}.{param.name}"] = value


def global_options() -> list[click.Parameter]:
    """The options that stand before or after a command's name, new for each command."""
    return [
        click.Option(
            ["--home"],
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            callback=_remember,
            expose_value=False,
            help="The folder of store, districts and snapshots (else ROLLBOOK_HOME).",
        ),
        click.Option(
            ["--store"],
            metavar="URL",
            callback=_remember,
            expose_value=False,
            help="Another store than HOME/store.db (else ROLLBOOK_STORE).",
        ),
        click.Option(
            ["--read-only"],
            is_flag=True,
            callback=_remember,
            expose_value=False,
            help="Refuse every write.",
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            callback=_remember,
            expose_value=False,
            help="Print one JSON document.",
        ),
    ]


def settings(ctx: click.Context) -> Settings:
    """What was said on the command line and, for the store, in the environment."""
    return Settings(
        home=ctx.meta.get(f"{_META}.home"),
        store=ctx.meta.get(f"{_META}.store") or os.environ.get("ROLLBOOK_STORE") or None,
        read_only=bool(ctx.meta.get(f"{_META}.read_only")),
        json=bool(ctx.meta.get(f"{_META}.json")),
    )


def home_folder(ctx: click.Context) -> Path:
    """The home that a desk would open, without opening it."""
    if (named := settings(ctx).home or os.environ.get("ROLLBOOK_HOME")) is not None:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("rollbook", appauthor=False)


@contextmanager
def open_desk(ctx: click.Context) -> Iterator[Desk]:
    """The desk that the options name, closed again at the end."""
    from rollbook.desk.desk import open_desk as open_it
    from rollbook.desk.noted_head import note_head

    chosen = settings(ctx)
    desk = open_it(chosen.home, store_url=chosen.store, read_only=chosen.read_only)
    try:
        if told := desk.upgrade_told():
            click.echo(visible(told), err=True)
        with collector.running():
            yield desk
    finally:
        try:
            if told := note_head(desk):
                click.echo(f"rollbook: {visible(told)}", err=True)
        finally:
            desk.close()
