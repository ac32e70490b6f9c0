"""The grades that students had in the last school year, and what became of them since."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables; they are filled when a district is written next."""
    op.create_table(
        "grade_years",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("rolled_up", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("district", name=op.f("pk_grade_years")),
    )
    op.create_table(
        "former_students",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("grades", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("district", "user_id", name=op.f("pk_former_students")),
    )
    where = ("district", "was_there", "was_school", "was_grades", "is_there", "school", "grades")
    op.create_table(
        "grade_moves",
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("was_there", sa.Boolean(), nullable=False),
        sa.Column("was_school", sa.Text(), nullable=False),
        sa.Column("was_grades", sa.Text(), nullable=False),
        sa.Column("is_there", sa.Boolean(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("grades", sa.Text(), nullable=False),
        sa.Column("students", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*where, name=op.f("pk_grade_moves")),
    )
