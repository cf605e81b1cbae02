"""The ledger at the terminal: verified, listed, and written for a spreadsheet that runs nothing."""

import csv
import io
import json

from click.testing import CliRunner, Result
from sqlalchemy import update

from casting_core.__main__ import main
from casting_core.records.chain import Kind
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import ledger
from casting_core.settings import settings
from casting_core.workflows import stores


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["ledger", *arguments])


def test_the_ledger_is_verified_with_a_head_that_was_kept_elsewhere() -> None:
    assert json.loads(run("verify", "--json").stdout) == {"rows": 0, "head": f"0:{'0' * 64}"}
    stores.ledger().add(Kind.PROMOTION, about="v1", body={"before": "starter"}, actor="=cmd()", reason="+1\nline")
    head = json.loads(run("verify", "--json").stdout)["head"]
    assert f"1 row. Head: {head}" in run("verify", "--head", head).stdout
    stores.ledger().add(Kind.PROMOTION, about="v2", body={}, actor="Ana")
    assert run("verify", "--head", head).exit_code == 0

    listed = run("list", "--newest", "1").stdout
    assert "Ana  promotion  v2" in listed
    assert "v1" not in listed
    rows = list(csv.DictReader(io.StringIO(run("list", "--csv").stdout)))
    assert (rows[1]["actor"], rows[1]["reason"]) == ("'=cmd()", "'+1\nline")
    assert json.loads(run("list", "--json").stdout)["rows"][1]["body"] == {"before": "starter"}
    assert run("list", "--kind", "inspection").stdout.startswith("Nothing has been written down")

    with writing(connect(settings().database_url)) as connection:
        connection.execute(update(ledger).where(ledger.c.number == 1).values(reason=""))
    broken = run("verify")
    assert broken.exit_code == 2
    assert "row 1: it was altered" in broken.stderr
    assert "no head of a ledger" in run("verify", "--head", "12").stderr
