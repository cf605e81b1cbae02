"""Every long piece of work is a job; a run is one of them, and keeps its number."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables of jobs and their events, and takes over the runs with theirs."""
    _jobs()
    _events()
    connection = op.get_bind()
    runs = connection.execute(sa.text("SELECT * FROM runs ORDER BY id")).mappings().all()
    for run in runs:
        connection.execute(_JOBS.insert().values(**_as_job(run)))
    connection.execute(
        sa.text(
            "INSERT INTO job_events (id, job, at, kind, body) SELECT id, run, at, kind, body FROM events ORDER BY id"
        )
    )
    op.drop_table("events")
    op.drop_table("runs")
    if connection.dialect.name == "postgresql":  # it counts by itself, and has not seen the numbers given here
        for table in ("jobs", "job_events"):
            last = f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table})"
            connection.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last}, false)"))


def _as_job(run: sa.RowMapping) -> dict[str, Any]:
    """A run as the row of a job."""
    inputs = {name: _plain(run[name]) for name in ("dataset", "folder", "rule", "recipe")}
    same = ("id", "machine", "asked", "started", "heartbeat", "ended", "state", "wish", "pid", "message", "rewound")
    return {name: run[name] for name in same} | {
        "kind": "run",
        "about": run["dataset"],
        "inputs": inputs,
        "uses": [f"dataset:{run['folder']}"],
        "heavy": True,
        "queued": run["asked"] if run["queued"] is None else run["queued"],
        "result": None if run["model"] is None else {"model": run["model"]},
    }


def _plain(value: Any) -> Any:
    """A JSON column read by plain SQL: text from SQLite, values from PostgreSQL."""
    return json.loads(value) if isinstance(value, str) and value[:1] in "{[" else value


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("about", sa.String, nullable=False, server_default=""),
        sa.Column("subject", sa.String, nullable=False, server_default=""),
        sa.Column("inputs", sa.JSON, nullable=False),
        sa.Column("uses", sa.JSON, nullable=False),
        sa.Column("actor", sa.String, nullable=False, server_default=""),
        sa.Column("machine", sa.String, nullable=False, server_default=""),
        sa.Column("heavy", sa.Boolean, nullable=False),
        sa.Column("asked", sa.Float, nullable=False),
        sa.Column("queued", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("heartbeat", sa.Float),
        sa.Column("ended", sa.Float),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("wish", sa.String, nullable=False, server_default=""),
        sa.Column("pid", sa.Integer),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="1"),
        sa.Column("doing", sa.String, nullable=False, server_default=""),
        sa.Column("share", sa.Float, nullable=False, server_default="0"),
        sa.Column("seconds_left", sa.Float),
        sa.Column("result", sa.JSON),
        sa.Column("message", sa.String, nullable=False, server_default=""),
        sa.Column("rewound", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("ix_jobs_kind_subject", "jobs", ["kind", "subject"])


def _events() -> None:
    op.create_table(
        "job_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("job", sa.Integer, sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("ix_job_events_job_id", "job_events", ["job", "id"])


_JOBS = sa.table(
    "jobs",
    *(
        sa.column(name, kind)
        for name, kind in {
            "id": sa.Integer,
            "kind": sa.String,
            "about": sa.String,
            "inputs": sa.JSON,
            "uses": sa.JSON,
            "machine": sa.String,
            "heavy": sa.Boolean,
            "asked": sa.Float,
            "queued": sa.Float,
            "started": sa.Float,
            "heartbeat": sa.Float,
            "ended": sa.Float,
            "state": sa.String,
            "wish": sa.String,
            "pid": sa.Integer,
            "result": sa.JSON,
            "message": sa.String,
            "rewound": sa.Integer,
        }.items()
    ),
)
