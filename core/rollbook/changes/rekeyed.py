"""Records that come back under new ids in the changeset that removes them.

A SIS that moves to another id scheme sends everybody as gone and as new. Each removed record whose
one and only counterpart is among the added ones is *linked*: its removal carries the counterpart's
id (``merged_into``), so that whoever follows the old id arrives at the record that took its place.
What fits two counterparts is never linked. Every function here is linear in the changes.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from rollbook.changes.changeset import Changeset
from rollbook.changes.columns import hashes_of, matched
from rollbook.changes.positions import Places, Positions, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import Values, text

Links = dict[tuple[Kind, str], str]
"""Kind and id of a removed record, to the id of the added one that takes its place."""

Keys = Callable[[Change, Values], Iterable[Hashable]]


def recased(changes: Sequence[Change], kinds: Collection[Kind]) -> tuple[Places, Places]:
    """The positions of the removals whose id an addition of the same kind has in other letters,
    capital or small, in order, and for each the position of that addition."""
    columns = Changes.of(changes).columns
    old, new = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for kind in (kind for kind in Kind if kind in kinds):
        gone, come = columns.places[kind, Verb.REMOVE], columns.places[kind, Verb.ADD]
        found = matched(columns.small_ids(gone), columns.small_ids(come), come)
        old.append(gone[found >= 0])
        new.append(found[found >= 0])
    together = np.concatenate(old)
    order = np.argsort(together)
    return together[order], np.concatenate(new)[order]


def reappearing(changes: Sequence[Change], kind: Kind) -> Positions:
    """The positions of the removals of people or classes that have a counterpart among the
    additions: the same name and birth date, email or number; the same title, course and term."""
    sequence = Changes.of(changes)
    places = sequence.columns.places
    gone, come = places[kind, Verb.REMOVE], places[kind, Verb.ADD]
    if not len(gone) or not len(come):
        return Positions.of(())
    keys = _evidence(_births(sequence)) if kind is Kind.USER else _class_keys({})
    added = np.fromiter(
        (hash(key) for change in sequence.at(come) for key in keys(change, change.after or {})),
        np.int64,
    )
    hashes, owners = array("q"), array("i")
    for position, change in zip(gone.tolist(), sequence.at(gone), strict=True):
        for key in keys(change, change.before or {}):
            hashes.append(hash(key))
            owners.append(position)
    found = np.isin(np.frombuffer(hashes, np.int64), added)
    return Positions(np.unique(np.frombuffer(owners, np.int32)[found]))


def counterparts(changes: Sequence[Change]) -> Links:
    """The links between removed records and those that take their places."""
    births = _births(changes)
    people = {
        old: new
        for old, new in _pairs(changes, Kind.USER, _identity(births)).items()
        if births.get(old) is None or births.get(new) in (None, births[old])
    }
    links: Links = {(Kind.USER, old): new for old, new in people.items()}
    for kind, keys in (
        (Kind.COURSE, _course_keys),
        (Kind.CLASS, _class_keys(links)),
        *((kind, _belonging_keys(kind, links)) for kind in _BELONGINGS),
    ):
        links |= {(kind, old): new for old, new in _pairs(changes, kind, keys).items()}
    return links


def linked(changeset: Changeset, links: Mapping[tuple[Kind, str], str]) -> Changeset:
    """The same changeset with its removals linked, under a digest of its own."""
    changes = Changes.of(
        tuple(
            change._replace(merged_into=links[change.key])
            if change.verb is Verb.REMOVE and change.key in links
            else change
            for change in changeset.changes
        )
    )
    return replace(changeset, changes=changes, digest=changes.digest)


def taken_over(changes: Sequence[Change]) -> Positions:
    """The positions at which nothing is lost and nothing new comes: linked removals, the additions
    that take their places, and seats that go to the same person or class under the new id."""
    sequence = Changes.of(changes)
    columns = sequence.columns
    follows = columns.has(Trait.LINKED)
    if not follows.any():
        return Positions.of(())
    links: Links = {
        change.key: change.merged_into
        for change in sequence.at(places_of(follows))
        if change.merged_into is not None
    }
    for kind in Kind:
        come = columns.places[kind, Verb.ADD]
        successors = hashes_of(new for (of, _), new in links.items() if of is kind)
        follows[come[np.isin(columns.id[come], successors)]] = True
    for position in np.unique(columns.given_up.places).tolist():
        change = sequence[position]
        before, after = change.before or {}, change.after or {}
        moved = [r for r in SHAPES[change.kind].references if r.owner and r.field in before]
        follows[position] = bool(moved) and all(
            links.get((r.kind, text(before, r.field) or "")) == after.get(r.field) for r in moved
        )
    return Positions.where(follows)


def _pairs(changes: Sequence[Change], kind: Kind, keys: Keys) -> dict[str, str]:
    """Old id to new id, where every key that the two have is theirs alone."""
    gone: dict[Hashable, set[str]] = defaultdict(set)
    new: dict[Hashable, set[str]] = defaultdict(set)
    for change in changes:
        if change.kind is kind and change.verb is not Verb.UPDATE:
            side = gone if change.verb is Verb.REMOVE else new
            for key in keys(change, change.before or change.after or {}):
                side[key].add(change.id)
    forward: dict[str, set[str]] = defaultdict(set)
    backward: dict[str, set[str]] = defaultdict(set)
    doubtful: set[str] = set()
    for key in gone.keys() & new.keys():
        if len(gone[key]) == len(new[key]) == 1:
            [old_id], [new_id] = gone[key], new[key]
            forward[old_id].add(new_id)
            backward[new_id].add(old_id)
        else:
            doubtful |= gone[key] | new[key]
    return {
        old: next(iter(ids))
        for old, ids in forward.items()
        if len(ids) == 1 and len(backward[next(iter(ids))]) == 1 and not {old, *ids} & doubtful
    }


def _births(changes: Sequence[Change]) -> dict[str, str]:
    """Birth dates of the people who leave and of those who come, by id."""
    found: dict[str, str] = {}
    sequence = Changes.of(changes)
    columns = sequence.columns
    known = columns.of(Kind.DEMOGRAPHICS) & ~columns.of(verb=Verb.UPDATE)
    for change in sequence.at(places_of(known)):
        born = text(change.before or change.after or {}, "birth_date")
        if born is not None:
            found[change.id] = born
    return found


def _fold(values: Values, field: str) -> str:
    return unicodedata.normalize("NFKC", text(values, field) or "").strip().casefold()


def _evidence(births: Mapping[str, str]) -> Keys:
    """What makes it likely that two records are one person: one of it is enough for a hold."""

    def keys(change: Change, values: Values) -> Iterator[Hashable]:
        yield from _born(change, values, births)
        for field in ("email", "identifier"):
            if value := _fold(values, field):
                yield field, change.role, value

    return keys


def _identity(births: Mapping[str, str]) -> Keys:
    """What makes it sure enough to link: always the whole name, for families share addresses."""

    def keys(change: Change, values: Values) -> Iterator[Hashable]:
        yield from _born(change, values, births)
        name = _fold(values, "given_name"), _fold(values, "family_name")
        for field in ("email", "identifier"):
            if value := _fold(values, field):
                yield field, change.role, name, value

    return keys


def _born(change: Change, values: Values, births: Mapping[str, str]) -> Iterator[Hashable]:
    name = _fold(values, "given_name"), _fold(values, "family_name")
    if any(name) and change.id in births:
        yield "born", change.role, name, births[change.id]


def _course_keys(change: Change, values: Values) -> Iterator[Hashable]:
    if title := _fold(values, "title"):
        place = (text(values, "org_id"), text(values, "school_year_id"))
        yield title, _fold(values, "course_code"), *place


def _class_keys(links: Links) -> Keys:
    def keys(change: Change, values: Values) -> Iterator[Hashable]:
        terms = values.get("term_ids")
        course = text(values, "course_id")
        if course is not None and change.verb is Verb.REMOVE:
            course = links.get((Kind.COURSE, course), course)
        # Without a term, last year's class and this year's would look alike.
        if isinstance(terms, list) and terms and (title := _fold(values, "title")):
            own = (title, _fold(values, "class_code"), text(values, "school_id"))
            yield *own, course, tuple(sorted(terms))

    return keys


_BELONGINGS = (Kind.ROLE, Kind.ENROLLMENT, Kind.GUARDIAN, Kind.DEMOGRAPHICS)


def _belonging_keys(kind: Kind, links: Links) -> Keys:
    """What belongs to linked people and classes is the same where its owners are the same."""
    fields = [(r.field, r.kind) for r in SHAPES[kind].references]

    def keys(change: Change, values: Values) -> Iterator[Hashable]:
        old = change.verb is Verb.REMOVE
        if kind is Kind.DEMOGRAPHICS:
            yield links.get((Kind.USER, change.id), None if old else change.id)
            return
        found: list[Hashable] = [text(values, "role")]
        for field, of in fields:
            owner = text(values, field) or ""
            found.append(links.get((of, owner), owner) if old else owner)
        yield tuple(found)

    return keys
