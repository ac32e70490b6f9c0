"""Changes as they stand in a file: codes instead of words, records as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter

from rollbook.changes.columns import GROUP_CODES, GROUPS, KINDS, VERB_CODES, VERBS
from rollbook.changes.grouping import Group, Shapes, portions
from rollbook.changes.texts import change_text, writer_of
from rollbook.roster.changes import Change
from rollbook.roster.kinds import KIND_ORDER
from rollbook.roster.records import Values

Line = tuple[int, int, str, str | None, int, str, str | None, str | None, int | None, str | None]
"""A change as it stands in the file: codes of kind and verb, id, school, code of the role group,
label, before and after as JSON, the version before, and the successor."""

_BEFORE, _AFTER = itemgetter(3), itemgetter(4)


def lines_of(group: Group) -> list[Line]:
    """A line for each change of a group."""
    shape, codes = group.shape, GROUP_CODES
    kind, verb = KIND_ORDER[shape.kind], VERB_CODES[shape.verb]
    befores = _written(shape.before, group.changes, _BEFORE)
    afters = _written(shape.after, group.changes, _AFTER)
    return [
        (kind, verb, record_id, school, codes[role], label, before, after, version, merged)
        for (_, _, record_id, _, _, school, role, label, version, merged), before, after in zip(
            group.changes, befores, afters, strict=False
        )
    ]


def _written(
    names: Sequence[str] | None, changes: Sequence[Change], side: Callable[[Change], Values]
) -> Iterable[str | None]:
    return repeat(None) if names is None else writer_of(names)(map(side, changes))


def in_lines(changes: Iterable[Change]) -> Iterator[Line]:
    """A line for each change, one after another."""
    shapes = Shapes()
    for portion in portions(changes):
        yield from in_places(shapes.groups(portion), len(portion))


def in_places(groups: Sequence[Group], number: int) -> list[Line]:
    """The lines of groups of so many changes, in the order in which these were given."""
    if len(groups) == 1:
        return lines_of(groups[0])
    lines: dict[int, Line] = {}
    for group in groups:
        lines.update(zip(group.places.tolist(), lines_of(group), strict=True))
    return [lines[place] for place in range(number)]


class Digest:
    """A digest in the making; ``form`` says what it is made of."""

    def __init__(self, form: str) -> None:
        self._hasher = hashlib.sha256(form.encode())

    def take(self, lines: Iterable[Line]) -> None:
        """Take in some more changes."""
        texts = [
            change_text(KINDS[kind], VERBS[verb], record_id, before, after, merged)
            for kind, verb, record_id, _, _, _, before, after, _, merged in lines
        ]
        self._hasher.update("".join(texts).encode())

    @property
    def text(self) -> str:
        """``sha256:…`` of all that was taken in."""
        return f"sha256:{self._hasher.hexdigest()}"


def change_on(line: Line) -> Change:
    """A line as a change."""
    kind, verb, record_id, school, group, label, before, after, version, merged = line
    return Change(
        kind=KINDS[kind],
        verb=VERBS[verb],
        id=record_id,
        before=None if before is None else json.loads(before),
        after=None if after is None else json.loads(after),
        school=school,
        role=GROUPS[group],
        label=label,
        before_version=version,
        merged_into=merged,
    )
