"""The first tables. They stay as they are where a version of this program from before migrations has made them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables that are missing."""
    _datasets()
    _runs()
    _decisions()
    _splits()


def _datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("folder", sa.String, nullable=False),
        sa.Column("rule", sa.JSON, nullable=False),
        sa.Column("added", sa.Float, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "removed_datasets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("folder", sa.String, nullable=False),
        sa.Column("rule", sa.JSON, nullable=False),
        sa.Column("added", sa.Float, nullable=False),
        sa.Column("removed", sa.Float, nullable=False),
        sa.Column("settled", sa.Float),
        if_not_exists=True,
    )


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("dataset", sa.String, nullable=False),
        sa.Column("folder", sa.String, nullable=False),
        sa.Column("rule", sa.JSON, nullable=False),
        sa.Column("recipe", sa.JSON, nullable=False),
        sa.Column("asked", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("heartbeat", sa.Float),
        sa.Column("ended", sa.Float),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("wish", sa.String, nullable=False),
        sa.Column("pid", sa.Integer),
        sa.Column("model", sa.String),
        sa.Column("message", sa.String, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_events_run", "events", ["run"], if_not_exists=True)


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch", sa.String, nullable=False),
        sa.Column("folder", sa.String, nullable=False),
        sa.Column("photo", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_decisions_folder", "decisions", ["folder"], if_not_exists=True)


def _splits() -> None:
    op.create_table(
        "splits",
        sa.Column("folder", sa.String, primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("made", sa.Float, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "revisions",
        sa.Column("folder", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("photos", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        if_not_exists=True,
    )
