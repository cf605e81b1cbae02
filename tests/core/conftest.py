"""A PostgreSQL for whoever wants one, beside the SQLite that every test has anyway.

Every test that asks for an ``engine`` runs twice: on SQLite, and on a PostgreSQL of its own.
"""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from casting_core.records.database.access import connect
from tests.core import postgresql

Fresh = Callable[[], str]


@pytest.fixture(scope="session")
def new_in_postgresql() -> Iterator[Fresh]:
    """Makes an empty database and gives its address, as often as it is called."""
    if reason := postgresql.missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    numbers = count(1)
    with postgresql.served() as address:
        server = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")

        def fresh() -> str:
            name = f"test_{next(numbers)}"
            with server.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            return address.format(name)

        yield fresh
        server.dispose()


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
