"""Every place in the console where keys mean something, and what they mean there."""

from __future__ import annotations

from collections.abc import Iterator

from rollbook_tui.commands.account_changes import ACCOUNT_CHANGES
from rollbook_tui.commands.activity import ACTIVITY
from rollbook_tui.commands.adding import ADDING
from rollbook_tui.commands.changes import CHANGES
from rollbook_tui.commands.checklist import CHECKLIST
from rollbook_tui.commands.command import Commands
from rollbook_tui.commands.console import CONSOLE_ACTS
from rollbook_tui.commands.dashboard import DASHBOARD
from rollbook_tui.commands.everywhere import CommandLine, GoBack, Reload, ShowHelp
from rollbook_tui.commands.findings import FINDINGS
from rollbook_tui.commands.keys import all_written
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.commands.pauses import GRID, PAUSES
from rollbook_tui.commands.people import DUPLICATES, MERGING, PERSON
from rollbook_tui.commands.plans import PLAN_FORM, PLANS
from rollbook_tui.commands.rows import IN_ROWS, OpenRow
from rollbook_tui.commands.walk import WALK
from rollbook_tui.commands.year import YEAR
from rollbook_tui.dialogs.confirm import OtherButton, SayNo, SayYes
from rollbook_tui.dialogs.dialog import Cancel
from rollbook_tui.theme import THEMES

EVERYWHERE: Commands = (GoBack, Reload, CommandLine, ShowHelp)

_SCREEN: Commands = (*EVERYWHERE, *MOVES, *CONSOLE_ACTS)
_TABLE: Commands = (*_SCREEN, *(act for act in IN_ROWS if act is not OpenRow))

CONTEXTS: dict[str, Commands] = {
    "Dashboard": (*DASHBOARD, *MOVES, *CONSOLE_ACTS),
    "Changes": (*CHANGES, *_TABLE),
    "Account changes": (*ACCOUNT_CHANGES, *_TABLE),
    "Duplicates": (*DUPLICATES, *_TABLE),
    "Merge": (*MERGING, *_SCREEN),
    "Person": (*PERSON, *_SCREEN),
    "Checklist": (*CHECKLIST, *_SCREEN),
    "Walk": (*WALK, *_SCREEN),
    "Year": (*YEAR, *_TABLE),
    "Pauses": (*PAUSES, *GRID, *_SCREEN),
    "Plans": (*PLANS, *_TABLE),
    "New plan": (*PLAN_FORM, *EVERYWHERE, *CONSOLE_ACTS),
    "Activity": (*ACTIVITY, OpenRow, *_TABLE),
    "Findings": (*FINDINGS, OpenRow, *_TABLE),
    "New district": (*ADDING, *EVERYWHERE, *CONSOLE_ACTS),
    "Questions": (SayYes, SayNo, OtherButton, Cancel),
}
"""The commands that share their keys' space, by the name of the screen."""

COMMON: Commands = (*_TABLE, OpenRow)


def keys_page() -> str:
    """``docs/keys.md``."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# Keys"
    yield ""
    yield "Written from the console's own commands by `python -m rollbook_tui.commands.catalogue`."
    yield "`console.toml` in the home folder gives a command other keys by its id, and the console"
    yield f"another theme ({', '.join(theme.name for theme in THEMES if not theme.ansi)}):"
    yield ""
    yield "```toml"
    yield 'theme = "rollbook-light"'
    yield ""
    yield "[keys]"
    yield '"hold.approve" = "y"'
    yield "```"
    yield from _table("Everywhere", COMMON)
    for name, commands in CONTEXTS.items():
        yield from _table(name, tuple(c for c in commands if c.id not in {d.id for d in COMMON}))


def _table(name: str, commands: Commands) -> Iterator[str]:
    if not commands:
        return
    yield ""
    yield f"## {name}"
    yield ""
    yield "| key | what it does | id |"
    yield "|---|---|---|"
    for command in commands:
        keys = all_written(command.keys).replace("|", "\\|")
        shown = " ".join(f"`{key}`" for key in keys.split()) if keys else "palette"
        yield f"| {shown} | {command.help()} | `{command.id}` |"


if __name__ == "__main__":
    print(keys_page(), end="")
