"""Which verdicts are on record: found by version, time, verdict, part and how close they were."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from casting_core.__main__ import main
from casting_core.domain import Verdict
from casting_core.errors import SettingsError
from casting_core.records import ledger as records
from casting_core.records.chain import Entry, Kind, canonical
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import ledger as table
from casting_core.records.ledger import Ledger
from casting_core.settings import settings
from casting_core.workflows.judging.batch import kept
from casting_core.workflows.judging.batch.results import Judged
from casting_core.workflows.tracing.verdicts import Question, as_csv, seconds_of, verdicts

MONDAY = seconds_of("2026-11-23")
HOUR = 3600.0


def said(photo: str, verdict: str, score: float | None, *, hour: float, model: str = "v7", **more: object) -> None:
    ledger = Ledger(connect(settings().database_url), clock=lambda: MONDAY + hour * HOUR)
    body = {"file": f"{photo}.jpeg", "model": model, "threshold": 0.5, "upper": None, "verdict": verdict} | more
    ledger.add(Kind.INSPECTION, about=photo, body=body | {"score": score}, actor="Ana")


@pytest.fixture(autouse=True)
def shift() -> None:
    said("a" * 64, "pass", 0.05, hour=-30)
    said("b" * 64, "pass", 0.46, hour=1, part="4711")
    said("c" * 64, "reject", 0.93, hour=2)
    said("d" * 64, "", None, hour=3, model="v8")


def photos(**wanted: object) -> str:
    return "".join(one.photo[0] for one in verdicts(Question(**wanted)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "dcba"),
        ({"model": "v7"}, "cba"),
        ({"model": "v7", "since": MONDAY}, "cb"),
        ({"until": MONDAY}, "a"),
        ({"verdict": Verdict.PASS}, "ba"),
        ({"verdict": Verdict.PASS, "within": 0.1}, "b"),
        ({"text": "4711"}, "b"),
        ({"text": "CCCC"}, "c"),
        ({"text": "ana"}, "dcba"),
        ({"text": "nobody"}, ""),
    ],
)
def test_verdicts_are_found_by_what_is_asked(wanted: dict[str, object], found: str) -> None:
    assert photos(**wanted) == found


def test_the_photos_of_a_batch_are_found_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = [
        Judged(
            number=at,
            path=f"shift/{at}.jpeg",
            sha256=f"{at}" * 64,
            score=score,
            verdict=verdict,
            reason="",
            kind="",
            note="",
        )
        for at, (score, verdict) in enumerate([(0.1, Verdict.PASS), (0.49, Verdict.PASS), (0.9, Verdict.REJECT)])
    ]
    monkeypatch.setattr(kept, "results_of", lambda mark: judged if mark == "0" * 12 else [])
    body = {"model": "v7", "threshold": 0.5, "upper": None, "photos": 3}
    Ledger(connect(settings().database_url), clock=lambda: MONDAY + 5 * HOUR).add(
        Kind.BATCH, about="0" * 12, body=body, actor="Bea"
    )
    assert photos() == "210dcba"
    close = verdicts(Question(verdict=Verdict.PASS, within=0.1, since=MONDAY))
    assert [(one.photo[0], one.batch) for one in close] == [("1", "0" * 12), ("b", "")]
    assert len(verdicts(Question(), most=2)) == 2


def test_what_is_taken_away_runs_in_no_spreadsheet() -> None:
    said("e" * 64, "pass", 0.2, hour=6, file="=cmd()")
    rows = list(csv.DictReader(io.StringIO(as_csv(verdicts(Question())))))
    assert rows[0]["file"] == "'=cmd()"
    assert rows[0]["at"] == "2026-11-23 06:00:00"
    assert rows[1]["score"] == ""


def test_the_command_tells_the_same(tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["trace", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    told = json.loads(run("--model", "v7", "--since", "2026-11-23", "--json"))
    assert [one["photo"][0] for one in told["verdicts"]] == ["c", "b"]
    assert "part 4711" in run("--verdict", "pass", "--within", "0.1")
    assert "No verdict on record" in run("--text", "nobody")
    run("--csv", str(tmp_path / "out.csv"))
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 5
    wrong = CliRunner().invoke(main, ["trace", "--since", "Monday"])
    assert wrong.exit_code == 2
    assert "'Monday' is no time: take a day" in wrong.stderr


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 0"):
        Question(within=-1.0)
    with pytest.raises(SettingsError, match="ends before it begins"):
        Question(since=MONDAY, until=MONDAY - 1)


def test_verdicts_between_two_rows_are_found() -> None:
    rows = {one.photo[0]: one.row for one in verdicts(Question())}
    assert photos(after=rows["a"], before=rows["d"]) == "cb"
    assert photos(after=rows["d"]) == ""
    with pytest.raises(SettingsError, match="rows end before"):
        Question(after=2, before=1)


def test_what_a_row_says_of_another_version_is_no_verdict_of_it() -> None:
    said("e" * 64, "pass", 0.2, hour=6, model="v8", beside={"model": "v7", "verdict": "reject"})
    assert photos(model="v7") == "cba"
    assert photos(verdict=Verdict.REJECT) == "c"


@pytest.mark.parametrize("text", ["100%", 'a"b', "Gießerei", "_"])
def test_letters_that_databases_and_json_write_otherwise_are_found(text: str) -> None:
    said("e" * 64, "pass", 0.2, hour=6, part=f"x {text} y")
    assert photos(text=text.upper() if text.isascii() else text) == "e"


def test_of_fifty_thousand_rows_only_those_asked_for_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = connect(settings().database_url)
    body = {"file": "x.jpeg", "threshold": 0.5, "upper": None, "verdict": "pass", "score": 0.1}
    old, rare = (canonical(body | {"model": model}) for model in ("v1", "v2"))
    with writing(engine) as connection:
        rows = [
            {"number": number, "at": int(1000 * (MONDAY + number)), "actor": "station S1", "kind": "inspection"}
            | {"about": f"{number:064d}", "body": rare if number % 10_000 == 0 else old, "reason": ""}
            | {"before": "", "hash": ""}
            for number in range(5, 50_005)
        ]
        connection.execute(insert(table), rows)
    read = list[int]()

    def counted(**row: Any) -> Entry:
        read.append(row["number"])
        return Entry(**row)

    monkeypatch.setattr(records, "Entry", counted)
    assert len(verdicts(Question(model="v2"))) == 5
    assert len(read) == 5
    assert len(verdicts(Question(since=MONDAY + 49_990, until=MONDAY + 50_000))) == 11
    assert len(read) == 16
    assert len(verdicts(Question(), most=50)) == 50
    assert len(read) == 16 + 50
