"""How many account changes of a lane count when C1 and C8 add up what went in by and by."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column. All former renames count; which suspensions were sudden is not known by lane,
    and none of them counts."""
    op.add_column(
        "account_counts",
        sa.Column("adding_up", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.execute("UPDATE account_counts SET adding_up = changes WHERE verb IN ('rename', 'vacate')")
