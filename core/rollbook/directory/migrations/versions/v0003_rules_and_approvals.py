"""Approvals by two people, what was lost of late, and who saw a policy change."""

import sqlalchemy as sa
from alembic import op

from rollbook.directory.column_types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns with a default that says what was so before, and two tables."""
    op.add_column(
        "holds", sa.Column("approvers", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.add_column(
        "holds",
        sa.Column("single_operator", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("holds", sa.Column("carried_from", sa.Text(), nullable=True))
    op.add_column(
        "approvals", sa.Column("times", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.create_table(
        "losses",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("school", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_losses_run")),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_losses")),
    )
    op.create_index("ix_losses_district", "losses", ["district", "at"], unique=False)
    op.create_table(
        "policy_changes",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("seen_by", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_policy_changes")),
    )
    op.create_index("ix_policy_changes_district", "policy_changes", ["district"], unique=False)
