"""Stations have tokens: shown once, kept as a sum, good for some things and for some time, each change on record."""

import time

import pytest

from casting_core.errors import CastingError
from casting_core.records.chain import Kind
from casting_core.settings import settings
from casting_core.workflows.stations import tokens
from casting_core.workflows.stations.tokens import DAY, Scope, Station, Tokens
from casting_core.workflows.stores import ledger


def test_a_token_says_which_station_asks_and_for_what_it_is_good() -> None:
    token = tokens.add("press-1", scopes=(Scope.JUDGE,), actor="Ann")
    known = Tokens()
    found = known.station(token, scope=Scope.JUDGE)
    assert found is not None
    assert found.name == "press-1"
    assert known.station(token, scope=Scope.METRICS) is None
    assert known.station(f"{token}x", scope=Scope.JUDGE) is None


def test_a_token_is_kept_nowhere() -> None:
    token = tokens.add("press-1", scopes=(Scope.JUDGE,), actor="Ann")
    kept = [path.read_bytes() for path in settings().data_dir.rglob("*") if path.is_file()]
    assert kept
    assert not any(token.encode() in content for content in kept)


def test_a_revoked_token_counts_no_more_at_once() -> None:
    known, token = Tokens(), tokens.add("press-1", scopes=(Scope.JUDGE,), actor="Ann")
    assert known.station(token, scope=Scope.JUDGE) is not None
    tokens.revoke("press-1", actor="Ben")
    assert known.station(token, scope=Scope.JUDGE) is None
    rows = [(row.actor, row.about, row.values["done"]) for row in ledger().rows(kinds=[Kind.STATION])]
    assert rows == [("Ben", "press-1", "revoked"), ("Ann", "press-1", "added")]


def test_a_token_expires() -> None:
    tokens.add("press-1", scopes=(Scope.JUDGE,), days=1, actor="Ann")
    (station,) = tokens.stations()
    now = time.time()
    assert station.valid(now)
    assert not station.valid(now + 1.1 * DAY)


def test_nobody_is_let_in_where_the_file_cannot_be_read() -> None:
    token = tokens.add("press-1", scopes=(Scope.JUDGE,), actor="Ann")
    known = Tokens()
    assert isinstance(known.station(token, scope=Scope.JUDGE), Station)
    (settings().data_dir / "stations" / "tokens.json").write_text("{}")
    for _ in range(2):
        with pytest.raises(CastingError, match="cannot be read"):
            known.station(token, scope=Scope.JUDGE)


@pytest.mark.parametrize(
    ("name", "scopes", "days", "why"),
    [
        ("../press", (Scope.JUDGE,), None, "cannot be called"),
        ("press-1", (Scope.JUDGE,), None, "already"),
        ("press-2", (), None, "good for something"),
        ("press-2", (Scope.JUDGE,), -1, "cannot expire"),
        ("press-2", (Scope.JUDGE,), float("nan"), "cannot expire"),
    ],
)
def test_what_cannot_be_is_refused(name: str, scopes: tuple[Scope, ...], days: float | None, why: str) -> None:
    tokens.add("press-1", scopes=(Scope.JUDGE,), actor="Ann")
    with pytest.raises(CastingError, match=why):
        tokens.add(name, scopes=scopes, days=days, actor="Ann")
    assert [one.name for one in tokens.stations()] == ["press-1"]


def test_a_station_that_nobody_knows_cannot_be_revoked() -> None:
    with pytest.raises(CastingError, match="known: none"):
        tokens.revoke("press-1", actor="Ann")
