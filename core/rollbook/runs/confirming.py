"""Asking an API by id for some of what its lists lack, before anything is made of the lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from rollbook.changes.positions import places_of
from rollbook.changes.sequence import Changes
from rollbook.config.sources import FileSource, Source
from rollbook.errors import InputRefused
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import owners

NOT_GONE = "not-gone"
"""The code of the refusal."""

SAMPLE = 20
"""Records of each kind that are asked for."""

_LOOKED_AT = 50 * SAMPLE


def refuse_unless_gone(source: Source, changes: Changes) -> None:
    """Ask the source for a sample of what would be removed, if it can be asked for one record.

    What leaves because the person or the class that it belongs to leaves may be on its list still,
    and is not asked for. Raises ``InputRefused`` (``not-gone``) when the source still has one of
    the others: then its lists are not whole, whatever their totals say (``safety.md`` §4.2).
    Raises as the client does, too.
    """
    if isinstance(source, FileSource):
        return
    # With it comes what speaks to an API, which files do not need.
    from rollbook.sources.dialects import gone_by_id

    for kind, answers in gone_by_id(source, _sample(changes)).items():
        there = sum(not gone for gone in answers.values())
        if there:
            raise InputRefused(
                f"{there} of {len(answers)} records of {kind} that the lists lack are there when "
                "they are asked for by id: the lists are not whole.",
                code=NOT_GONE,
                remedy="Sync again later. If it stays so, ask the provider why its lists leave "
                "them out.",
            )


def _sample(changes: Changes) -> Mapping[Kind, list[str]]:
    """Ids of removals, spread evenly over those of each kind."""
    columns = changes.columns
    places = {kind: places_of(columns.of(kind=kind, verb=Verb.REMOVE)) for kind in Kind}
    leaving = {kind: set(changes.ids(at)) for kind, at in places.items() if len(at)}
    found: dict[Kind, list[str]] = {}
    for kind in leaving:
        step = max(1, len(places[kind]) // _LOOKED_AT)
        alone = _by_themselves(changes.at(places[kind][::step]), leaving)
        ids = list(islice(alone, _LOOKED_AT))
        if ids:
            found[kind] = ids[:: max(1, len(ids) // SAMPLE)][:SAMPLE]
    return found


def _by_themselves(removals: Iterator[Change], leaving: Mapping[Kind, set[str]]) -> Iterator[str]:
    """The ids of removals that follow from no other one."""
    for change in removals:
        belongs_to = owners(change.kind, change.id, change.before or {})
        if all(record not in leaving.get(kind, ()) for kind, record in belongs_to):
            yield change.id
