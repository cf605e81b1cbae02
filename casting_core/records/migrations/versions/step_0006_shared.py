"""Folders that several machines share through an object store, each with the files it holds."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing was shared before."""
    op.create_table(
        "shared_folders",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("machine", sa.String, nullable=False),
        sa.Column("stored", sa.Boolean, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )
