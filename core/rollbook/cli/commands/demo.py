"""Seed the demo's districts and open the console on them."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import click

from rollbook.cli.commands.console import open_console, require_terminal
from rollbook.cli.documents import emit
from rollbook.cli.groups import Command
from rollbook.cli.progress import progress
from rollbook.cli.settings import settings
from rollbook.cli.tables import note
from rollbook.errors import ConfigInvalid, NotPermitted

SEED = 7
MARK = "demo.json"
"""The file that says that the demo made a home, with which seed, and whether it got to the end."""


@click.command(
    cls=Command,
    examples=("rollbook demo", "rollbook --home /tmp/demo demo --seed 11 --headless"),
)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
@click.option("--headless", is_flag=True, help="Stop when the districts are there.")
@click.pass_context
def demo(ctx: click.Context, seed: int, headless: bool) -> int:
    """Seed districts in telling states through the real engine, then open the console.

    The same seed gives the same districts. A home that the demo has made is opened as it was left;
    with another seed it is made anew. A home with anything else in it is refused.
    """
    chosen = settings(ctx)
    if chosen.read_only:
        raise NotPermitted("The demo writes its districts.", remedy="Leave out --read-only.")
    if chosen.store:
        raise click.UsageError("The demo keeps its store in its own home: leave out --store.", ctx)
    if not headless:
        require_terminal()
    home = chosen.home or _default_home()
    seeded = prepare(home, seed)
    if not seeded:
        from rollbook.demo import seed as seed_districts

        note(f"Seeding the demo in {home} ...")
        with progress() as report:
            seed_districts(home, seed=seed, progress=report)
        _mark(home, seed, done=True)
    if not headless:
        return open_console(replace(chosen, home=home))
    if chosen.json:
        emit({"home": str(home), "seed": seed, "made": not seeded})
    else:
        click.echo(str(home))
    return 0


def prepare(home: Path, seed: int) -> bool:
    """Make room for the demo; true where it is there already with that seed.

    Raises ``ConfigInvalid`` for a home that holds anything that the demo has not made.
    """
    if home.exists() and not home.is_dir():
        raise ConfigInvalid(f"{home} is no folder.", remedy="Name another with --home.")
    if home.is_dir() and any(home.iterdir()):
        mark = _read_mark(home)
        if mark is None:
            raise ConfigInvalid(
                f"{home} holds something that the demo has not made.",
                remedy="Name an empty folder with --home.",
            )
        if mark == {"seed": seed, "done": True}:
            return True
        shutil.rmtree(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    _mark(home, seed, done=False)
    return False


def _read_mark(home: Path) -> dict[str, object] | None:
    try:
        mark = json.loads((home / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return mark if isinstance(mark, dict) and set(mark) == {"seed", "done"} else None


def _mark(home: Path, seed: int, *, done: bool) -> None:
    (home / MARK).write_text(json.dumps({"seed": seed, "done": done}), encoding="utf-8")


def _default_home() -> Path:
    if named := os.environ.get("ROLLBOOK_HOME"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("rollbook-demo", appauthor=False)
