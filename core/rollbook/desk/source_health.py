"""How a district's source is: when it was read last, what came, and whether that is long ago."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low

from rollbook.config.district import District
from rollbook.desk.views import SourceHealth, SourceState
from rollbook.directory.pulls import Pull
from rollbook.directory.runs import RunRow
from rollbook.roster.states import UNDER_WAY, RunKind, RunState
from rollbook.runs.schedule import next_slot, schedule_of

OVERDUE_AFTER = 2
"""Times the usual gap between its newest pulls that a source may be silent."""

OVERDUE_LEAST = timedelta(days=3)
"""No source is overdue sooner: a weekend may be left out."""

_STATES = {
    RunState.INPUT_REFUSED: SourceState.REFUSED,
    RunState.FETCH_FAILED: SourceState.UNREACHABLE,
    RunState.CANCELLED: SourceState.UNREACHABLE,
}
_PASSWORD = re.compile(r"(?<=//)([^/@]*?):[^/]*@")


def source_health(
    district: District, pull: Pull | None, newest: Iterable[RunRow], now: datetime
) -> SourceHealth:
    """The health of a district's source; ``newest`` are its newest runs, newest first."""
    source = district.source
    tried = next(
        (row for row in newest if row.kind == RunKind.SYNC and row.state not in UNDER_WAY), None
    )
    state = SourceState.NEVER if pull is None else SourceState.GOOD
    failure = ""
    if tried is not None and tried.state in _STATES:
        state, failure = _STATES[RunState(tried.state)], tried.message
    expected_by = _expected_by(pull) if pull else None
    return SourceHealth(
        type=source.type,
        where=shown_place(source.where),
        state=state,
        overdue=expected_by is not None and expected_by < now,
        pulled_at=pull.at if pull else None,
        expected_by=expected_by,
        rows=pull.rows if pull else None,
        seconds=pull.seconds if pull else None,
        new_at=pull.new_at if pull else None,
        tried_at=tried.created_at if tried is not None else pull.at if pull else None,
        failure=failure,
        next_at=_next_at(district, now),
    )


def _next_at(district: District, now: datetime) -> datetime | None:
    if not district.schedule.has_times:
        return None
    slot = next_slot(schedule_of(district), district.timezone, now)
    return slot.due if slot is not None else None


def shown_place(place: str) -> str:
    """A path or an address without a password and without what comes after its path."""
    if "://" not in place:
        return place
    return _PASSWORD.sub(r"\1@", place.partition("?")[0].partition("#")[0])


def _expected_by(pull: Pull) -> datetime:
    gaps = [later - sooner for sooner, later in pairwise(pull.rhythm)]
    # The median: one summer without a sync is no rhythm.
    usual = median_low(gaps) if gaps else timedelta(0)
    return pull.at + max(OVERDUE_LEAST, OVERDUE_AFTER * usual)
