"""Which translator brings a source into the normal form."""

from __future__ import annotations

from pathlib import Path

from rollbook.config.sources import (
    ClassLink,
    CleverApi,
    CleverCsv,
    MappedCsv,
    OneRosterRest,
    RemindCsv,
    SchoolStatusCsv,
    SdsCsv,
    Source,
)
from rollbook.sources.normal_form import NormalSet


def translate(source: Source, came: Path | None, normal: NormalSet) -> None:
    """Write the set of a source that is no OneRoster CSV set.

    ``came`` is the folder with its files; ``None`` for an API, which is asked for everything.
    Raises ``InputRefused`` and ``SourceUnreachable`` where the input as a whole is unfit, and
    ``ConfigInvalid`` for a mapping that makes no sense.
    """
    mapped = CleverCsv | SdsCsv | RemindCsv | SchoolStatusCsv | MappedCsv
    if isinstance(source, mapped) and came is not None:
        from rollbook.sources.mapped_csv import load_mapping, translate_mapped
        from rollbook.sources.profiles import profile_of

        return translate_mapped(load_mapping(profile_of(source, came)), came, normal)
    if isinstance(source, OneRosterRest | ClassLink):
        from rollbook.sources import oneroster_rest

        return oneroster_rest.pull(source, normal)
    if isinstance(source, CleverApi):
        from rollbook.sources import clever_api

        return clever_api.pull(source, normal)
    raise NotImplementedError(source.type)
