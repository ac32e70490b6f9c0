"""The tree of orgs: no org may be above itself."""

from __future__ import annotations

from rollbook.errors import InputRefused
from rollbook.roster.records import text
from rollbook.sources.oneroster_csv.rows import Rows


def refuse_cycle(orgs: Rows) -> None:
    """Raise ``InputRefused`` (``org-cycle``) with the first line of a cycle of parents."""
    parents = {org: text(values, "parent_id") for org, values in orgs.values.items()}
    sound: set[str] = set()
    for org in orgs.values:
        path: dict[str, None] = {}
        here: str | None = org
        while here is not None and here in parents and here not in sound:
            if here in path:
                walked = list(path)
                _refuse(orgs, walked[walked.index(here) :])
            path[here] = None
            here = parents[here]
        sound.update(path)


def _refuse(orgs: Rows, cycle: list[str]) -> None:
    lines = orgs.lines_of(cycle)
    first = min(cycle, key=lines.__getitem__)
    at = cycle.index(first)
    around = " → ".join((*cycle[at:], *cycle[:at], first))
    raise InputRefused(
        f"The orgs go round in a circle: {around}.",
        code="org-cycle",
        file=orgs.file,
        line=lines[first],
        field="parentSourcedId",
        remedy="Correct the parents in the source: a district has none, its schools have it.",
    )
