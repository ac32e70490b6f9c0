"""How a district stands, in one word and one sentence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.desk.presenting import active_pauses, pause_words, run_summary
from rollbook.desk.views import DistrictState, DistrictSummary, RunState, RunSummary, Verb
from rollbook.directory import changesets, holds, runs
from rollbook.directory.apply import generation_of
from rollbook.directory.records import count_schools, count_students, school_names
from rollbook.errors import ConfigInvalid
from rollbook.people.noted import noted_duplicates
from rollbook.roster.states import UNDER_WAY, WAITING, RunKind
from rollbook.runs.lock import is_running


def summary(
    connection: Connection, district: District, now: datetime, locks: Path
) -> DistrictSummary:
    """A district's line on the dashboard; ``locks`` is the folder of the lock files."""
    rows = runs.newest(connection, district.id, limit=1)
    last = run_summary(connection, rows[0], now) if rows else None
    names = school_names(connection, district.id)
    active = active_pauses(connection, district.id, district.timezone, now)
    held, paused, additions, open_holds = _waiting(connection, district.id, now)
    applied = runs.last_applied_sync(connection, district.id)
    sentence = pause_words(active[0], names) if active else ""
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
        last_applied_at=applied.applied_at if applied else None,
        open_holds=open_holds,
        held=held,
        paused=paused,
        additions_waiting=additions,
        pauses=len(active),
        students=count_students(connection, district.id),
        schools=count_schools(connection, district.id),
        duplicates=noted_duplicates(connection, district.id),
        generation=generation_of(connection, district.id),
        source_type=district.source.type,
        source_path=str(district.source.path),
        timezone=district.timezone,
    )


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
    )


def _waiting(connection: Connection, district: str, now: datetime) -> tuple[int, int, int, int]:
    """Changes that a hold keeps back, that a pause keeps back, held additions, open holds."""
    held = paused = additions = open_holds = 0
    waiting = runs.in_states(connection, district, WAITING)
    newest_syncs = [r for r in runs.newest(connection, district, limit=5) if r.kind == RunKind.SYNC]
    seen = {row.id for row in waiting}
    for row in waiting:
        if row.expires_at is not None and row.expires_at <= now:
            continue
        whole = holds.keeps_whole_run(connection, row.id)
        kinds = changesets.count_by(connection, row.id, changesets.lane_condition("held", whole))
        held += sum(sum(verbs.values()) for verbs in kinds.values())
        additions += sum(verbs.get(Verb.ADD, 0) for verbs in kinds.values())
        open_holds += run_summary(connection, row, now).open_holds
    for row in [*waiting, *(r for r in newest_syncs[:1] if r.id not in seen)]:
        condition = changesets.lane_condition("paused", False)
        paused += changesets.count(connection, row.id, condition)
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
    if pause:
        return DistrictState.PAUSED, f"Paused: {pause}."
    if last.state is RunState.REJECTED:
        return DistrictState.CLEAN, "The last changeset was rejected."
    if last.state is RunState.NOOP:
        return DistrictState.CLEAN, "The last run found nothing new."
    return DistrictState.CLEAN, last.message
