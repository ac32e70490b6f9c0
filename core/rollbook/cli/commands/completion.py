"""Shell completion."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from rollbook.cli.documents import emit
from rollbook.cli.groups import Command
from rollbook.cli.settings import settings

SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command(
    cls=Command,
    examples=(
        "rollbook completion bash > ~/.local/share/bash-completion/completions/rollbook",
        "rollbook completion fish > ~/.config/fish/completions/rollbook.fish",
    ),
)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options and district ids."""
    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(ctx.find_root().command, {}, "rollbook", "_ROLLBOOK_COMPLETE").source()
    if settings(ctx).json:
        emit({"shell": shell, "script": script})
    else:
        click.echo(script)
