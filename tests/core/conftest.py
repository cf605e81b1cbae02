"""A PostgreSQL for whoever wants one, beside the SQLite that every test has anyway."""

import os
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from sqlalchemy import create_engine, text

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
