"""How far a roll-up is and who is enrolled, kept beside the grades of last year for its season."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns; they are filled when a district is written next."""
    op.add_column("grade_years", sa.Column("roll_up", sa.Text()))
    for name in ("lagging", "unenrolled", "sessions"):
        op.add_column("grade_years", sa.Column(name, sa.JSON(none_as_null=True)))
