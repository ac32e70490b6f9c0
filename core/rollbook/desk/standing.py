"""How a district stands, in one word and one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.desk.kept_season import kept_season
from rollbook.desk.presenting import pause_words, state_now, summary_of
from rollbook.desk.source_health import source_health
from rollbook.desk.views import (
    DistrictState,
    DistrictSummary,
    RunState,
    RunSummary,
    SourceHealth,
    Verb,
)
from rollbook.directory import overview
from rollbook.directory.grade_memory import GradeYear, years_of
from rollbook.directory.overview import Standing, Waits
from rollbook.directory.pulls import last_pulls
from rollbook.directory.records import school_names
from rollbook.directory.runs import RunRow, was_quiet
from rollbook.errors import ConfigInvalid
from rollbook.roster.kinds import Kind
from rollbook.roster.states import UNDER_WAY, WAITING, RunKind
from rollbook.runs.lock import is_running
from rollbook.runs.pauses import is_active, local_date

AT_ONCE = 500
"""Districts that one round of queries is about; their numbers go into them as parameters."""


def summary(
    connection: Connection, district: District, now: datetime, locks: Path
) -> DistrictSummary:
    """A district's line on the dashboard; ``locks`` is the folder of the lock files."""
    return next(summaries(connection, [district], now, locks))


def summaries(
    connection: Connection, found: Sequence[District], now: datetime, locks: Path
) -> Iterator[DistrictSummary]:
    """The lines of some districts, in their order."""
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        standings = overview.standings(connection, [district.id for district in some])
        shown = {row.id for kept in standings.values() for row in _shown(kept)}
        waits = overview.waits(connection, sorted(shown))
        pulls = last_pulls(connection, [district.id for district in some])
        years = years_of(connection, [district.id for district in some])
        for district in some:
            kept = standings[district.id]
            source = source_health(district, pulls.get(district.id), kept.newest, now)
            year = years.get(district.id)
            yield _summary(connection, district, source, kept, year, waits, now, locks)


def _shown(kept: Standing) -> list[RunRow]:
    """The runs of a district whose waiting changes count: the newest, and those that wait."""
    return [*kept.newest[:1], *_newest_sync(kept), *kept.waiting]


def _newest_sync(kept: Standing) -> list[RunRow]:
    syncs = (row for row in kept.newest if row.kind == RunKind.SYNC)
    return [row for row in syncs if not was_quiet(row)][:1]


def _summary(
    connection: Connection,
    district: District,
    source: SourceHealth,
    kept: Standing,
    year: GradeYear | None,
    waits: Mapping[str, Waits],
    now: datetime,
    locks: Path,
) -> DistrictSummary:
    last = _last(kept.newest[0], waits, now) if kept.newest else None
    today = local_date(now, district.timezone)
    active = [pause for pause in kept.pauses if is_active(pause, today)]
    held, paused, additions, open_holds = _waiting(kept, waits, now)
    sentence = ""
    if active:
        names = school_names(connection, district.id) if active[0].school else {}
        sentence = pause_words(active[0], names)
    running = (
        last is not None and last.state in UNDER_WAY and is_running(connection, locks, district.id)
    )
    state, note = _state(last, running, open_holds, held, additions, sentence)
    return DistrictSummary(
        id=district.id,
        name=district.name,
        state=state,
        note=note,
        last_run=last,
        last_applied_at=kept.last_applied_at,
        open_holds=open_holds,
        held=held,
        paused=paused,
        additions_waiting=additions,
        pauses=len(active),
        students=kept.students,
        schools=kept.schools,
        duplicates=kept.duplicates,
        generation=kept.generation,
        source_type=district.source.type,
        source_path=source.where,
        timezone=district.timezone,
        source=source,
        season=kept_season(district, year, today),
    )


def _last(row: RunRow, waits: Mapping[str, Waits], now: datetime) -> RunSummary:
    state = state_now(row, now)
    found = waits[row.id]
    held: dict[tuple[str | None, Kind], int] = {}
    paused: dict[tuple[str | None, Kind], int] = {
        (None, kind): number for kind, number in found.paused.items()
    }
    if state in WAITING:
        for (kind, _), number in found.held.items():
            held[None, kind] = held.get((None, kind), 0) + number
    return summary_of(row, state, found.open_holds, held, paused)


def broken(error: ConfigInvalid) -> DistrictSummary:
    """A district whose file cannot be read."""
    path = Path(error.message.split(": ")[0])
    return DistrictSummary(
        id=path.stem,
        name=path.stem,
        state=DistrictState.BROKEN,
        note=str(error),
        last_run=None,
        last_applied_at=None,
        open_holds=0,
        held=0,
        paused=0,
        additions_waiting=0,
        pauses=0,
        students=0,
        schools=0,
        duplicates=0,
        generation=0,
        source_type="",
        source_path="",
        timezone="",
        source=None,
    )


def _waiting(
    kept: Standing, waits: Mapping[str, Waits], now: datetime
) -> tuple[int, int, int, int]:
    """Changes that a hold keeps back, that a pause keeps back, held additions, open holds."""
    held = additions = open_holds = 0
    for row in kept.waiting:
        if state_now(row, now) in WAITING:
            found = waits[row.id]
            held += sum(found.held.values())
            additions += sum(n for (_, verb), n in found.held.items() if verb is Verb.ADD)
            open_holds += found.open_holds
    with_pauses = {row.id for row in [*kept.waiting, *_newest_sync(kept)]}
    paused = sum(sum(waits[run].paused.values()) for run in with_pauses)
    return held, paused, additions, open_holds


def _state(
    last: RunSummary | None, running: bool, open_holds: int, held: int, additions: int, pause: str
) -> tuple[DistrictState, str]:
    if last is None:
        return DistrictState.NEW, "Never synced: preview its first run."
    if last.state is RunState.INPUT_REFUSED:
        return DistrictState.REFUSED, last.message
    if last.state in (RunState.FETCH_FAILED, RunState.CANCELLED):
        return DistrictState.FAILED, last.message
    if last.state in UNDER_WAY and not running:
        return DistrictState.FAILED, "The last run was interrupted: sync again."
    if open_holds:
        note = f"{held:,} changes wait behind {open_holds} hold{'s' if open_holds > 1 else ''}."
        if additions:
            which = "All" if additions == held else f"{additions:,}"
            note += f" {which} of them are additions."
        return DistrictState.HELD, note
    if last.state in UNDER_WAY:
        return DistrictState.SYNCING, "A run is under way."
    if last.state is RunState.READY:
        return DistrictState.READY, "A previewed changeset waits to be applied."
    if last.accounts_wait:
        return DistrictState.HELD, "Accounts wait: the list beside their policy cannot be read."
    if pause:
        return DistrictState.PAUSED, f"Paused: {pause}."
    if last.state is RunState.REJECTED:
        return DistrictState.CLEAN, "The last changeset was rejected."
    if last.state is RunState.NOOP and last.snapshot is None:
        return DistrictState.CLEAN, last.message
    if last.state is RunState.NOOP:
        return DistrictState.CLEAN, "The last run found nothing new."
    return DistrictState.CLEAN, last.message
