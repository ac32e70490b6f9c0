"""Finding out what people have to be told: once when it begins, and once when it is over.

The audit trail says of which districts something has changed; it is written in the transaction of
each effect, so nothing is missed and nothing told that did not happen. What waits in such a
district now is held against its alarms. What is new is told, what is there still is left to the
digest, and what is over without anybody's decision is told as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import accounts, alarms, audit, holds, outbox, runs, schedules
from rollbook.directory.alarms import AlarmRow
from rollbook.directory.holds import HoldRow
from rollbook.directory.records import school_names
from rollbook.directory.runs import RunRow
from rollbook.notices.facts import Facts, about, of_hold
from rollbook.roster.accounts import waits_for_list
from rollbook.roster.states import UNDECIDED, UNDER_WAY, HoldState, RunKind, RunState, SlotState

READER = "notices"
"""The name under which the outbox reads the audit trail."""

SOURCE = "source"
"""The scope of the alarm that a district's input is refused or cannot be had."""

MANY = 5
"""New holds of one district that are told one by one; more are told together."""

SCHEDULE = "schedule"
"""The scope of the alarm that a slot was given up."""

ACCOUNTS = "accounts"
"""The scope of the alarm that accounts wait for the list beside their policy."""

_TROUBLES = {RunState.INPUT_REFUSED: "refused", RunState.FETCH_FAILED: "unreachable"}
_PASSING = UNDER_WAY | {RunState.CANCELLED}
"""Runs that say nothing about how a source is; one that was cut off is taken up again."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Something that waits for a person: what it is, and what a notice would say about it."""

    scope: str
    event: str
    subject: str
    facts: Facts
    quiet_until: datetime | None = None


def something_new(connection: Connection) -> bool:
    """Whether the audit trail goes on behind what has been gathered."""
    return outbox.read_until(connection, READER) != audit.last_seq(connection)


def gather(
    connection: Connection,
    at: datetime,
    find: Callable[[str], District | None],
    channels: Sequence[str],
) -> int:
    """Put what is new into the outbox, for each of some channels; how many notices.

    ``find`` gives the districts that anybody is told about. The first time, that is what waits by
    then: of what is over nobody is told. To be called in a transaction that writes.
    """
    newest = audit.last_seq(connection)
    since = outbox.read_until(connection, READER) or 0
    put = 0
    for district_id in audit.districts_since(connection, since, newest):
        if (district := find(district_id)) is not None:
            put += _gather_of(connection, at, district, channels)
    outbox.set_read_until(connection, READER, newest)
    return put


def waits(connection: Connection, district: District, at: datetime) -> list[Waits]:
    """Everything of a district that waits for a person."""
    found = _held(connection, district, at)
    newest = runs.newest_sync(connection, district.id, but=_PASSING)
    if newest is not None and newest.state in _TROUBLES:
        facts = {"run": newest.id, "code": _code(connection, newest)}
        found.append(Waits(SOURCE, _TROUBLES[newest.state], newest.id, facts))
    if district.accounts is not None and waits_for_list(accounts.basis_of(connection, district.id)):
        found.append(Waits(ACCOUNTS, "accounts", district.id, {}))
    for slot in schedules.newest(connection, district.id, 1):
        if slot.state == SlotState.FAILED:
            name = f"{slot.day} {slot.slot}"
            found.append(Waits(SCHEDULE, "given_up", f"{district.id} {name}", {"slot": name}))
    return found


def count_told(connection: Connection, run: RunRow, undecided: Sequence[HoldRow]) -> int:
    """How many notices tell of a run's holds: of what waited before it was told before."""
    known = {
        scope
        for scope, alarm in alarms.of_district(connection, run.district).items()
        if alarm.since < run.created_at
    }
    new = len({_scope(hold) for hold in undecided} - known)
    return new if new <= MANY else 1


def _gather_of(
    connection: Connection, at: datetime, district: District, channels: Sequence[str]
) -> int:
    known = alarms.of_district(connection, district.id)
    now = {found.scope: found for found in waits(connection, district, at)}
    new: list[Waits] = []
    for scope, found in now.items():
        alarm = known.get(scope)
        if alarm is None:
            alarms.begin(connection, district.id, scope, found.subject, at, found.quiet_until)
            new.append(found)
        else:
            quiet = max(filter(None, (alarm.quiet_until, found.quiet_until)), default=None)
            alarms.follow(connection, alarm, found.subject, quiet)
    over = [alarm for scope, alarm in known.items() if scope not in now]
    for alarm in over:
        alarms.end(connection, alarm)
    notices = _told(new)
    by_itself = [alarm for alarm in over if _ended_by_itself(connection, alarm)]
    if by_itself and not now:
        notices.append(_recovered(connection, district, by_itself))
    return sum(
        outbox.put(
            connection,
            key=f"{event}/{subject}",
            channel=channel,
            district=district.id,
            event=event,
            subject=subject,
            facts=about(district) | facts,
            at=at,
        )
        for event, subject, facts in notices
        for channel in channels
    )


def _told(new: Sequence[Waits]) -> list[tuple[str, str, Facts]]:
    """A notice for each; of many holds at once, one for all of them."""
    new_holds = [found for found in new if found.event == "hold"]
    if len(new_holds) <= MANY:
        return [(found.event, found.subject, found.facts) for found in new]
    together = {"holds": [found.facts["hold"] for found in new_holds]}
    others = [(f.event, f.subject, f.facts) for f in new if f.event != "hold"]
    return [*others, ("holds", new_holds[0].facts["hold"]["run"], together)]


def _recovered(
    connection: Connection, district: District, over: Sequence[AlarmRow]
) -> tuple[str, str, Facts]:
    newest = runs.newest_sync(connection, district.id, but=_PASSING)
    run = newest.id if newest is not None else district.id
    since = min(alarm.since for alarm in over)
    return "recovered", run, {"run": run, "since": f"{since:%Y-%m-%d %H:%M} UTC"}


def _ended_by_itself(connection: Connection, alarm: AlarmRow) -> bool:
    """Whether a newer input has ended an alarm; of what somebody has decided nobody is told."""
    if alarm.scope in (SOURCE, SCHEDULE, ACCOUNTS):
        return True
    return bool(holds.get(connection, alarm.subject).state == HoldState.SUPERSEDED)


def _held(connection: Connection, district: District, at: datetime) -> list[Waits]:
    waiting = [
        (run, hold)
        for run in runs.in_states(connection, district.id, frozenset({RunState.HELD}))
        if run.kind == RunKind.SYNC and not run.preview and run.expires_at > at
        for hold in holds.of_run(connection, run.id)
        if hold.state in UNDECIDED
    ]
    schools = school_names(connection, district.id) if waiting else {}
    return [
        Waits(_scope(hold), "hold", hold.id, {"hold": of_hold(hold, schools)}, _quiet(hold))
        for _, hold in waiting
    ]


def _scope(hold: Any) -> str:
    """What a hold is about, whichever run it came up in."""
    parts = (hold.rule, hold.kind, hold.verb, hold.school, hold.role)
    return "/".join(["hold", *(part or "" for part in parts)])


def _quiet(hold: Any) -> datetime | None:
    quiet: datetime | None = hold.snoozed_until if hold.state == HoldState.SNOOZED else None
    return quiet


def _code(connection: Connection, run: RunRow) -> str:
    """The code under which an input was refused; it is rollbook's own word."""
    if run.state != RunState.INPUT_REFUSED:
        return ""
    found = runs.load_findings(connection, run.id)
    return found[-1].code if found else ""
