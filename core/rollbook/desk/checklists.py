"""Walking a district through its checklists."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import find_district
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import pause_words
from rollbook.desk.views import ChecklistSummary, ChecklistView, StepState, StepView
from rollbook.directory import holds, pauses, runs, ticks
from rollbook.directory.records import school_names
from rollbook.directory.ticks import TickRow
from rollbook.errors import ConfigInvalid, NotFound
from rollbook.people.noted import noted_duplicates
from rollbook.rollover.checklists import CHECKLISTS, Checklist, Step, find, judge_step
from rollbook.rollover.facts import Facts, gather
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

    Raises ``ConfigInvalid`` for a step that ticks itself, ``NotFound`` for one that is not there.
    """
    actor = desk.actor()
    district = find_district(desk.home, district_id)
    wanted = find(name)
    found = next((s for s in wanted.steps if s.id == step), None)
    if found is None:
        raise NotFound(
            f"checklist {name} has no step {step!r}.",
            remedy=f"Its steps: {', '.join(s.id for s in wanted.steps)}.",
        )
    if found.rule is not None:
        raise ConfigInvalid(f"step {step!r} ticks itself from the data.", remedy=f"{found.help}")
    with desk.store.write() as connection:
        facts = _facts(connection, district, actor.at)
        ticks.set_tick(
            connection,
            actor,
            district.id,
            name,
            wanted.season(facts.today),
            step,
            done=done,
            note=note,
        )
        return _view(connection, district, wanted, facts)


def checklist_markdown(view: ChecklistView) -> str:
    """A checklist as a Markdown document."""
    lines = [
        f"# {view.summary.title}: {view.summary.district}",
        "",
        view.intro,
        "",
        f"{view.summary.done} of {view.summary.total} done.",
        "",
    ]
    for step in view.steps:
        box = "x" if step.state is StepState.DONE else " "
        word = " **(blocked)**" if step.state is StepState.BLOCKED else ""
        lines.append(f"- [{box}] {step.title}{word}")
        if step.evidence:
            lines.append(f"  {step.evidence}")
        if step.done_by and step.done_at:
            note = f": {step.note}" if step.note else ""
            lines.append(f"  {step.done_by}, {step.done_at:%Y-%m-%d %H:%M} UTC{note}")
    return "\n".join(lines) + "\n"


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
    return gather(
        connection,
        district.id,
        today,
        students_expected=district.expected.students,
        open_holds=sum(
            row.expires_at > now for row in holds.listed(connection, district.id, decided=False)
        ),
        pauses=in_force_or_planned,
        duplicates=noted_duplicates(connection, district.id),
        run_state=newest.state if newest else None,
        run_message=newest.message if newest else "",
        run_findings=newest.findings_error if newest else 0,
        applied_runs=sum(
            (row.expected_generation or 0) > (row.base_generation or 0) for row in syncs
        ),
    )


def _view(
    connection: Connection, district: District, checklist: Checklist, facts: Facts
) -> ChecklistView:
    ticked = ticks.of_checklist(
        connection, district.id, checklist.name, checklist.season(facts.today)
    )
    steps = tuple(_step(step, facts, ticked.get(step.id)) for step in checklist.steps)
    to_do = [step for step in steps if step.state is not StepState.DONE]
    return ChecklistView(
        summary=ChecklistSummary(
            district=district.id,
            name=checklist.name,
            title=checklist.title,
            done=len(steps) - len(to_do),
            total=len(steps),
            next_step=to_do[0].title if to_do else None,
        ),
        intro=checklist.intro,
        steps=steps,
    )


def _step(step: Step, facts: Facts, tick_row: TickRow | None) -> StepView:
    verdict = judge_step(step, facts, bool(tick_row and tick_row.done))
    return StepView(
        id=step.id,
        title=step.title,
        help=step.help,
        automatic=step.rule is not None,
        state=StepState(verdict.standing),
        evidence=verdict.evidence,
        done_by=tick_row.who if tick_row and tick_row.done else None,
        done_at=tick_row.at if tick_row and tick_row.done else None,
        note=tick_row.note if tick_row else None,
    )
