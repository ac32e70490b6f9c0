"""References to what is not there, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.sources.roster import Places

SINGLY = 200
"""Dangling references of one kind and field that are listed one by one; the rest is counted."""

Sort = tuple[Severity, Kind, str, Kind]
"""Severity, kind, field, and kind of the target."""

Dangling = dict[Sort, list[tuple[str, str]]]
"""(record, missing target) by sort."""


@dataclass(slots=True)
class _Seen:
    """The first few, by record id, with the lines of theirs that are known, and how many in all."""

    shown: list[tuple[str, str]] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    number: int = 0
    file: str | None = None
    header: str = ""


class DanglingLog:
    """Dangling references of one comparison as they come up, never more than can be read."""

    def __init__(self) -> None:
        self._seen: dict[Sort, _Seen] = {}

    def add(self, dangling: Mapping[Sort, Sequence[tuple[str, str]]], places: Places) -> None:
        """Some more; ``places`` knows where their records stand."""
        for sort, pairs in dangling.items():
            severity, kind, name, _ = sort
            seen = self._seen.setdefault(sort, _Seen())
            seen.number += len(pairs)
            most = 1 if severity is Severity.WARNING else SINGLY
            before = set(seen.shown)
            seen.shown = nsmallest(most, [*seen.shown, *pairs])
            new = {record for record, target in seen.shown if (record, target) not in before}
            if new or not seen.header:
                place = places(kind, name, new)
                seen.file, seen.header = place.file, place.header
                seen.lines |= place.lines

    def findings(self) -> tuple[Finding, ...]:
        """What there is to tell, errors first."""
        errors_first = sorted(self._seen.items(), key=lambda item: item[0][0] is not Severity.ERROR)
        return tuple(found for sort, seen in errors_first for found in _told(sort, seen))


def _told(sort: Sort, seen: _Seen) -> list[Finding]:
    severity, kind, name, target_kind = sort
    found: list[Finding] = []
    for position, (record_id, target) in enumerate(seen.shown):
        last = position == len(seen.shown) - 1
        count = seen.number - len(seen.shown) + 1 if last else 1
        more = f" ({count:,} such records)" if count > 1 else ""
        if severity is Severity.ERROR:
            consequence = "the row was set aside"
        elif name == "primary_org_id":
            consequence = "it is not here, and the primary org stays as it was"
        else:
            consequence = "it is not here"
        found.append(
            Finding(
                severity=severity,
                code="dangling-reference",
                message=f"{kind} {record_id} refers to {target_kind} {target}: "
                f"{consequence}{more}.",
                remedy=f"Send the {target_kind} as well, or correct the reference.",
                file=seen.file,
                line=seen.lines.get(record_id),
                field=seen.header,
                kind=kind,
                record_id=record_id,
                count=count,
            )
        )
    return found
