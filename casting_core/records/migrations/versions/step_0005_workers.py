"""Jobs that any worker may do, on whatever machine."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """All jobs of before belong to one machine."""
    op.add_column("jobs", sa.Column("anywhere", sa.Boolean, nullable=False, server_default=sa.false()))
