"""The program: its commands by what they are for, and how a run of it ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from rollbook import __version__
from rollbook.cli.failures import fault, report
from rollbook.cli.groups import LazyGroup
from rollbook.cli.settings import home_folder
from rollbook.errors import RollbookError

_COMMANDS = "rollbook.cli.commands"

SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "Console": {
        "console": (f"{_COMMANDS}.console", "Open the console (also without a command)."),
        "demo": (f"{_COMMANDS}.demo", "Seed demo districts, then open the console."),
    },
    "Districts": {
        "districts": (f"{_COMMANDS}.districts", "List the districts and how each stands."),
        "district": (f"{_COMMANDS}.district", "Add, show or check a district."),
        "source": (f"{_COMMANDS}.source", "Propose a mapping of an export's columns."),
    },
    "Runs": {
        "sync": (f"{_COMMANDS}.sync", "Read, compare, judge and apply; or only preview."),
        "apply": (f"{_COMMANDS}.apply", "Apply the changeset of a previewed run."),
        "runs": (f"{_COMMANDS}.runs", "List runs, newest first."),
        "run": (f"{_COMMANDS}.run", "Show a run, or reject one that waits."),
        "changes": (f"{_COMMANDS}.changes", "List a run's changes, streamed."),
        "schedule": (f"{_COMMANDS}.schedule", "Show when districts are read next."),
        "serve": (f"{_COMMANDS}.serve", "Read districts at their times; send notices."),
        "undo": (f"{_COMMANDS}.undo", "Take a run back with a new run."),
    },
    "Decisions": {
        "holds": (f"{_COMMANDS}.holds", "List what waits for a decision."),
        "hold": (f"{_COMMANDS}.hold", "Show, approve, reject, snooze or export a hold."),
        "pause": (f"{_COMMANDS}.pause", "Let part of a sync do nothing for a while."),
        "pauses": (f"{_COMMANDS}.pauses", "List pauses."),
        "resume": (f"{_COMMANDS}.resume", "End a pause."),
    },
    "People": {
        "accounts": (f"{_COMMANDS}.accounts", "List accounts, try a policy, purge what is due."),
        "student": (f"{_COMMANDS}.student", "Show a person's card."),
        "duplicates": (f"{_COMMANDS}.duplicates", "List pairs who may be one person."),
        "merge": (f"{_COMMANDS}.merge", "Make one person of two."),
        "merges": (f"{_COMMANDS}.merges", "List merges."),
        "split": (f"{_COMMANDS}.split", "Take a merge apart again."),
        "distinct": (f"{_COMMANDS}.distinct", "Say that two people are two people."),
    },
    "Year": {
        "season": (f"{_COMMANDS}.season", "Show where in its year each district is."),
        "calendar": (f"{_COMMANDS}.calendar", "Take a school calendar over from a file."),
        "rollup": (f"{_COMMANDS}.rollup", "Show whether the SIS has rolled up, in numbers."),
        "plan": (f"{_COMMANDS}.plan", "Announce what a rollover will change."),
        "new-term": (f"{_COMMANDS}.new_term", "Say what becomes of classes and class ids."),
        "plans": (f"{_COMMANDS}.plans", "List what has been announced."),
        "checklist": (f"{_COMMANDS}.checklist", "Show or tick a rollover checklist."),
    },
    "House": {
        "audit": (f"{_COMMANDS}.audit", "Show the audit trail, or verify its chain."),
        "notices": (f"{_COMMANDS}.notices", "List what people were told; try out telling them."),
        "doctor": (f"{_COMMANDS}.doctor", "Say whether everything is in order."),
        "paths": (f"{_COMMANDS}.paths", "Print where things are kept."),
        "config": (f"{_COMMANDS}.config", "Validate the configuration."),
        "roles": (f"{_COMMANDS}.roles", "Print the SQL that makes PostgreSQL's roles."),
        "completion": (f"{_COMMANDS}.completion", "Print a shell's completion script."),
    },
}


class Program(LazyGroup):
    """The root. Errors end here, where the home is still known, as one line and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what it returns is the exit code, and nothing means 0."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except RollbookError:
            raise
        except Exception as error:
            raise fault(error, home_folder(ctx)) from error


@click.group(
    cls=Program,
    sections=SECTIONS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    examples=(
        "rollbook",
        "rollbook demo",
        "rollbook district add northfield --name Northfield --path /srv/sis/northfield",
        "rollbook sync northfield --preview",
        "rollbook holds --json",
    ),
)
@click.version_option(__version__, prog_name="rollbook")
@click.pass_context
def program(ctx: click.Context) -> int | None:
    """Keep a school district's directory in step with its student information system.

    Without a command, the console opens. Results go to stdout, narration to stderr.

    Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 something is held and waits for
    a person, 4 input refused, 5 not permitted, 6 stale.
    """
    if ctx.invoked_subcommand is not None:
        return None
    command = program.get_command(ctx, "console")
    assert command is not None
    result = ctx.invoke(command)
    return result if isinstance(result, int) else None


def run(argv: Sequence[str] | None = None) -> int:
    """Run the program on ``argv`` (else the process's own) and return the exit code."""
    args = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        _refuse_bytes(args)
        result = program.main(args, prog_name="rollbook", standalone_mode=False)
        sys.stdout.flush()
    except (RollbookError, click.ClickException, click.Abort) as error:
        return report(error, as_json="--json" in args)
    return result if isinstance(result, int) else 0


def _refuse_bytes(args: Sequence[str]) -> None:
    """Raise ``click.UsageError`` for an argument that is no text: nothing could be kept of it."""
    for position, arg in enumerate(args, 1):
        if any("\ud800" <= letter <= "\udfff" for letter in arg):
            raise click.UsageError(f"Argument {position} is not text in UTF-8.")
