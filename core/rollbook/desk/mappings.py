"""Mappings of an export's columns: a proposal, and those that are shipped."""

from __future__ import annotations

from pathlib import Path

from rollbook.config.home import expanded
from rollbook.errors import NotFound


def guess(folder: Path) -> str:
    """A mapping proposed from the headers of the CSV files in a folder, as TOML.

    Raises ``SourceUnreachable`` and ``InputRefused``.
    """
    from rollbook.sources.mapped_csv.guess import guess_mapping

    return guess_mapping(expanded(folder))


def profile(name: str) -> str:
    """A mapping that is shipped, as TOML, to be copied and corrected. Raises ``NotFound``."""
    from rollbook.sources.profiles import profile_names, profile_path

    if name not in profile_names():
        raise NotFound(f"no profile {name!r}.", remedy=f"There are {', '.join(profile_names())}.")
    return profile_path(name).read_text(encoding="utf-8")
