"""A digest of each of a snapshot's files that is quick to make: is the source still the same?"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column; a snapshot without them is compared anew once."""
    op.add_column("snapshots", sa.Column("quick", sa.JSON(none_as_null=True)))
