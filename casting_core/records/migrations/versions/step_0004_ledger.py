"""Who did what, when and why is kept in one chain of rows."""

import hashlib
import json
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the ledger, and takes in the decisions that were made before, a row for each batch."""
    table = op.create_table(
        "ledger",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False, index=True),
        sa.Column("about", sa.String, nullable=False),
        sa.Column("body", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
    )
    before = "0" * 64
    connection = op.get_bind()
    made = connection.execute(sa.text("SELECT * FROM decisions ORDER BY id")).mappings().all()
    for number, (_, batch) in enumerate(groupby(made, key=lambda row: row["batch"]), start=1):
        row = _row(number, list(batch), before)
        connection.execute(table.insert().values(**row))
        before = row["hash"]


def _row(number: int, batch: list[sa.RowMapping], before: str) -> dict[str, Any]:
    first = batch[0]
    items = [[row["photo"], row["before"], row["value"]] for row in batch]
    body = {"batch": first["batch"], "decision": first["kind"], "items": len(items), "root": _root(items)}
    row: dict[str, Any] = {
        "number": number,
        "at": round(first["at"] * 1000),
        "actor": first["who"],
        "kind": "decision",
        "about": first["folder"],
        "body": _canonical(body),
        "reason": first["why"],
        "before": before,
    }
    return row | {"hash": hashlib.sha256(_canonical(list(row.values())).encode()).hexdigest()}


def _root(items: list[Any]) -> str:
    level = [hashlib.sha256(b"\0" + _canonical(item).encode()).digest() for item in items]
    while len(level) > 1:
        pairs = [level[place : place + 2] for place in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) > 1 else pair[0] for pair in pairs]
    return level[0].hex()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
