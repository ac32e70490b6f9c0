"""The rows of runs, and the only ways in which a run changes its state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.bulk import insert_rows
from rollbook.directory.tables import districts, findings, holds, runs
from rollbook.errors import NotFound, Stale
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.states import UNDER_WAY, WAITING, HoldState, RunKind, RunState

RunRow = Row[Any]

_BY_ID = select(runs).where(runs.c.id == bindparam("run"))
_IN_STATES = (
    select(runs)
    .where(
        runs.c.district == bindparam("district"),
        runs.c.state.in_(bindparam("states", expanding=True)),
    )
    .order_by(runs.c.number)
)
_LAST_APPLIED_SYNC = (
    select(runs)
    .where(
        runs.c.district == bindparam("district"),
        runs.c.kind == RunKind.SYNC,
        runs.c.snapshot.is_not(None),
        runs.c.expected_generation > runs.c.base_generation,
    )
    .order_by(runs.c.number.desc())
    .limit(1)
)


def ensure_district(connection: Connection, district: str, at: datetime) -> None:
    """Make the district's row on its first appearance."""
    if connection.execute(select(districts.c.id).where(districts.c.id == district)).first() is None:
        connection.execute(
            insert(districts).values(id=district, generation=0, created_at=at, policy_revision=None)
        )


def policy_revision_of(connection: Connection, district: str) -> str | None:
    """The revision of the policy under which the directory was last written by a sync."""
    query = select(districts.c.policy_revision).where(districts.c.id == district)
    return connection.execute(query).scalar_one_or_none()


def set_policy_revision(connection: Connection, district: str, revision: str) -> None:
    """Remember the policy under which a sync was applied."""
    connection.execute(
        update(districts).where(districts.c.id == district).values(policy_revision=revision)
    )


def create(
    connection: Connection,
    actor: Actor,
    district: str,
    kind: RunKind,
    *,
    preview: bool = False,
    reason: str = "",
    undo_of: str | None = None,
) -> str:
    """A new run of a district in state FETCHING; returns its id, such as ``northfield.12``."""
    ensure_district(connection, district, actor.at)
    query = select(func.max(runs.c.number)).where(runs.c.district == district)
    number = (connection.execute(query).scalar_one() or 0) + 1
    run = f"{district}.{number}"
    connection.execute(
        insert(runs),
        {
            "id": run,
            "district": district,
            "number": number,
            "kind": kind,
            "state": RunState.FETCHING,
            "preview": preview,
            "reason": reason,
            "undo_of": undo_of,
            "message": "",
            "findings_error": 0,
            "findings_warning": 0,
            "created_by": actor.who,
            "created_at": actor.at,
        },
    )
    audit.write(
        connection,
        actor,
        "run.started",
        district=district,
        subject=run,
        body={"kind": kind, "preview": preview, "reason": reason, "undo_of": undo_of},
    )
    return run


def get(connection: Connection, run: str) -> RunRow:
    """A run's row. Raises ``NotFound``."""
    row = connection.execute(_BY_ID, {"run": run}).first()
    if row is None:
        raise NotFound(f"no run {run!r}.", remedy="`rollbook runs` lists them.")
    return row


def newest(
    connection: Connection, district: str | None = None, *, limit: int | None = None
) -> list[RunRow]:
    """Runs, newest first."""
    query = select(runs).order_by(runs.c.created_at.desc(), runs.c.number.desc()).limit(limit)
    if district is not None:
        query = query.where(runs.c.district == district)
    return list(connection.execute(query))


def newest_sync(
    connection: Connection, district: str, but: frozenset[RunState], *, previews: bool = True
) -> RunRow | None:
    """A district's newest sync that is not in one of some states, and not a quiet night's."""
    return connection.execute(_newest_sync(but, previews), {"district": district}).first()


@cache
def _newest_sync(but: frozenset[RunState], previews: bool) -> Select[Any]:
    query = (
        select(runs)
        .where(
            runs.c.district == bindparam("district"),
            runs.c.kind == RunKind.SYNC,
            runs.c.state.not_in(sorted(but)),
            or_(runs.c.state != RunState.NOOP, runs.c.snapshot.is_not(None)),
        )
        .order_by(runs.c.created_at.desc(), runs.c.number.desc())
        .limit(1)
    )
    return query if previews else query.where(runs.c.preview.is_(False))


def went_in(row: RunRow) -> bool:
    """Whether a run has written the directory, all of it or a part."""
    return row.expected_generation is not None and row.expected_generation > row.base_generation


def was_quiet(row: RunRow) -> bool:
    """Whether a run is a sync that found nothing new to read."""
    return row.kind == RunKind.SYNC and row.state == RunState.NOOP and row.snapshot is None


def expectation_around(
    connection: Connection, district: str, since: datetime, until: datetime
) -> dict[str, Any]:
    """What a district's newest compared sync between two times expected; empty without one."""
    query = (
        select(runs.c.expectation)
        .where(
            runs.c.district == district,
            runs.c.kind == RunKind.SYNC,
            runs.c.created_at >= since,
            runs.c.created_at < until,
            runs.c.expectation.is_not(None),
        )
        .order_by(runs.c.created_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() or {}


def in_states(connection: Connection, district: str, states: frozenset[RunState]) -> list[RunRow]:
    """A district's runs in any of the given states, oldest first."""
    found = connection.execute(_IN_STATES, {"district": district, "states": sorted(states)})
    return list(found)


def too_old(connection: Connection, at: datetime) -> list[RunRow]:
    """The runs of all districts that have waited for too long, oldest first."""
    query = select(runs).where(runs.c.state.in_(sorted(WAITING)), runs.c.expires_at <= at)
    return list(connection.execute(query.order_by(runs.c.created_at)))


def districts_in(connection: Connection, states: frozenset[RunState]) -> list[str]:
    """The districts that have a run in any of the given states."""
    query = select(runs.c.district).where(runs.c.state.in_(sorted(states))).distinct()
    return sorted(connection.execute(query).scalars())


def last_applied_sync(connection: Connection, district: str) -> RunRow | None:
    """The newest sync that wrote the directory; a part that still waits does not matter, nor what
    was due of accounts on a night on which nothing came."""
    return connection.execute(_LAST_APPLIED_SYNC, {"district": district}).first()


def was_overtaken(connection: Connection, district: str, since: datetime) -> bool:
    """Whether a sync that began after ``since`` wrote the directory, and nobody turned a part of
    it down."""
    turned_down = (
        select(holds.c.id).where(holds.c.run == runs.c.id, holds.c.state == HoldState.REJECTED)
    ).exists()
    query = select(runs.c.id).where(
        runs.c.district == district,
        runs.c.kind == RunKind.SYNC,
        runs.c.created_at > since,
        runs.c.expected_generation > runs.c.base_generation,
        ~turned_down,
    )
    return connection.execute(query.limit(1)).first() is not None


def newest_of(connection: Connection, district: str, snapshot: str) -> RunRow | None:
    """The newest run that a snapshot was compared for."""
    query = (
        select(runs)
        .where(runs.c.district == district, runs.c.snapshot == snapshot)
        .order_by(runs.c.number.desc())
    )
    return connection.execute(query.limit(1)).first()


def was_turned_down(connection: Connection, district: str, snapshot: str) -> bool:
    """Whether the changeset of a snapshot was rejected as a whole, which wants a reason."""
    last = newest_of(connection, district, snapshot)
    return last is not None and last.state == RunState.REJECTED and last.reason != ""


def last_applied(connection: Connection, district: str) -> str | None:
    """The run that wrote the directory last, of whatever kind."""
    query = (
        select(runs.c.id)
        .where(runs.c.district == district, runs.c.applied_at.is_not(None))
        .order_by(runs.c.expected_generation.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def move(
    connection: Connection,
    actor: Actor,
    run: RunRow,
    to: RunState,
    *,
    message: str | None = None,
    body: dict[str, object] | None = None,
    **values: object,
) -> RunRow:
    """Take a run from the state in which the caller saw it to another one, with an audit entry.

    Raises ``Stale`` when somebody was quicker.
    """
    if to not in UNDER_WAY | WAITING:
        values["finished_at"] = actor.at
    if message is not None:
        values["message"] = message
    moved = connection.execute(
        update(runs)
        .where(runs.c.id == run.id, runs.c.state == run.state)
        .values(state=to, **values)
        .returning(*runs.c)
    ).first()
    if moved is None:
        now = get(connection, run.id)
        raise Stale(
            f"run {run.id} is already {now.state}, {audit.by_whom(connection, run.id)}.",
            remedy="Look at it again.",
        )
    audit.write(
        connection,
        actor,
        f"run.{to.lower()}",
        district=run.district,
        subject=run.id,
        body={"from": run.state, **(body or {})},
    )
    return moved


_SAID = (
    *("severity", "code", "message", "remedy"),
    *("file", "line", "field", "kind", "record_id"),
)
"""What a finding says, by the names that it has in the store as well."""


def save_findings(connection: Connection, run: str, found: Sequence[Finding]) -> None:
    """Add findings to a run's, in their order, and count them by severity."""
    if not found:
        return
    # After the last one: of another run's, not all need be copied.
    query = select(func.coalesce(func.max(findings.c.seq) + 1, 0)).where(findings.c.run == run)
    start = connection.execute(query).scalar_one()
    rows = (
        (run, start + at, *(getattr(finding, name) for name in _SAID), finding.count)
        for at, finding in enumerate(found)
    )
    insert_rows(connection, findings, ("run", "seq", *_SAID, "rows"), rows)
    errors = sum(f.count for f in found if f.severity is Severity.ERROR)
    warnings = sum(f.count for f in found if f.severity is Severity.WARNING)
    connection.execute(
        update(runs)
        .where(runs.c.id == run)
        .values(
            findings_error=runs.c.findings_error + errors,
            findings_warning=runs.c.findings_warning + warnings,
        )
    )


def set_timings(connection: Connection, run: str, timings: dict[str, float]) -> None:
    """Keep how long each stage of a run took, in seconds."""
    connection.execute(update(runs).where(runs.c.id == run).values(timings=timings))


def copy_findings(connection: Connection, of: str, to: str, *, but: Collection[str]) -> None:
    """Give a run the findings of another one: the same input was read the same. Those of the
    codes ``but`` are not about the input itself."""
    names = [column.name for column in findings.columns if column.name != "run"]
    query = select(literal(to), *(findings.c[name] for name in names)).where(
        findings.c.run == of, findings.c.code.not_in(sorted(but))
    )
    connection.execute(insert(findings).from_select(["run", *names], query))
    counts = select(findings.c.severity, func.sum(findings.c.rows)).where(findings.c.run == to)
    found = {
        severity: int(count)
        for severity, count in connection.execute(counts.group_by(findings.c.severity))
    }
    connection.execute(
        update(runs)
        .where(runs.c.id == to)
        .values(
            findings_error=found.get(Severity.ERROR, 0),
            findings_warning=found.get(Severity.WARNING, 0),
        )
    )


def load_findings(connection: Connection, run: str) -> tuple[Finding, ...]:
    """A run's findings in the order in which they were made."""
    query = select(findings).where(findings.c.run == run).order_by(findings.c.seq)
    return tuple(
        Finding(
            severity=Severity(row.severity),
            code=row.code,
            message=row.message,
            remedy=row.remedy,
            file=row.file,
            line=row.line,
            field=row.field,
            kind=Kind(row.kind) if row.kind else None,
            record_id=row.record_id,
            count=row.rows,
        )
        for row in connection.execute(query)
    )
