"""`stations` and `serve` on the command line."""

import json
import socket

import pytest
from click.testing import CliRunner, Result

from casting_core.__main__ import main
from casting_core.workflows.review import history
from casting_core.workflows.stores import ledger


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_a_station_is_added_listed_and_revoked() -> None:
    token = json.loads(run("stations", "add", "press-1", "--days", "2", "--json").stdout)["token"]
    assert token.startswith("casting_")
    listed = run("stations", "list").stdout
    assert listed.startswith("press-1")
    assert "judge" in listed
    assert "expires" in listed
    assert token not in listed
    assert run("stations", "revoke", "press-1", "--who", "Ann").stdout == "Station press-1 may not ask any more.\n"
    assert run("stations", "list").stdout == "No station may ask yet.\n"
    rows = json.loads(run("ledger", "list", "--kind", "station", "--json").stdout)["rows"]
    assert next((row["actor"], row["about"], row["body"]["done"]) for row in rows) == ("Ann", "press-1", "revoked")
    assert [history.what(row) for row in ledger().rows()] == [
        "station press-1: token revoked",
        "station press-1: token added",
    ]


def test_what_cannot_be_done_is_said_in_a_sentence() -> None:
    done = run("stations", "revoke", "press-1")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: there is no station 'press-1'")
    assert run("stations", "add", "press-1", "--scope", "all").exit_code == 2


def test_a_port_that_is_taken_is_said_before_anything_is_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", str(taken.getsockname()[1]))
    assert done.exit_code == 2
    assert "--port chooses another one" in done.stderr


@pytest.mark.parametrize("host", ["no host", "a/b"])
def test_an_address_that_is_none_is_refused(host: str) -> None:
    assert run("serve", "--host", host).exit_code == 2
