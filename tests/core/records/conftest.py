"""Every test of the records runs twice: on SQLite, and on a PostgreSQL of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from casting_core.records.database import connect
from tests.core.conftest import Fresh


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that is empty."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'casting.sqlite').as_posix()}"
    fresh: Fresh = request.getfixturevalue("new_in_postgresql")
    return fresh()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """The same database with the tables of today."""
    made = connect(url)
    yield made
    made.dispose()
