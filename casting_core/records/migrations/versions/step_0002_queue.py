"""Runs wait in a line per machine, and can be resumed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds what a line of runs wants to know. A run that waited until now has no process any more: it is lost."""
    op.add_column("runs", sa.Column("machine", sa.String, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("queued", sa.Float))
    op.add_column("runs", sa.Column("born", sa.Float))
    op.add_column("runs", sa.Column("rewound", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE runs SET queued = asked")
    op.execute("UPDATE runs SET heartbeat = asked WHERE state = 'waiting' AND heartbeat IS NULL")
    op.drop_index("ix_events_run", "events")
    op.create_index("ix_events_run_id", "events", ["run", "id"])
