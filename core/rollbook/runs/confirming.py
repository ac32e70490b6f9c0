"""Asking an API by id for some of what its lists lack, before anything is made of the lack."""

from __future__ import annotations

from collections.abc import Mapping

from rollbook.changes.positions import places_of
from rollbook.changes.sequence import Changes
from rollbook.config.sources import Source
from rollbook.errors import InputRefused
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.sources.dialects import gone_by_id

SAMPLE = 20
"""Records of each kind that are asked for."""


def refuse_unless_gone(source: Source, changes: Changes) -> None:
    """Ask the source for a sample of what would be removed, if it can be asked for one record.

    Raises ``InputRefused`` (``not-gone``) when it still has one of them: then its lists are not
    whole, whatever their totals say (``safety.md`` §4.2). Raises as the client does, too.
    """
    for kind, answers in gone_by_id(source, _sample(changes)).items():
        there = sum(not gone for gone in answers.values())
        if there:
            raise InputRefused(
                f"{there} of {len(answers)} records of {kind} that the lists lack are there when "
                "they are asked for by id: the lists are not whole.",
                code="not-gone",
                remedy="Sync again later. If it stays so, ask the provider why its lists leave "
                "them out.",
            )


def _sample(changes: Changes) -> Mapping[Kind, list[str]]:
    """Ids of removals, spread evenly over those of each kind."""
    found: dict[Kind, list[str]] = {}
    for kind in Kind:
        places = places_of(changes.columns.of(kind=kind, verb=Verb.REMOVE))
        if len(places):
            step = max(1, len(places) // SAMPLE)
            found[kind] = list(changes.ids(places[::step][:SAMPLE]))
    return found
