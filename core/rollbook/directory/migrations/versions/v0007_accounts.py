"""Accounts, the ledger of names ever given, and what runs make happen to them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEPT_FOR_EVER = ("account_changes", "account_names")
_NEVER_DELETED = ("accounts", *_KEPT_FOR_EVER)


def upgrade() -> None:
    """Add tables, with the triggers that keep names given and changes as they were."""
    op.add_column("runs", sa.Column("account_basis", sa.Text(), nullable=True))
    _create_accounts()
    _create_changes()
    op.create_table(
        "account_bases",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_account_bases")),
    )
    op.create_table(
        "account_waiting",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "person", name=op.f("pk_account_waiting")),
    )
    for table in _KEPT_FOR_EVER:
        _refuse("UPDATE", table)
    for table in _NEVER_DELETED:
        _refuse("DELETE", table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
                "EXECUTE FUNCTION refuses_truncate()"
            )


def _create_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("ou", sa.Text(), nullable=True),
        sa.Column("groups", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("suspend_on", sa.Text(), nullable=True),
        sa.Column("delete_on", sa.Text(), nullable=True),
        sa.Column("password_due", sa.Boolean(), nullable=False),
        sa.Column("changed_in", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("district", "person", name=op.f("uq_accounts_district_person")),
    )
    for column in ("suspend_on", "delete_on"):
        op.create_index(
            f"ix_accounts_{column}",
            "accounts",
            ["district", column],
            unique=False,
            sqlite_where=sa.text(f"{column} IS NOT NULL"),
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.create_table(
        "account_names",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("namespace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "namespace", "name", name=op.f("pk_account_names")),
    )
    op.create_index("ix_account_names_account", "account_names", ["district", "account"])


def _create_changes() -> None:
    op.create_table(
        "account_changes",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_account_changes_run")),
        sa.PrimaryKeyConstraint("run", "seq", name=op.f("pk_account_changes")),
    )
    op.create_index("ix_account_changes_account", "account_changes", ["account"])
    op.create_table(
        "account_counts",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run", "lane"], ["lanes.run", "lanes.number"], name=op.f("fk_account_counts_run")
        ),
        sa.PrimaryKeyConstraint("run", "lane", "verb", name=op.f("pk_account_counts")),
    )


def _refuse(verb: str, table: str) -> None:
    name = f"{table}_refuses_{verb.lower()}"
    message = f"rows of {table} are kept: {verb} refused"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} EXECUTE FUNCTION {name}()")
