from collections.abc import Iterator

import click
import pytest
from click.shell_completion import BashComplete

from rollbook import __version__
from rollbook.cli import main
from rollbook.cli.groups import Command, Group
from rollbook.cli.program import SECTIONS, program

ROOT = click.Context(
    program, info_name="rollbook", help_option_names=["-h", "--help"], max_content_width=100
)


def every_command() -> Iterator[tuple[list[str], click.Command]]:
    for name in program.list_commands(ROOT):
        command = program.get_command(ROOT, name)
        assert command is not None
        yield [name], command
        if isinstance(command, click.Group):
            for sub_name, sub_command in command.commands.items():
                yield [name, sub_name], sub_command


COMMANDS = list(every_command())
NAMES = [" ".join(path) for path, _ in COMMANDS]


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=NAMES)
def test_every_command_has_help_with_examples(
    path: list[str], command: click.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*path, "-h"]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"Usage: rollbook {' '.join(path)}")
    assert command.help
    if isinstance(command, Command):
        assert "\nExamples:\n  rollbook" in page
        assert command.examples
        assert all(e.startswith(("rollbook ", "    ")) or e == "rollbook" for e in command.examples)
    else:
        assert isinstance(command, Group)
    for option in ("--home DIR", "--store URL", "--read-only", "--json"):
        assert option in page


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=NAMES)
def test_every_example_names_commands_and_options_that_exist(
    path: list[str], command: Command | Group
) -> None:
    commands: list[click.Command] = [command]
    if isinstance(command, Group):
        commands += command.commands.values()
    known = {name for each in commands for param in each.params for name in param.opts}
    typed = {word for line in command.examples for word in line.split() if word.startswith("--")}
    assert typed <= known


def test_the_list_of_commands_says_what_each_does() -> None:
    for rows in SECTIONS.values():
        for name, (module, summary) in rows.items():
            command = program.get_command(ROOT, name)
            assert command is not None
            assert command.name == name
            assert module == f"rollbook.cli.commands.{name.replace('-', '_')}"
            assert summary.endswith(".")


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"rollbook, version {__version__}\n"


def test_a_command_that_does_not_exist_names_those_that_come_near(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["chnages", "x.1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("rollbook: No such command 'chnages'.")
    assert "'changes'" in err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_prints_a_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_ROLLBOOK_COMPLETE" in capsys.readouterr().out


def test_completion_knows_commands_options_and_districts(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / "districts").mkdir()
    for name in ("northfield", "northgate", "lakeside"):
        (home / "districts" / f"{name}.toml").touch()
    shell = BashComplete(program, {}, "rollbook", "_ROLLBOOK_COMPLETE")

    def completed(args: list[str], word: str) -> list[str]:
        return [item.value for item in shell.get_completions(args, word)]

    assert completed([], "pau") == ["pause", "pauses"]
    assert completed(["--home", str(home), "sync"], "north") == ["northfield", "northgate"]
    assert "--preview" in completed(["sync"], "--p")
    assert completed(["hold"], "a") == ["approve"]
