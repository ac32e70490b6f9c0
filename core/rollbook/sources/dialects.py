"""Which translator brings a source into the normal form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
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
from rollbook.roster.kinds import Kind
from rollbook.sources.base import Base
from rollbook.sources.looks import Look
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


def pull_changes(source: Source, base: Base, normal: NormalSet, now: datetime) -> bool:
    """Write what has changed in an API since ``base``; false where only everything will do.

    Raises as ``translate``.
    """
    since = base.about.as_of
    if since is None:
        return False
    if isinstance(source, OneRosterRest | ClassLink):
        from rollbook.sources import oneroster_rest

        oneroster_rest.pull_changes(source, since, normal)
        return True
    if isinstance(source, CleverApi):
        from rollbook.sources.clever_api.changes import pull_changes

        return pull_changes(source, since, normal, now)
    return False


def look(source: Source) -> Iterator[Look]:
    """One page of each list of an API, in words; nothing of a source that is files.

    Raises as the source's client does.
    """
    if isinstance(source, OneRosterRest | ClassLink):
        from rollbook.sources.oneroster_rest.looking import look

        yield from look(source)
    elif isinstance(source, CleverApi):
        from rollbook.sources.clever_api.looking import look as look_at_clever

        yield from look_at_clever(source)


def gone_by_id(source: Source, wanted: Mapping[Kind, Sequence[str]]) -> dict[Kind, dict[str, bool]]:
    """Whether records are gone, for the kinds that the source can be asked for one by one.

    Raises as the source's client does.
    """
    if isinstance(source, OneRosterRest | ClassLink):
        from rollbook.sources import oneroster_rest

        return oneroster_rest.gone_by_id(source, wanted)
    if isinstance(source, CleverApi):
        from rollbook.sources import clever_api

        return clever_api.gone_by_id(source, wanted)
    return {}
