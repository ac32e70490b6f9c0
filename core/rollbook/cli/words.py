"""Small things said the same way everywhere: times, numbers of changes, commands to type."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from rollbook.cli.settings import settings
from rollbook.cli.tables import Styled
from rollbook.desk.views import Kind, Verb

SIGNS = {Verb.ADD: "+", Verb.UPDATE: "~", Verb.REMOVE: "-"}

_STATE_STYLES = {
    "applied": "cyan",
    "approved": "cyan",
    "clean": "cyan",
    "noop": "cyan",
    "held": "bold magenta",
    "open": "bold magenta",
    "ready": "yellow",
    "paused": "yellow",
    "snoozed": "yellow",
    "broken": "bold dark_orange",
    "failed": "bold dark_orange",
    "fetch_failed": "bold dark_orange",
    "refused": "bold dark_orange",
    "input_refused": "bold dark_orange",
}


def when(moment: datetime | None) -> str:
    """A time in UTC to the minute, or a dash."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}Z" if moment else "-"


def state(word: str) -> Styled:
    """A state in its colour, as it is called."""
    return Styled(word, _STATE_STYLES.get(word.lower(), ""))


def changes_in_words(numbers: Mapping[Kind, Mapping[Verb, int]]) -> str:
    """``user +12 ~3, enrollment -40``; empty where there are none."""
    parts = []
    for kind in Kind:
        marks = [
            f"{SIGNS[verb]}{numbers[kind][verb]:,}"
            for verb in Verb
            if kind in numbers and numbers[kind].get(verb)
        ]
        if marks:
            parts.append(" ".join([kind.value, *marks]))
    return ", ".join(parts)


def covers_in_words(covers: Mapping[str, Mapping[str, int]]) -> str:
    """What waits with a hold, as ``remove: 12 user, 96 enrollment``."""
    return "; ".join(
        f"{verb}: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
        for verb, kinds in covers.items()
        if any(kinds.values())
    )


def command_line(ctx: click.Context, *words: str) -> str:
    """A command as it can be typed to go on with the same home."""
    home = settings(ctx).home
    prefix = ["rollbook", *(["--home", str(home)] if home else [])]
    return shlex.join([*prefix, *words])
