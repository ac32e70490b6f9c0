"""Which translator brings a source into the normal form."""

from __future__ import annotations

from pathlib import Path

from rollbook.config.sources import ClassLink, CleverApi, OneRosterRest, Source
from rollbook.sources.normal_form import NormalSet


def translate(source: Source, came: Path | None, normal: NormalSet) -> None:
    """Write the set of a source that is no OneRoster CSV set.

    ``came`` is the folder with its files; ``None`` for an API, which is asked for everything.
    Raises ``InputRefused`` and ``SourceUnreachable`` where the input as a whole is unfit.
    """
    if isinstance(source, OneRosterRest | ClassLink):
        from rollbook.sources import oneroster_rest

        return oneroster_rest.pull(source, normal)
    if isinstance(source, CleverApi):
        from rollbook.sources import clever_api

        return clever_api.pull(source, normal)
    raise NotImplementedError(source.type)
