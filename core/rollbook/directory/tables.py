"""The tables of the store, as SQLAlchemy Core sees them.

One typed table per kind of record; records are never deleted but marked with the generation in
which they left (``removed_in``). ``version`` counts a record's writes and guards every update.
``fingerprint`` is the hash of the source line that says just what the record holds, where there is
such a line; whatever writes a record takes it away. The applied rows of ``changes`` are the
journal.

The tables are made by the migrations. The conditions of partial indexes hold on PostgreSQL as well;
to say so here would load its dialect wherever a table is named.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from rollbook.directory.column_types import UtcDateTime
from rollbook.roster.kinds import SHAPES, FieldType, Kind
from rollbook.roster.records import EXTENSIONS

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RECORD_TABLE_NAMES: dict[Kind, str] = {
    Kind.ORG: "orgs",
    Kind.ACADEMIC_SESSION: "academic_sessions",
    Kind.COURSE: "courses",
    Kind.CLASS: "classes",
    Kind.USER: "users",
    Kind.ROLE: "roles",
    Kind.ENROLLMENT: "enrollments",
    Kind.GUARDIAN: "guardians",
    Kind.DEMOGRAPHICS: "demographics",
}


def _json() -> JSON:
    return JSON(none_as_null=True)


def _row_number() -> BigInteger:
    """SQLite numbers rows by itself only where the type is called INTEGER."""
    return BigInteger().with_variant(Integer, "sqlite")


def _record_table(kind: Kind) -> Table:
    fields: list[Column[object]] = []
    for name, field_type in SHAPES[kind].fields.items():
        match field_type:
            case FieldType.FLAG:
                fields.append(Column(name, Boolean))
            case FieldType.LIST:
                fields.append(Column(name, _json()))
            case _:
                fields.append(Column(name, Text))
    return Table(
        RECORD_TABLE_NAMES[kind],
        metadata,
        Column("row", _row_number(), primary_key=True),
        Column("district", Text, nullable=False),
        Column("id", Text, nullable=False),
        *fields,
        Column(EXTENSIONS, _json()),
        Column("version", Integer, nullable=False),
        Column("removed_in", Integer),
        Column("merged_into", Text),
        Column("fingerprint", BigInteger),
        Column("noted", Integer),
        UniqueConstraint("district", "id"),
    )


RECORD_TABLES: dict[Kind, Table] = {kind: _record_table(kind) for kind in Kind}

for _table in RECORD_TABLES.values():
    Index(
        f"ix_{_table.name}_unmarked",
        _table.c.district,
        sqlite_where=text("fingerprint IS NULL AND removed_in IS NULL"),
    )

Index(
    "ix_enrollments_user",
    RECORD_TABLES[Kind.ENROLLMENT].c.district,
    RECORD_TABLES[Kind.ENROLLMENT].c.user_id,
)
Index(
    "ix_enrollments_class",
    RECORD_TABLES[Kind.ENROLLMENT].c.district,
    RECORD_TABLES[Kind.ENROLLMENT].c.class_id,
)
Index(
    "ix_roles_user",
    RECORD_TABLES[Kind.ROLE].c.district,
    RECORD_TABLES[Kind.ROLE].c.user_id,
)
Index(
    "ix_guardians_student",
    RECORD_TABLES[Kind.GUARDIAN].c.district,
    RECORD_TABLES[Kind.GUARDIAN].c.student_id,
)
Index(
    "ix_guardians_guardian",
    RECORD_TABLES[Kind.GUARDIAN].c.district,
    RECORD_TABLES[Kind.GUARDIAN].c.guardian_id,
)

districts = Table(
    "districts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("policy_revision", Text),
    Column("duplicates", Integer),
    Column("created_at", UtcDateTime, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("district", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("files", _json(), nullable=False),
    Column("sizes", _json()),
    Column("quick", _json()),
    Column("rows", _json()),
    Column("accepted", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("district", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("snapshot", Text),
    Column("preview", Boolean, nullable=False),
    Column("policy_revision", Text),
    Column("digest", Text),
    Column("base_generation", Integer),
    Column("expected_generation", Integer),
    Column("counts", _json()),
    Column("schools", _json()),
    Column("consequences", _json()),
    Column("account_basis", Text),
    Column("expectation", _json()),
    Column("findings_error", Integer, nullable=False),
    Column("findings_warning", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("undo_of", Text),
    Column("timings", _json()),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("applied_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    UniqueConstraint("district", "number"),
)
Index(
    "uq_runs_applying",
    runs.c.district,
    unique=True,
    sqlite_where=text("state = 'APPLYING'"),
)
Index("ix_runs_created", runs.c.created_at)

findings = Table(
    "findings",
    metadata,
    Column("run", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("severity", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("file", Text),
    Column("line", Integer),
    Column("field", Text),
    Column("kind", Text),
    Column("record_id", Text),
    Column("rows", Integer, nullable=False),
    ForeignKeyConstraint(["run"], ["runs.id"]),
)

changes = Table(
    "changes",
    metadata,
    Column("run", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("lane", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("school", Text),
    Column("role", Text),
    Column("label", Text, nullable=False),
    Column("before", _json()),
    Column("after", _json()),
    Column("before_version", Integer),
    Column("merged_into", Text),
    Column("fingerprint", BigInteger),
    Column("noted", Integer),
    ForeignKeyConstraint(["run"], ["runs.id"]),
)

lanes = Table(
    "lanes",
    metadata,
    Column("run", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("pause", Text),
    Column("applied_in", Integer),
    Column("applied_at", UtcDateTime),
    Column("plan", Text),
    ForeignKeyConstraint(["run"], ["runs.id"]),
)
Index("ix_lanes_applied_at", lanes.c.applied_at)
Index("ix_lanes_plan", lanes.c.plan, sqlite_where=text("plan IS NOT NULL"))

lane_holds = Table(
    "lane_holds",
    metadata,
    Column("run", Text, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("hold", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    ForeignKeyConstraint(["run", "lane"], ["lanes.run", "lanes.number"]),
    ForeignKeyConstraint(["hold"], ["holds.id"]),
)
Index("ix_lane_holds_hold", lane_holds.c.hold)

lane_counts = Table(
    "lane_counts",
    metadata,
    Column("run", Text, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("verb", Text, primary_key=True),
    Column("school", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("takes_away", Boolean, primary_key=True),
    Column("changes", Integer, nullable=False),
    ForeignKeyConstraint(["run", "lane"], ["lanes.run", "lanes.number"]),
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("run", Text, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("fingerprint", BigInteger, nullable=False),
    Column("noted", Integer),
    ForeignKeyConstraint(["run", "lane"], ["lanes.run", "lanes.number"]),
)

student_facts = Table(
    "student_facts",
    metadata,
    Column("district", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("school_year", Text, primary_key=True),
    Column("student_id", Text, primary_key=True),
    Column("entries", _json(), nullable=False),
    Column("digest", BigInteger, nullable=False),
)
Index("ix_student_facts_student", student_facts.c.district, student_facts.c.student_id)

student_fact_changes = Table(
    "student_fact_changes",
    metadata,
    Column("run", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("school_year", Text, nullable=False),
    Column("student_id", Text, nullable=False),
    Column("before", _json(), nullable=False),
    Column("after", _json(), nullable=False),
    Column("before_digest", BigInteger, nullable=False),
    Column("digest", BigInteger, nullable=False),
    Column("applied_in", Integer),
    ForeignKeyConstraint(["run"], ["runs.id"]),
)

fingerprint_formats = Table(
    "fingerprint_formats",
    metadata,
    Column("district", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("format", Text, nullable=False),
    Column("note_sets", _json(), nullable=False),
    Column("secrets", Boolean, nullable=False),
)

tallies = Table(
    "tallies",
    metadata,
    Column("district", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("school", Text, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("records", Integer, nullable=False),
)

fingerprint_bases = Table(
    "fingerprint_bases",
    metadata,
    Column("district", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("gone", LargeBinary, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("rows", LargeBinary, nullable=False),
    Column("noted", LargeBinary, nullable=False),
)

holds = Table(
    "holds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("run", Text, nullable=False),
    Column("district", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text),
    Column("verb", Text),
    Column("school", Text),
    Column("role", Text),
    Column("records", Integer, nullable=False),
    Column("base", Integer, nullable=False),
    Column("percent", Float, nullable=False),
    Column("why", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("whole_run", Boolean, nullable=False),
    Column("approvers", Integer, nullable=False, server_default=text("1")),
    Column("single_operator", Boolean, nullable=False, server_default=false()),
    Column("carried_from", Text),
    Column("covers", _json(), nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("snoozed_until", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("decided_by", Text),
    Column("reason", Text),
    ForeignKeyConstraint(["run"], ["runs.id"]),
)
Index("ix_holds_run", holds.c.run)
Index("ix_holds_state", holds.c.state)

approvals = Table(
    "approvals",
    metadata,
    Column("hold", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("confirmed", Integer, nullable=False),
    Column("times", Integer, nullable=False, server_default=text("1")),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("consumed_in", Integer),
    ForeignKeyConstraint(["hold"], ["holds.id"]),
)

losses = Table(
    "losses",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("district", Text, nullable=False),
    Column("run", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("school", Text),
    Column("role", Text),
    Column("taken", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["run"], ["runs.id"]),
)
Index("ix_losses_district", losses.c.district, losses.c.at)

policy_changes = Table(
    "policy_changes",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("district", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("seen_by", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)
Index("ix_policy_changes_district", policy_changes.c.district)

pauses = Table(
    "pauses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("district", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("school", Text),
    Column("kinds", _json(), nullable=False),
    Column("verbs", _json(), nullable=False),
    Column("roles", _json(), nullable=False),
    Column("starts", Text, nullable=False),
    Column("ends", Text),
    Column("preset", Text),
    Column("reason", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("resumed_at", UtcDateTime),
    Column("resumed_by", Text),
    Column("until", Text),
    UniqueConstraint("district", "number"),
)

expected_plans = Table(
    "expected_plans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("district", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("starts", Text, nullable=False),
    Column("ends", Text, nullable=False),
    Column("announced", _json(), nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("agreed_by", Text),
    Column("agreed_at", UtcDateTime),
    Column("ended_by", Text),
    Column("ended_at", UtcDateTime),
    UniqueConstraint("district", "number"),
)

merges = Table(
    "merges",
    metadata,
    Column("id", Text, primary_key=True),
    Column("district", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("keep", Text, nullable=False),
    Column("lose", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("from_lose", _json(), nullable=False),
    Column("run", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("split_run", Text),
    UniqueConstraint("district", "number"),
)
Index(
    "uq_merges_active_lose",
    merges.c.district,
    merges.c.lose,
    unique=True,
    sqlite_where=text("state = 'ACTIVE'"),
)

distinct_pairs = Table(
    "distinct_pairs",
    metadata,
    Column("district", Text, primary_key=True),
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
)

checklist_ticks = Table(
    "checklist_ticks",
    metadata,
    Column("district", Text, primary_key=True),
    Column("checklist", Text, primary_key=True),
    Column("school_year", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("done", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

grade_years = Table(
    "grade_years",
    metadata,
    Column("district", Text, primary_key=True),
    Column("school_year", Integer, nullable=False),
    Column("since", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("rolled_up", Text),
    Column("roll_up", Text),
    Column("lagging", _json()),
    Column("unenrolled", _json()),
    Column("sessions", _json()),
)

former_students = Table(
    "former_students",
    metadata,
    Column("district", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("was_there", Boolean, nullable=False),
    Column("school", Text, nullable=False),
    Column("grades", Text, nullable=False),
)

grade_moves = Table(
    "grade_moves",
    metadata,
    Column("district", Text, primary_key=True),
    Column("was_there", Boolean, primary_key=True),
    Column("was_school", Text, primary_key=True),
    Column("was_grades", Text, primary_key=True),
    Column("is_there", Boolean, primary_key=True),
    Column("school", Text, primary_key=True),
    Column("grades", Text, primary_key=True),
    Column("students", Integer, nullable=False),
)

services = Table(
    "services",
    metadata,
    Column("id", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("stopped_at", UtcDateTime),
)

schedules = Table(
    "schedules",
    metadata,
    Column("district", Text, primary_key=True),
    Column("revision", Text, nullable=False),
    Column("done_until", UtcDateTime, nullable=False),
    Column("arrival", Text),
)

slots = Table(
    "slots",
    metadata,
    Column("district", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("claimed_at", UtcDateTime, nullable=False),
    Column("again_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("run", Text),
    Column("message", Text, nullable=False),
)
Index("ix_slots_state", slots.c.state)

voided_approvals = Table(
    "voided_approvals",
    metadata,
    Column("hold", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("voided_at", UtcDateTime, nullable=False),
    Column("why", Text, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("district", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("quiet_until", UtcDateTime),
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("district", Text),
    Column("event", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("facts", _json(), nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("service", Text),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("message", Text, nullable=False),
    UniqueConstraint("key", "channel"),
)
Index("ix_notices_state", notices.c.state, notices.c.next_at)
Index("ix_notices_district", notices.c.district)

audit_readers = Table(
    "audit_readers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("district", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("email", Text),
    Column("ou", Text),
    Column("groups", _json(), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("suspend_on", Text),
    Column("delete_on", Text),
    Column("password_due", Boolean, nullable=False),
    Column("changed_in", Text, nullable=False),
    UniqueConstraint("district", "person"),
)
Index(
    "ix_accounts_suspend_on",
    accounts.c.district,
    accounts.c.suspend_on,
    sqlite_where=text("suspend_on IS NOT NULL"),
)
Index(
    "ix_accounts_delete_on",
    accounts.c.district,
    accounts.c.delete_on,
    sqlite_where=text("delete_on IS NOT NULL"),
)

account_names = Table(
    "account_names",
    metadata,
    Column("district", Text, primary_key=True),
    Column("namespace", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("run", Text, nullable=False),
)
Index("ix_account_names_account", account_names.c.district, account_names.c.account)

account_changes = Table(
    "account_changes",
    metadata,
    Column("run", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("lane", Integer, nullable=False),
    Column("verb", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("school", Text),
    Column("label", Text, nullable=False),
    Column("before", _json()),
    Column("after", _json(), nullable=False),
    ForeignKeyConstraint(["run"], ["runs.id"]),
)
Index("ix_account_changes_account", account_changes.c.account)

account_counts = Table(
    "account_counts",
    metadata,
    Column("run", Text, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("verb", Text, primary_key=True),
    Column("changes", Integer, nullable=False),
    Column("adding_up", Integer, nullable=False, server_default=text("0")),
    ForeignKeyConstraint(["run", "lane"], ["lanes.run", "lanes.number"]),
)

account_bases = Table(
    "account_bases",
    metadata,
    Column("district", Text, primary_key=True),
    Column("seed", Text, nullable=False),
    Column("basis", Text),
)

account_waiting = Table(
    "account_waiting",
    metadata,
    Column("district", Text, primary_key=True),
    Column("person", Text, primary_key=True),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("district", Text),
    Column("subject", Text),
    Column("body", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
Index("ix_audit_district", audit.c.district)

KEPT_FOR_EVER = ("audit", "account_changes", "account_names")
"""Tables whose rows the database itself refuses to change or delete."""

NEVER_DELETED = ("accounts", *RECORD_TABLE_NAMES.values())
"""Tables whose rows the database itself refuses to delete."""
