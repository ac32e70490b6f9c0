"""What a delta is a delta to: the set that came last, as it was kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rollbook.owner_only import owner_only_text

_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a kept set beside its files: the type of its source, up to where its changes
    have gone into it (for CSV the time of the newest, ISO 8601, UTC; for an API in its own words),
    and when everything was asked for last (ISO 8601, UTC), and ``where``; ``had`` are the parts
    that a source may lack and that were there; ``complete_at`` is when a complete set of files came
    last (ISO 8601, UTC), also where changes were put into it since; ``put_away`` is the place on a
    server from which its files were moved when they had been read."""

    type: str
    as_of: str | None = None
    whole_at: str | None = None
    where: str | None = None
    had: tuple[str, ...] = ()
    put_away: str | None = None
    complete_at: str | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """The folder of the set that was accepted last, and the id of its snapshot. One that was
    ``turned_down`` as a whole says nothing of what later changes go into."""

    folder: Path
    snapshot: str
    about: About
    turned_down: bool = False


def write_about(folder: Path, about: About) -> None:
    """Keep with a set what is known of it."""
    with owner_only_text(folder / _ABOUT) as file:
        file.write(json.dumps(asdict(about)))


def base_in(folder: Path, snapshot: str) -> Base | None:
    """The set that was kept in a folder as that snapshot; ``None`` where it is not there whole."""
    try:
        about = About(**json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
        about = replace(about, had=tuple(about.had))
    except (OSError, ValueError, TypeError):
        return None
    return Base(folder, snapshot, about)
