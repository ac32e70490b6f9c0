"""Walking a district through its checklists."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import find_district
from rollbook.config.locations import SftpAddress
from rollbook.config.sources import FileSource
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import pause_words
from rollbook.desk.schedules import is_scheduled
from rollbook.desk.seasons import year_facts
from rollbook.desk.views import ChecklistSummary, ChecklistView, StepState, StepView
from rollbook.directory import expected_plans, holds, pauses, runs, ticks
from rollbook.directory.records import count_students, school_names
from rollbook.directory.ticks import TickRow
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.people.noted import noted_duplicates
from rollbook.rollover.checklist import Checklist, Family, Step, family_of, judge_step
from rollbook.rollover.checklists import CHECKLISTS, find
from rollbook.rollover.facts import Facts, gather
from rollbook.rollover.periods import BLACKOUT_LOOKED_AFTER
from rollbook.rollover.steps import Standing
from rollbook.roster.kinds import Kind
from rollbook.roster.states import UNDER_WAY, RunKind
from rollbook.runs.pauses import is_active, local_date


def checklists(desk: Desk, district_id: str) -> tuple[ChecklistSummary, ...]:
    """How far each checklist of a district is."""
    district = find_district(desk.home, district_id)
    with desk.store.read() as connection:
        return summaries(connection, district, desk.clock())


def checklist(desk: Desk, district_id: str, name: str) -> ChecklistView:
    """A checklist with its steps as they stand. Raises ``NotFound``."""
    district = find_district(desk.home, district_id)
    with desk.store.read() as connection:
        now = desk.clock()
        return _view(connection, district, find(name), _facts(connection, district, now))


def tick(
    desk: Desk, district_id: str, name: str, step: str, *, note: str = "", done: bool = True
) -> ChecklistView:
    """Tick a step by hand, or with ``done=False`` untick it.

    Raises ``ConfigInvalid`` for a step that ticks itself, ``NotFound`` for one that is not there,
    and ``Stale`` where somebody else has ticked it.
    """
    actor = desk.actor()
    district = find_district(desk.home, district_id)
    wanted = find(name)
    found = _find_step(district, wanted, step)
    if found.rule is not None:
        raise ConfigInvalid(
            f"step {step!r} ticks itself from the data.", remedy="A note may be put on it."
        )
    with desk.store.write() as connection:
        facts = _facts(connection, district, actor.at)
        period = wanted.period(facts)
        ticks.set_tick(connection, actor, district.id, name, period, step, done=done, note=note)
        return _view(connection, district, wanted, facts)


def put_note(desk: Desk, district_id: str, name: str, step: str, note: str) -> ChecklistView:
    """Put a note on any step; how it stands stays what it is. A blank one takes the note away.

    Raises ``NotFound`` for a step that is not there.
    """
    actor = desk.actor()
    district = find_district(desk.home, district_id)
    wanted = find(name)
    _find_step(district, wanted, step)
    with desk.store.write() as connection:
        facts = _facts(connection, district, actor.at)
        period = wanted.period(facts)
        ticks.put_note(connection, actor, district.id, name, period, step, note)
        return _view(connection, district, wanted, facts)


def _find_step(district: District, checklist: Checklist, step: str) -> Step:
    steps = checklist.steps_for(_family(district))
    found = next((s for s in steps if s.id == step), None)
    if found is None:
        raise NotFound(
            f"checklist {checklist.name} has no step {step!r}.",
            remedy=f"Its steps: {', '.join(s.id for s in steps)}.",
        )
    return found


def summaries(
    connection: Connection, district: District, now: datetime
) -> tuple[ChecklistSummary, ...]:
    """How far each checklist is, in the caller's transaction."""
    facts = _facts(connection, district, now)
    return tuple(_view(connection, district, c, facts).summary for c in CHECKLISTS)


def _facts(connection: Connection, district: District, now: datetime) -> Facts:
    today = local_date(now, district.timezone)
    names = school_names(connection, district.id)
    in_force_or_planned = [
        (pause_words(row, names), is_active(row, today))
        for row in pauses.of_district(connection, district.id)
        if row.resumed_at is None and (is_active(row, today) or row.starts > today.isoformat())
    ]
    syncs = [
        row
        for row in runs.newest(connection, district.id)
        if row.kind == RunKind.SYNC and row.state not in UNDER_WAY
    ]
    newest = syncs[0] if syncs else None
    users = ((newest.counts if newest else None) or {}).get(Kind.USER, {})
    waiting = [
        row for row in holds.listed(connection, district.id, decided=False) if row.expires_at > now
    ]
    classes = gather(connection, district.id)
    return Facts(
        today=today,
        year=year_facts(connection, district, now),
        source_type=district.source.type,
        students=count_students(connection, district.id),
        students_expected=district.expected.students,
        schools_without_enrollments=classes.without_enrollments,
        schools=classes.schools,
        classes=classes.classes,
        classes_without_teacher=classes.without_teacher,
        open_holds=len(waiting),
        pauses=tuple(in_force_or_planned),
        duplicates=noted_duplicates(connection, district.id),
        run_state=newest.state if newest else None,
        run_message=newest.message if newest else "",
        run_findings=newest.findings_error if newest else 0,
        applied_runs=sum(runs.went_in(row) for row in syncs),
        run_read=newest is not None and newest.snapshot is not None,
        run_as_configured=newest is None
        or newest.policy_revision in (None, district.policy_revision()),
        rules=frozenset(row.rule for row in waiting),
        plan=_plan(connection, district.id, today),
        scheduled=is_scheduled(district),
        blackout=_blackout(district, today),
        users_gone=users.get("remove", 0),
        users_new=users.get("add", 0),
    )


def _plan(connection: Connection, district: str, today: date) -> str:
    """The plan that is in force, or agreed for later, in words."""
    for row in expected_plans.of_district(connection, district):
        agreed = row.agreed_at is not None and row.ended_at is None
        if agreed and row.ends >= today.isoformat():
            return f"{row.id}, from {row.starts} to {row.ends}"
    return ""


def _blackout(district: District, today: date) -> tuple[str, date, date] | None:
    """The blackout of today, else one that has just ended, else the next one."""
    known = [b for b in district.calendar.blackouts if b.ends >= today - BLACKOUT_LOOKED_AFTER]
    first = min(known, key=lambda b: (not b.starts <= today <= b.ends, b.starts), default=None)
    return (first.name or "blackout", first.starts, first.ends) if first else None


def _family(district: District) -> Family:
    source = district.source
    on_sftp = isinstance(source, FileSource) and isinstance(source.path, SftpAddress)
    return family_of(source.type, on_sftp)


def _view(
    connection: Connection, district: District, checklist: Checklist, facts: Facts
) -> ChecklistView:
    period, family = checklist.period(facts), _family(district)
    ticked = ticks.of_checklist(connection, district.id, checklist.name, period)
    steps = tuple(
        _step(step, family, facts, ticked.get(step.id)) for step in checklist.steps_for(family)
    )
    to_do = [step for step in steps if step.state is not StepState.DONE]
    return ChecklistView(
        summary=ChecklistSummary(
            district=district.id,
            name=checklist.name,
            title=checklist.title,
            done=len(steps) - len(to_do),
            total=len(steps),
            next_step=to_do[0].title if to_do else None,
            due=checklist.due(facts),
        ),
        intro=checklist.intro,
        steps=steps,
        period=period,
        source=str(family),
    )


def _step(step: Step, family: Family, facts: Facts, row: TickRow | None) -> StepView:
    verdict = judge_step(step, facts, bool(row and row.done))
    blocked = verdict.standing is Standing.BLOCKED
    return StepView(
        id=step.id,
        title=step.title,
        help=step.help_for(family),
        automatic=step.rule is not None,
        state=StepState(verdict.standing),
        evidence=verdict.evidence,
        done_by=row.who if row and row.done else None,
        done_at=row.at if row and row.done else None,
        note=row.note if row else None,
        blocker=verdict.evidence if blocked else "",
        noted_by=row.who if row else None,
        noted_at=row.at if row else None,
    )
