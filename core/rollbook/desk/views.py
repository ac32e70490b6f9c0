"""What the desk shows: frozen dataclasses that the console draws and the command prints.

Times are aware and in UTC. Counts are of records. Names in ``label`` fields are untrusted text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from rollbook.desk.account_counts import NO_ACCOUNTS, AccountCounts
from rollbook.desk.fact_views import FactsTold, StudentFacts, Topic
from rollbook.desk.hold_reason import HoldReason
from rollbook.desk.plan_views import ExpectationView
from rollbook.rollover.season import Season
from rollbook.roster.changes import Verb
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values
from rollbook.roster.states import HoldState, MergeState, RunKind, RunState

__all__ = [
    "ApprovalView",
    "AuditEntry",
    "AuditVerdict",
    "ChangeFilter",
    "ChangeRow",
    "Check",
    "ChecklistSummary",
    "ChecklistView",
    "Counts",
    "DistrictDetail",
    "DistrictState",
    "DistrictSummary",
    "DuplicatePair",
    "ExpectationView",
    "Finding",
    "HoldState",
    "HoldView",
    "Kind",
    "Lane",
    "MergeFieldView",
    "MergePreview",
    "MergeState",
    "MergeView",
    "PauseScope",
    "PauseView",
    "PersonView",
    "Progress",
    "RelinkView",
    "RoleGroup",
    "RunKind",
    "RunState",
    "RunSummary",
    "RunView",
    "SchoolCounts",
    "Season",
    "Severity",
    "SourceHealth",
    "SourceState",
    "StepState",
    "StepView",
    "Values",
    "Verb",
]


@dataclass(frozen=True, slots=True)
class Counts:
    """One kind's line in a preview.

    ``unknown`` are records that are not in the input but cannot be called absent. ``held``
    wait for a decision, ``paused`` for a pause to end; both are also part of add, update and
    remove.
    """

    before: int = 0
    incoming: int = 0
    add: int = 0
    update: int = 0
    remove: int = 0
    unknown: int = 0
    held: int = 0
    paused: int = 0


@dataclass(frozen=True, slots=True)
class SchoolCounts:
    """A school's lines in a preview; ``school`` is ``None`` for what belongs to no school."""

    school: str | None
    name: str
    kinds: dict[Kind, Counts]


class Lane(StrEnum):
    """What becomes of a change: goes, has gone, waits for a decision, waits for a pause, or was
    turned down."""

    READY = "ready"
    APPLIED = "applied"
    HELD = "held"
    PAUSED = "paused"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of a change list. ``before``/``after`` as in ``rollbook.roster.changes.Change``."""

    seq: int
    kind: Kind
    verb: Verb
    id: str
    school: str | None
    school_name: str
    label: str
    before: Values | None
    after: Values | None
    lane: Lane
    hold: str | None


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes to list; ``search`` looks in label and id, without regard to case."""

    kind: Kind | None = None
    verb: Verb | None = None
    school: str | None = None
    search: str | None = None
    hold: str | None = None
    lane: Lane | None = None


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """One operator's word on a hold; ``relink`` says that it was for re-linking."""

    who: str
    at: datetime
    expires_at: datetime
    reason: str
    relink: bool


@dataclass(frozen=True, slots=True)
class HoldView(HoldReason):
    """A hold: why, how much, and what a decision must name.

    ``count`` is the number that an approval confirms; ``covers`` everything that waits with it,
    verb and kind to count. ``rung`` is 1 for yes/no and 2 where the number must be typed.
    ``missing`` is how many still have to agree; with ``single_operator`` one may agree twice.
    ``relinkable`` says that re-linking is offered beside approving, ``carried_from`` names the
    overtaken hold whose approvals count for this one. ``of_accounts`` says that it keeps account
    changes back, not records: these are listed by ``account_lists``.
    """

    id: str
    run: str
    district: str
    covers: dict[str, dict[str, int]]
    waiting: int
    rung: int
    state: HoldState
    digest: str
    generation: int
    created_at: datetime
    expires_at: datetime
    snoozed_until: datetime | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    approvals: tuple[ApprovalView, ...] = ()
    missing: int = 1
    single_operator: bool = False
    relinkable: bool = False
    carried_from: str | None = None
    of_accounts: bool = False


@dataclass(frozen=True, slots=True)
class RelinkView:
    """A plan to re-link what a hold says comes back under new ids, before it is carried out.

    ``count`` is the number to confirm; ``linked`` counts by kind, what belongs to people and
    classes included. ``doubtful`` come back too, but fit more than one record: they are not linked.
    ``pairs`` are (kind, old id, new id) of people, courses and classes.
    """

    hold: str
    run: str
    digest: str
    count: int
    doubtful: int
    linked: dict[Kind, int]
    pairs: tuple[tuple[Kind, str, str], ...]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run's line in a list. ``counts`` adds the kinds up; ``accounts_wait`` says that no account
    was looked at, because the list beside the account policy could not be read; ``went_in`` that
    the directory was written, be it by a part of the run that was overtaken later."""

    id: str
    number: int
    district: str
    kind: RunKind
    state: RunState
    created_at: datetime
    finished_at: datetime | None
    created_by: str
    counts: Counts
    open_holds: int
    findings_error: int
    findings_warning: int
    message: str
    snapshot: str | None
    preview: bool
    accounts_wait: bool = False
    went_in: bool = False


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with its preview.

    ``applied`` and ``waiting`` count by kind and verb; ``students_expected`` is the operator's
    number of students beside the incoming one, where there is one, and ``expectation`` all that
    was expected, by school.
    ``accounts`` is empty without an account policy.
    """

    summary: RunSummary
    digest: str | None
    base_generation: int | None
    generation: int
    counts: dict[Kind, Counts]
    schools: tuple[SchoolCounts, ...]
    consequences: dict[str, int]
    holds: tuple[HoldView, ...]
    applied: dict[Kind, dict[Verb, int]]
    waiting: dict[Kind, dict[Verb, int]]
    pauses: tuple[str, ...]
    findings: tuple[Finding, ...]
    findings_error: int
    findings_warning: int
    timings: dict[str, float]
    reason: str
    undo_of: str | None
    students_incoming: int | None = None
    students_expected: int | None = None
    expectation: ExpectationView | None = None
    facts: Mapping[Topic, FactsTold] = field(default_factory=dict)
    accounts: AccountCounts = NO_ACCOUNTS


class DistrictState(StrEnum):
    """A district's state in one word, the most urgent first."""

    BROKEN = "broken"
    REFUSED = "refused"
    FAILED = "failed"
    HELD = "held"
    READY = "ready"
    SYNCING = "syncing"
    PAUSED = "paused"
    NEW = "new"
    CLEAN = "clean"


class SourceState(StrEnum):
    """How the newest attempt to read a source ended."""

    GOOD = "good"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a district's source is.

    ``where`` is without a password. ``pulled_at`` is the last time that it was read and found fit,
    with the ``rows`` that came and the ``seconds`` that fetching took; ``new_at`` is when that
    content first came. From ``expected_by`` on it is ``overdue``: judged by the rhythm of its
    newest pulls. ``failure`` says why the newest attempt, of ``tried_at``, failed and what to do.
    ``next_at`` is when a service reads it next, where its district has a schedule.
    """

    type: str
    where: str
    state: SourceState
    overdue: bool
    pulled_at: datetime | None
    expected_by: datetime | None
    rows: int | None
    seconds: float | None
    new_at: datetime | None
    tried_at: datetime | None
    failure: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DistrictSummary:
    """A district's line on the dashboard.

    ``held`` and ``paused`` count changes of the latest changeset that wait; ``additions_waiting``
    how many of these are adds. ``note`` says in words what the district waits for. ``source`` is
    ``None`` where the district's file cannot be read, ``season`` before the first run.
    """

    id: str
    name: str
    state: DistrictState
    note: str
    last_run: RunSummary | None
    last_applied_at: datetime | None
    open_holds: int
    held: int
    paused: int
    additions_waiting: int
    pauses: int
    students: int
    schools: int
    duplicates: int
    generation: int
    source_type: str
    source_path: str
    timezone: str
    source: SourceHealth | None
    season: Season | None = None


@dataclass(frozen=True, slots=True)
class DistrictDetail:
    """A district with its counts per kind and school (id, name, live records by kind)."""

    summary: DistrictSummary
    counts: dict[Kind, int]
    schools: tuple[tuple[str, str, dict[Kind, int]], ...]
    thresholds: dict[str, float]
    pauses: tuple[PauseView, ...]
    recent: tuple[RunSummary, ...]
    checklists: tuple[ChecklistSummary, ...]


@dataclass(frozen=True, slots=True)
class PauseScope:
    """What a pause keeps still; nothing named means all. ``roles`` narrow users and roles only."""

    kinds: tuple[Kind, ...] = ()
    verbs: tuple[Verb, ...] = ()
    roles: tuple[RoleGroup, ...] = ()


@dataclass(frozen=True, slots=True)
class PauseView:
    """A pause: what does nothing, and from when to when (dates inclusive, the district's zone).

    ``kinds``, ``verbs`` and ``roles`` are empty for all. ``active`` is true today, and only until
    resumed. One that is ``until_ready`` ends with the roll-up, at the latest after ``ends``.
    """

    id: str
    district: str
    school: str | None
    school_name: str
    kinds: tuple[Kind, ...]
    verbs: tuple[Verb, ...]
    roles: tuple[RoleGroup, ...]
    starts: date
    ends: date | None
    preset: str | None
    reason: str
    created_by: str
    created_at: datetime
    resumed_at: datetime | None
    resumed_by: str | None
    active: bool
    words: str
    until_ready: bool = False


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as the directory holds them. ``names`` of schools beside ids are for display.

    ``facts`` are a student's attendance and discipline, where any is known.
    """

    district: str
    id: str
    values: Values
    label: str
    roles: tuple[Values, ...]
    enrollments: tuple[tuple[str, Values, str], ...]
    guardians: tuple[tuple[str, str, str], ...]
    demographics: Values | None
    merged: tuple[str, ...]
    removed: bool
    version: int
    school_name: str
    facts: tuple[StudentFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two people who may be one; ``evidence`` says in words why, ``score`` is 0 to 1."""

    district: str
    a: str
    b: str
    label_a: str
    label_b: str
    score: float
    evidence: str
    role: RoleGroup
    suggested_keep: str


@dataclass(frozen=True, slots=True)
class MergeFieldView:
    """One field of the two people side by side; ``source`` is the one whose value survives."""

    field: str
    keep: str
    lose: str
    survivor: str
    source: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do, before it is done. ``token`` goes stale when either record changes."""

    district: str
    keep: PersonView
    lose: PersonView
    fields: tuple[MergeFieldView, ...]
    enrollments_moved: int
    enrollments_dropped: int
    guardians_moved: int
    roles_moved: int
    warnings: tuple[str, ...]
    token: str


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merge that was made."""

    id: str
    district: str
    keep: str
    lose: str
    label: str
    run: str
    state: MergeState
    created_at: datetime
    created_by: str
    reason: str


class StepState(StrEnum):
    """``done`` by a person or by the data, ``blocked`` by something that is named, or ``open``."""

    DONE = "done"
    OPEN = "open"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class StepView:
    """A step: what to do, how it stands, and the evidence. ``automatic`` ticks from the data.

    ``blocker`` says what is in the way, where something is. A note may stand on any step;
    ``noted_by`` and ``noted_at`` are of the note, or of the tick.
    """

    id: str
    title: str
    help: str
    automatic: bool
    state: StepState
    evidence: str
    done_by: str | None
    done_at: datetime | None
    note: str | None
    blocker: str = ""
    noted_by: str | None = None
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChecklistSummary:
    """How far a checklist is, and whether its time has come."""

    district: str
    name: str
    title: str
    done: int
    total: int
    next_step: str | None
    due: bool = False


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """A checklist with its steps in order, as a family of sources (``source``) has them.

    ``period`` names the time for which its ticks are good: a year, a term, a source.
    """

    summary: ChecklistSummary
    intro: str
    steps: tuple[StepView, ...]
    period: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One entry of the audit trail."""

    seq: int
    at: datetime
    who: str
    event: str
    district: str | None
    subject: str | None
    body: dict[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """Whether the chain holds; ``broken_at`` is the first entry that does not fit."""

    entries: int
    ok: bool
    broken_at: int | None
    head: str
    message: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a running sync is: a stage's name in words, and how far, where that is known."""

    district: str
    stage: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the doctor or of a district: ``ok``, what was found, and what to do.

    ``findings`` are those of the files that were read for it.
    """

    name: str
    ok: bool
    detail: str
    hint: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act did, in one sentence, with the run it made or touched."""

    message: str
    run: RunView | None = None
    details: dict[str, object] = field(default_factory=dict)
