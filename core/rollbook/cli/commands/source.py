"""Mappings of an export's columns."""

from __future__ import annotations

from pathlib import Path

import click

from rollbook.cli.documents import emit
from rollbook.cli.groups import Group
from rollbook.cli.settings import settings


@click.group(cls=Group)
def source() -> None:
    """Propose a mapping of an export's columns, or print one that is shipped."""


@source.command(
    examples=(
        "rollbook source guess /srv/sis/export > mapping.toml",
        "rollbook source guess /srv/sis/export -o mapping.toml",
    )
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write it into a new file; one that is there is left as it is.",
)
@click.pass_context
def guess(ctx: click.Context, folder: Path, output: Path | None) -> None:
    """Propose a mapping from the headers of the CSV files in FOLDER, and say what is not sure.

    Nothing of the rows is looked at.
    """
    from rollbook.desk.mappings import guess as guess_mapping

    _print(ctx, guess_mapping(folder), output)


@source.command(examples=("rollbook source profile clever > clever.toml",))
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write it into a new file; one that is there is left as it is.",
)
@click.pass_context
def profile(ctx: click.Context, name: str, output: Path | None) -> None:
    """Print the mapping of a dialect, to be copied and corrected."""
    from rollbook.desk.mappings import profile as shipped_profile

    _print(ctx, shipped_profile(name), output)


def _print(ctx: click.Context, mapping: str, output: Path | None) -> None:
    if output is not None:
        try:
            with output.open("x", encoding="utf-8") as stream:
                stream.write(mapping)
        except FileExistsError:
            raise click.UsageError(f"{output} is there already; it was left as it is.") from None
        except OSError as error:
            raise click.UsageError(f"{output}: {error.strerror}.") from None
    elif settings(ctx).json:
        emit({"mapping": mapping})
    else:
        click.echo(mapping, nl=False)
