"""How the filter of a change list is chosen, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from rollbook.desk.views import ChangeFilter, Counts, Kind, Lane, RunView, Verb
from rollbook_tui.commands.changes import FilterKind, FilterLane, FilterSchool, FilterVerb
from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.keys import first_written
from rollbook_tui.dialogs.choose import Option
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import LANES, VERBS, kind_word

ALL = "all"
NAME_CELLS = 24
"""A school's name takes no more of the line of filters."""


def total_changes(view: RunView) -> int:
    """How many changes the run has."""
    return sum(map(_changes, view.counts.values()))


def kind_options(view: RunView) -> list[Option[Kind | None]]:
    """All kinds, then each that has changes, with their numbers."""
    options: list[Option[Kind | None]] = [Option(None, "all kinds", f"{total_changes(view):,}")]
    for kind in Kind:
        if number := _changes(view.counts.get(kind, Counts())):
            options.append(Option(kind, kind_word(kind), f"{number:,}"))
    return options


def verb_options(view: RunView) -> list[Option[Verb | None]]:
    """All changes, then additions, updates and removals with their numbers."""
    options: list[Option[Verb | None]] = [Option(None, "all changes", f"{total_changes(view):,}")]
    for verb in Verb:
        number = sum(getattr(counts, verb.value) for counts in view.counts.values())
        options.append(Option(verb, f"{VERBS[verb].mark} {VERBS[verb].word}", f"{number:,}"))
    return options


def school_options(view: RunView) -> list[Option[str | None]]:
    """All schools, then each that has changes, with their numbers."""
    options: list[Option[str | None]] = [Option(None, "all schools", f"{total_changes(view):,}")]
    for school in view.schools:
        number = sum(map(_changes, school.kinds.values()))
        if school.school is not None and number:
            options.append(Option(school.school, school.name or school.school, f"{number:,}"))
    return options


def lane_options(view: RunView) -> list[Option[Lane | None]]:
    """All states, then each."""
    options: list[Option[Lane | None]] = [Option(None, "all states")]
    options += [Option(lane, f"{LANES[lane].mark} {LANES[lane].word}") for lane in Lane]
    return options


def filter_words(wanted: ChangeFilter) -> list[str]:
    """What the list is narrowed to, for its title."""
    words: list[str] = []
    if wanted.hold:
        words.append(wanted.hold)
    if wanted.kind:
        words.append(kind_word(wanted.kind))
    if wanted.verb:
        words.append(VERBS[wanted.verb].word)
    if wanted.lane:
        words.append(LANES[wanted.lane].word)
    if wanted.search:
        words.append(f"/{wanted.search}")
    return words


def filter_line(wanted: ChangeFilter, school: str, remapped: Mapping[str, str]) -> Content:
    """The line of filters: each with its key, those that are set standing out.

    ``school`` is the name of the school that is listed, empty for all.
    """
    lane, verb = wanted.lane, wanted.verb
    values: tuple[tuple[type[Command[State]], str, str], ...] = (
        (FilterKind, "kind", kind_word(wanted.kind) if wanted.kind else ""),
        (FilterVerb, "change", f"{VERBS[verb].mark} {VERBS[verb].word}" if verb else ""),
        (FilterSchool, "school", drawable(school)),
        (FilterLane, "state", f"{LANES[lane].mark} {LANES[lane].word}" if lane else ""),
    )
    return Content("   ").join(
        Content.assemble(
            (first_written(remapped.get(command.id, command.keys)), "bold $footer-key-foreground"),
            (f" {name}: ", "$muted"),
            Content.styled(value or ALL, "bold $foreground" if value else "$muted").truncate(
                NAME_CELLS, ellipsis=True
            ),
        )
        for command, name, value in values
    )


def _changes(counts: Counts) -> int:
    return counts.add + counts.update + counts.remove
