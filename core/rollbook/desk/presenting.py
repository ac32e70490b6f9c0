"""Turning rows of the store into what the desk shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, true

from rollbook.config.home import Home, timezone_of
from rollbook.desk.account_counts import NO_ACCOUNTS, AccountCounts
from rollbook.desk.expectations import expectation_view
from rollbook.desk.student_facts import facts_told
from rollbook.desk.views import (
    ApprovalView,
    Counts,
    HoldView,
    PauseView,
    RunSummary,
    RunView,
    SchoolCounts,
)
from rollbook.directory import account_changes, changesets, holds, pauses, runs
from rollbook.directory.holds import HoldRow
from rollbook.directory.lane_standing import LaneStanding, standing_of
from rollbook.directory.pauses import PauseRow
from rollbook.directory.run_schools import names_around
from rollbook.directory.runs import RunRow
from rollbook.roster.accounts import ACCOUNT_RULES, AccountVerb, waits_for_list
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import RELINKED_RULE, UNDECIDED, WAITING, HoldState, RunKind, RunState
from rollbook.runs.approvals import missing_at, shown_approvals
from rollbook.runs.pauses import is_active, local_date

CAREFUL_SHARE = 50.0
"""Percent of a scope from which an approval asks for the number to be typed."""


Lines = Mapping[str, Mapping[str, int]]
"""Saved counts: kind to the fields of ``Counts``, less what waits."""

Waits = dict[tuple[str | None, Kind], int]
"""Changes that wait, by school and kind."""


def add_up(counts: Iterable[Counts]) -> Counts:
    """Several lines of counts as one."""
    lines = list(counts)
    return Counts(**{f.name: sum(getattr(line, f.name) for line in lines) for f in fields(Counts)})


def kind_counts(saved: Lines | None, held: Waits, paused: Waits) -> dict[Kind, Counts]:
    """The lines of a preview, kind by kind, with what waits of each by now."""

    def total(waits: Waits, kind: str) -> int:
        return sum(count for (_, waiting), count in waits.items() if waiting == kind)

    return {
        Kind(kind): Counts(**line, held=total(held, kind), paused=total(paused, kind))
        for kind, line in (saved or {}).items()
    }


def waits(standing: LaneStanding, state: RunState, *, whole: bool) -> tuple[Waits, Waits]:
    """What a run's holds and what its pauses keep back by now; ``whole`` where one of the holds
    keeps all of it back."""
    held = standing.by_school("held", whole=whole) if state in WAITING else {}
    return held, standing.by_school("paused", whole=whole)


def _by_school(waiting: Waits) -> dict[str | None, Waits]:
    found: dict[str | None, Waits] = {}
    for place, count in waiting.items():
        found.setdefault(place[0], {})[place] = count
    return found


def run_summary(connection: Connection, row: RunRow, now: datetime) -> RunSummary:
    """A run's line in a list."""
    hold_rows = holds.of_run(connection, row.id)
    undecided = [hold for hold in hold_rows if hold.state in UNDECIDED]
    whole = any(hold.whole_run for hold in undecided)
    state = state_now(row, now)
    standing = standing_of(connection, row.id, hold_rows, applied=False)
    return summary_of(row, state, len(undecided), *waits(standing, state, whole=whole))


def state_now(row: RunRow, now: datetime) -> RunState:
    """A run's state; one that has waited too long is over, also before anybody has noted it."""
    state = RunState(row.state)
    if state in WAITING and row.expires_at is not None and row.expires_at <= now:
        return RunState.EXPIRED
    return state


def summary_of(
    row: RunRow, state: RunState, open_holds: int, held: Waits, paused: Waits
) -> RunSummary:
    """A run's line from what is known of it."""
    return RunSummary(
        id=row.id,
        number=row.number,
        district=row.district,
        kind=RunKind(row.kind),
        state=state,
        created_at=row.created_at,
        finished_at=row.finished_at,
        created_by=row.created_by,
        counts=add_up(kind_counts(row.counts, held, paused).values()),
        open_holds=open_holds if state in WAITING else 0,
        findings_error=row.findings_error,
        findings_warning=row.findings_warning,
        message=row.message,
        snapshot=row.snapshot,
        preview=row.preview,
        accounts_wait=waits_for_list(row.account_basis),
        went_in=runs.went_in(row),
    )


def run_view(connection: Connection, home: Home, run: str, now: datetime) -> RunView:
    """A run with its preview; ``home`` has its district's file. Raises ``NotFound``."""
    row = runs.get(connection, run)
    names = names_around(connection, row)
    hold_rows = holds.of_run(connection, run)
    timezone = timezone_of(home, row.district) if hold_rows else "UTC"
    undecided = [hold for hold in hold_rows if hold.state in UNDECIDED]
    whole = any(hold.whole_run for hold in undecided)
    state = state_now(row, now)
    standing = standing_of(connection, run, hold_rows)
    held, paused = waits(standing, state, whole=whole)
    waiting: dict[Kind, dict[Verb, int]] = {}
    if state in WAITING or state in (RunState.APPLIED, RunState.NOOP):
        waiting = standing.by_kind("ready", "held", "paused", whole=whole)
    held_at, paused_at = _by_school(held), _by_school(paused)
    expectation = row.expectation or {}
    return RunView(
        summary=summary_of(row, state, len(undecided), held, paused),
        digest=row.digest,
        base_generation=row.base_generation,
        generation=row.expected_generation or 0,
        counts=kind_counts(row.counts, held, paused),
        schools=tuple(
            SchoolCounts(
                school,
                names.get(school, school or "the district"),
                kind_counts(kinds, held_at.get(school, {}), paused_at.get(school, {})),
            )
            for school, kinds in row.schools or ()
        ),
        consequences=_consequences(connection, home, row, undecided),
        holds=tuple(hold_view(connection, hold, row, names, timezone, now) for hold in hold_rows),
        applied=standing.by_kind("applied", whole=whole),
        waiting=waiting,
        pauses=tuple(sorted({lane.pause for lane in standing.lanes.values() if lane.pause})),
        findings=runs.load_findings(connection, run),
        findings_error=row.findings_error,
        findings_warning=row.findings_warning,
        timings=row.timings or {},
        reason=row.reason,
        undo_of=row.undo_of,
        students_incoming=expectation.get("students_incoming"),
        students_expected=expectation.get("students_expected"),
        expectation=expectation_view(connection, row, names, standing),
        facts=facts_told(connection, run),
        accounts=_accounts(connection, row, state, whole),
    )


def _consequences(
    connection: Connection, home: Home, row: RunRow, undecided: Sequence[HoldRow]
) -> dict[str, int]:
    found: dict[str, int] = row.consequences or {}
    if not (found and undecided):
        return found
    from rollbook.desk.notices_ahead import notices_ahead

    return found | {"notice": notices_ahead(connection, home, row, undecided)}


def _accounts(connection: Connection, row: RunRow, state: RunState, whole: bool) -> AccountCounts:
    if row.account_basis is None and row.kind != RunKind.PURGE:
        return NO_ACCOUNTS

    def found(lane: str | None) -> dict[AccountVerb, int]:
        condition = changesets.lane_condition(lane, whole) if lane else true()
        return account_changes.count_by(connection, row.id, condition)

    held = found("held") if state in WAITING else {}
    unread = waits_for_list(row.account_basis)
    return AccountCounts(found(None), found("applied"), held, found("paused"), unread)


def hold_view(
    connection: Connection,
    hold: HoldRow,
    run: RunRow,
    names: Mapping[str, str],
    timezone: str,
    now: datetime,
) -> HoldView:
    """A hold with everything that a decision about it needs; ``timezone`` is its district's."""
    state = HoldState(hold.state)
    if state in UNDECIDED and hold.expires_at <= now:
        state = HoldState.EXPIRED
    elif state is HoldState.SNOOZED and hold.snoozed_until <= now:
        state = HoldState.OPEN
    covers: dict[str, dict[str, int]] = hold.covers
    behind = sum(count for kinds in covers.values() for count in kinds.values())
    careful = hold.approvers > 1 or (
        hold.verb != Verb.ADD and not hold.whole_run and hold.percent >= CAREFUL_SHARE
    )
    known = state not in _NEVER_APPROVED
    given = shown_approvals(connection, hold, now, timezone) if known else []
    undecided = state in UNDECIDED
    missing = missing_at(connection, hold, run.digest, now, timezone) if undecided else 0
    return HoldView(
        id=hold.id,
        run=hold.run,
        district=hold.district,
        rule=hold.rule,
        title=hold.title,
        kind=Kind(hold.kind) if hold.kind else None,
        verb=Verb(hold.verb) if hold.verb else None,
        school=hold.school,
        school_name=names.get(hold.school, hold.school or ""),
        role=RoleGroup(hold.role) if hold.role else None,
        count=hold.records,
        base=hold.base,
        percent=hold.percent,
        why=hold.why,
        cause=hold.cause,
        whole_run=hold.whole_run,
        covers=covers,
        waiting=_all_changes(connection, run)
        if hold.whole_run and hold.rule not in ACCOUNT_RULES
        else behind,
        rung=2 if careful else 1,
        state=state,
        digest=run.digest,
        generation=run.expected_generation,
        created_at=hold.created_at,
        expires_at=hold.expires_at,
        snoozed_until=hold.snoozed_until,
        decided_at=hold.decided_at,
        decided_by=hold.decided_by,
        reason=hold.reason,
        approvers=max(hold.approvers, len(given) + missing if given and missing else 0),
        approvals=tuple(
            ApprovalView(
                who=row.who,
                at=row.at,
                expires_at=row.expires_at,
                reason=row.reason,
                relink=row.hold == hold.id and row.digest != run.digest,
            )
            for row in given
        ),
        missing=missing,
        single_operator=hold.single_operator,
        relinkable=undecided and hold.rule == RELINKED_RULE,
        carried_from=hold.carried_from,
        of_accounts=hold.rule in ACCOUNT_RULES,
    )


_NEVER_APPROVED = frozenset({HoldState.REJECTED, HoldState.SUPERSEDED, HoldState.EXPIRED})


def _all_changes(connection: Connection, run: RunRow) -> int:
    """Changes of a run that neither have gone in nor wait for a pause."""
    return changesets.count(connection, run.id, changesets.lane_condition("held", True))


def pause_view(
    pause: PauseRow, names: Mapping[str, str], timezone: str, now: datetime
) -> PauseView:
    """A pause, with what it does in words."""
    today = local_date(now, timezone)
    return PauseView(
        id=pause.id,
        district=pause.district,
        school=pause.school,
        school_name=names.get(pause.school, pause.school or ""),
        kinds=tuple(Kind(kind) for kind in pause.kinds),
        verbs=tuple(Verb(verb) for verb in pause.verbs),
        roles=tuple(RoleGroup(role) for role in pause.roles),
        starts=datetime.fromisoformat(pause.starts).date(),
        ends=datetime.fromisoformat(pause.ends).date() if pause.ends else None,
        preset=pause.preset,
        reason=pause.reason,
        created_by=pause.created_by,
        created_at=pause.created_at,
        resumed_at=pause.resumed_at,
        resumed_by=pause.resumed_by,
        active=is_active(pause, today),
        words=pause_words(pause, names),
        until_ready=pause.until == pauses.UNTIL_READY,
    )


def pause_words(pause: PauseRow, names: Mapping[str, str]) -> str:
    """``removals of enrollment at Lincoln, from 2026-06-05 to 2026-08-10``."""
    what = _PRESET_WORDS.get(pause.preset or "") or _scope_words(pause)
    if pause.school:
        what += f" at {names.get(pause.school, pause.school)}"
    until = f" to {pause.ends}" if pause.ends else " until resumed"
    if pause.until == pauses.UNTIL_READY:
        latest = f", {pause.ends} at the latest" if pause.ends else ""
        until = f" until the roll-up is done{latest}"
    return f"{what}, from {pause.starts}{until}"


_PRESET_WORDS = {
    "summer": "everything but guardians and their links",
    "blackout": "everything",
    "additions-only": "updates and removals",
}


def _scope_words(pause: PauseRow) -> str:
    verbs = {"add": "additions", "update": "updates", "remove": "removals"}
    what = " and ".join(verbs[verb] for verb in pause.verbs) or "everything"
    if pause.kinds:
        what += f" of {', '.join(kind.replace('_', ' ') for kind in pause.kinds)}"
    if pause.roles:
        people = {"student": "students", "staff": "staff", "guardian": "guardians"}
        what += f", of people only {' and '.join(people[role] for role in pause.roles)}"
    return what


def active_pauses(
    connection: Connection, district: str, timezone: str, now: datetime
) -> list[PauseRow]:
    """The pauses that are in force now."""
    today = local_date(now, timezone)
    return [p for p in pauses.of_district(connection, district) if is_active(p, today)]
