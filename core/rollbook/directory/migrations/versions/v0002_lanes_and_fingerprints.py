"""Lanes with their counts, the journal in the changes, fingerprints and tallies."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from rollbook.directory.column_types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RECORDS = (
    "orgs",
    "academic_sessions",
    "courses",
    "classes",
    "users",
    "roles",
    "enrollments",
    "guardians",
    "demographics",
)
_INDEXES = {
    "enrollments": {"ix_enrollments_user": "user_id", "ix_enrollments_class": "class_id"},
    "roles": {"ix_roles_user": "user_id"},
    "guardians": {"ix_guardians_student": "student_id", "ix_guardians_guardian": "guardian_id"},
}


def upgrade() -> None:
    """Carry over what is there; what a change waited for moves to its lane."""
    for table in _RECORDS:
        _number_rows(table)
        unmarked = sa.text("fingerprint IS NULL AND removed_in IS NULL")
        op.create_index(
            f"ix_{table}_unmarked",
            table,
            ["district"],
            sqlite_where=unmarked,
            postgresql_where=unmarked,
        )
    op.add_column("snapshots", sa.Column("sizes", sa.JSON(none_as_null=True)))
    _create_tables()
    _carry_changes_over()
    op.drop_table("journal")
    _guard()


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def _number_rows(table: str) -> None:
    """Give the records of a kind row numbers and room for fingerprints."""
    if not _is_sqlite():
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT pk_{table}")
        op.execute(
            f'ALTER TABLE {table} ADD COLUMN "row" BIGSERIAL CONSTRAINT pk_{table} PRIMARY KEY'
        )
        op.create_unique_constraint(f"uq_{table}_district_id", table, ["district", "id"])
        op.add_column(table, sa.Column("fingerprint", sa.BigInteger()))
        op.add_column(table, sa.Column("noted", sa.Integer()))
        return
    columns = sa.inspect(op.get_bind()).get_columns(table)
    names = ", ".join(f'"{column["name"]}"' for column in columns)
    op.create_table(
        f"new_{table}",
        sa.Column("row", sa.Integer(), nullable=False),
        *(
            sa.Column(column["name"], column["type"], nullable=column["nullable"])
            for column in columns
        ),
        sa.Column("fingerprint", sa.BigInteger()),
        sa.Column("noted", sa.Integer()),
        sa.PrimaryKeyConstraint("row", name=f"pk_{table}"),
        sa.UniqueConstraint("district", "id", name=f"uq_{table}_district_id"),
    )
    op.execute(f"INSERT INTO new_{table} ({names}) SELECT {names} FROM {table}")
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)
    for index, field in _INDEXES.get(table, {}).items():
        op.create_index(index, table, ["district", field])
    op.execute(
        f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are kept: DELETE refused'); END"
    )


def _json() -> sa.JSON:
    return sa.JSON(none_as_null=True)


def _changes_columns() -> list[Any]:
    return [
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("school", sa.Text()),
        sa.Column("role", sa.Text()),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("before", _json()),
        sa.Column("after", _json()),
        sa.Column("before_version", sa.Integer()),
        sa.Column("merged_into", sa.Text()),
        sa.Column("fingerprint", sa.BigInteger()),
        sa.Column("noted", sa.Integer()),
    ]


def _create_tables() -> None:
    op.create_table(
        "lanes",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pause", sa.Text()),
        sa.Column("applied_in", sa.Integer()),
        sa.Column("applied_at", UtcDateTime(timezone=True)),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_lanes_run"),
        sa.PrimaryKeyConstraint("run", "number", name="pk_lanes"),
    )
    op.create_index("ix_lanes_applied_at", "lanes", ["applied_at"])
    op.create_table(
        "lane_holds",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("hold", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run", "lane"], ["lanes.run", "lanes.number"], name="fk_lane_holds_run_lane"
        ),
        sa.ForeignKeyConstraint(["hold"], ["holds.id"], name="fk_lane_holds_hold"),
        sa.PrimaryKeyConstraint("run", "lane", "hold", name="pk_lane_holds"),
    )
    op.create_index("ix_lane_holds_hold", "lane_holds", ["hold"])
    op.create_table(
        "lane_counts",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("takes_away", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run", "lane"], ["lanes.run", "lanes.number"], name="fk_lane_counts_run_lane"
        ),
        sa.PrimaryKeyConstraint(
            "run", "lane", "kind", "verb", "school", "role", "takes_away", name="pk_lane_counts"
        ),
    )
    op.create_table(
        "confirmations",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("noted", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["run", "lane"], ["lanes.run", "lanes.number"], name="fk_confirmations_run_lane"
        ),
        sa.PrimaryKeyConstraint("run", "lane", "kind", "record_id", name="pk_confirmations"),
    )
    op.create_table(
        "fingerprint_formats",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("note_sets", _json(), nullable=False),
        sa.Column("secrets", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", name="pk_fingerprint_formats"),
    )
    op.create_table(
        "fingerprint_bases",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("gone", sa.LargeBinary(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("noted", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", "part", name="pk_fingerprint_bases"),
    )
    op.create_table(
        "tallies",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("district", "kind", "school", "role", name="pk_tallies"),
    )


def _carry_changes_over() -> None:
    """A lane for each hold, pause and generation of a run; changes with their versions."""
    op.execute(
        """
        CREATE TEMPORARY TABLE old_lanes AS
        SELECT run, hold, pause, applied_in,
               row_number() OVER (PARTITION BY run ORDER BY hold, pause, applied_in) - 1 AS number
        FROM (SELECT DISTINCT run, hold, pause, applied_in FROM changes) AS waits
        """
    )
    op.execute(
        """
        INSERT INTO lanes (run, number, pause, applied_in, applied_at)
        SELECT o.run, o.number, o.pause, o.applied_in,
               CASE WHEN o.applied_in IS NOT NULL THEN r.applied_at END
        FROM old_lanes AS o JOIN runs AS r ON r.id = o.run
        """
    )
    op.execute(
        """
        INSERT INTO lane_holds (run, lane, hold, position)
        SELECT run, number, hold, 0 FROM old_lanes WHERE hold IS NOT NULL
        """
    )
    op.execute("ALTER TABLE changes RENAME TO old_changes")
    if not _is_sqlite():
        op.execute("ALTER TABLE old_changes RENAME CONSTRAINT pk_changes TO pk_old_changes")
        op.execute("ALTER TABLE old_changes RENAME CONSTRAINT fk_changes_run TO fk_old_changes_run")
    op.create_table(
        "changes",
        *_changes_columns(),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name="fk_changes_run"),
        sa.PrimaryKeyConstraint("run", "seq", name="pk_changes"),
    )
    op.execute(
        """
        INSERT INTO changes (run, seq, lane, kind, verb, record_id, school, role, label,
                             before, after, before_version, merged_into)
        SELECT c.run, c.seq, o.number, c.kind, c.verb, c.record_id, c.school, c.role, c.label,
               c.before, c.after, COALESCE(c.before_version, j.version - 1), c.merged_into
        FROM old_changes AS c
        JOIN old_lanes AS o ON o.run = c.run AND o.hold IS NOT DISTINCT FROM c.hold
             AND o.pause IS NOT DISTINCT FROM c.pause
             AND o.applied_in IS NOT DISTINCT FROM c.applied_in
        LEFT JOIN journal AS j ON j.run = c.run AND j.kind = c.kind
             AND j.record_id = c.record_id AND j.generation = c.applied_in
        """
    )
    op.execute(
        """
        INSERT INTO lane_counts (run, lane, kind, verb, school, role, takes_away, changes)
        SELECT run, lane, kind, verb, COALESCE(school, ''), COALESCE(role, ''), verb = 'remove',
               count(*)
        FROM changes GROUP BY 1, 2, 3, 4, 5, 6, 7
        """
    )
    op.drop_table("old_changes")
    op.execute("DROP TABLE old_lanes")


def _guard() -> None:
    """Saved changes never change, and those that have gone in are kept."""
    changed = "rows of changes are kept: UPDATE refused"
    applied = "rows of changes that have gone in are kept: DELETE refused"
    gone_in = (
        "EXISTS (SELECT 1 FROM lanes WHERE lanes.run = OLD.run AND lanes.number = OLD.lane "
        "AND lanes.applied_in IS NOT NULL)"
    )
    once = "rows of lanes go in once: UPDATE refused"
    if _is_sqlite():
        op.execute(
            "CREATE TRIGGER changes_refuses_update BEFORE UPDATE ON changes "
            f"BEGIN SELECT RAISE(ABORT, '{changed}'); END"
        )
        op.execute(
            f"CREATE TRIGGER changes_refuses_delete BEFORE DELETE ON changes WHEN {gone_in} "
            f"BEGIN SELECT RAISE(ABORT, '{applied}'); END"
        )
        op.execute(
            "CREATE TRIGGER lanes_go_in_once BEFORE UPDATE ON lanes "
            "WHEN OLD.applied_in IS NOT NULL "
            f"BEGIN SELECT RAISE(ABORT, '{once}'); END"
        )
        return
    for name, verb, table, condition, message in (
        ("changes_refuses_update", "UPDATE", "changes", "true", changed),
        ("changes_refuses_delete", "DELETE", "changes", gone_in, applied),
        ("lanes_go_in_once", "UPDATE", "lanes", "OLD.applied_in IS NOT NULL", once),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{message}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
