"""Which cards of Review are open in which browsers is known to every server on this database."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "open_cards",
        sa.Column("tab", sa.String, primary_key=True),
        sa.Column("scope", sa.String, nullable=False),
        sa.Column("card", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
