"""Expected-change plans, the plan that let a lane through, and pauses that wait for the roll-up."""

import sqlalchemy as sa
from alembic import op

from rollbook.directory.column_types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a table and two columns, both without a value for what is there already."""
    op.create_table(
        "expected_plans",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("announced", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_plans")),
        sa.UniqueConstraint("district", "number", name=op.f("uq_expected_plans_district_number")),
    )
    op.add_column("lanes", sa.Column("plan", sa.Text(), nullable=True))
    op.create_index(
        "ix_lanes_plan",
        "lanes",
        ["plan"],
        unique=False,
        sqlite_where=sa.text("plan IS NOT NULL"),
        postgresql_where=sa.text("plan IS NOT NULL"),
    )
    op.add_column("pauses", sa.Column("until", sa.Text(), nullable=True))
