"""Passed parts are fetched back: between the last good challenge and the first bad one, or like a returned part."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.data.imaging.images import identity
from casting_core.domain import Label, Verdict
from casting_core.errors import PhotoError, SettingsError
from casting_core.records.chain import Kind
from casting_core.records.database.access import connect
from casting_core.records.ledger import Ledger
from casting_core.settings import settings
from casting_core.workflows.challenge.standing import Seen
from casting_core.workflows.challenge.values import Word
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.lookalikes.index import Of, grow
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.keeping import photos
from casting_core.workflows.stores import ledger
from casting_core.workflows.tracing import fetch_back
from casting_core.workflows.tracing.fetch_back import Wanted, as_csv, like, passed, put_on_record
from casting_core.workflows.tracing.verdicts import seconds_of

MONDAY = seconds_of("2026-11-23")
HOUR = 3600.0


def said(photo: str, verdict: Verdict, *, hour: float, who: str = "station S1", part: str = "") -> int:
    """A verdict on record; the number of its row."""
    body = {"file": f"{photo[:1]}.jpeg", "model": "starter", "threshold": 0.5, "upper": None, "score": 0.2}
    written = Ledger(connect(settings().database_url), clock=lambda: MONDAY + hour * HOUR)
    return written.add(
        Kind.INSPECTION, about=photo, body=body | {"verdict": verdict.value, "part": part}, actor=who
    ).number


@pytest.fixture(autouse=True)
def shift() -> dict[str, int]:
    """Photos by a letter, each with its row: a challenge before and after three parts of which two passed."""
    return {
        "good": said("9" * 64, Verdict.REJECT, hour=0),
        "a": said("a" * 64, Verdict.PASS, hour=1, part="=4711"),
        "b": said("b" * 64, Verdict.REJECT, hour=2),
        "c": said("c" * 64, Verdict.PASS, hour=3, who="station S2"),
        "bad": said("8" * 64, Verdict.PASS, hour=4),
        "d": said("d" * 64, Verdict.PASS, hour=5),
    }


def letters(wanted: Wanted) -> str:
    return "".join(one.verdict.photo[0] for one in passed(wanted))


def test_all_that_passed_between_two_rows_or_two_moments_is_found(shift: dict[str, int]) -> None:
    assert letters(Wanted(start=str(shift["good"]), end=f"row {shift['bad']}")) == "ca"
    assert letters(Wanted(start="2026-11-23 00:30", end="2026-11-23 03:30")) == "ca"
    assert letters(Wanted(start=str(shift["good"]), end=str(shift["bad"]), station="station S2")) == "c"
    assert letters(Wanted(start=str(shift["bad"]))) == "d"
    assert letters(Wanted(end="2026-11-23 01:00")) == "a"
    assert letters(Wanted()) == "d8ca"
    with pytest.raises(SettingsError, match=r"is no time: .* or the number of a row"):
        passed(Wanted(start="since Monday"))
    with pytest.raises(SettingsError, match="rows end before"):
        passed(Wanted(start="5", end="2"))


def test_what_is_fetched_back_is_one_row_with_a_name_and_the_ledger_verifies(shift: dict[str, int]) -> None:
    wanted = Wanted(start=str(shift["good"]), end=str(shift["bad"]))
    row = put_on_record(wanted, passed(wanted), returned="", actor="Ana", reason="the lamp had aged")
    assert (row.actor, row.reason, row.values["parts"]) == ("Ana", "the lamp had aged", 2)
    assert ledger().verify().number == row.number
    with pytest.raises(SettingsError, match="say who"):
        put_on_record(wanted, passed(wanted), returned="", actor="", reason="")
    with pytest.raises(SettingsError, match="nothing to fetch back"):
        put_on_record(wanted, [], returned="", actor="Ana", reason="")


def test_what_is_taken_away_runs_in_no_spreadsheet() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(passed(Wanted(end="3"))))))
    assert [(row["part"], row["kept"]) for row in rows] == [("'=4711", "no")]


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model("starter")


@pytest.fixture
def castings(sample_folder: Path) -> list[bytes]:
    """Two photos each of three drawn castings, one casting after the other."""
    paths = sorted((sample_folder / "train" / "def_front").glob("*.jpeg"))
    return [path.read_bytes() for path in paths[:6]]


def test_passed_parts_that_look_like_a_returned_one_come_first_and_only_passed_ones(
    castings: list[bytes], model: Model
) -> None:
    returned, *others = castings
    for number, content in enumerate(others):
        photos.keep(content, Verdict.PASS)
        said(identity(content), Verdict.REJECT if number == 1 else Verdict.PASS, hour=6 + number)
    found = like(returned, model, Wanted(), most=10)
    assert (found.found, found.not_looked_at) == ((), 5)
    grow(model, Of.VERDICTS, [one.photo for one in photos.kept()])
    found = like(returned, model, Wanted(), most=10)
    assert found.not_looked_at == 0
    told = [one.verdict.photo for one in found.found]
    assert sorted(told) == sorted(identity(one) for at, one in enumerate(others) if at != 1)
    likeness = [one.likeness or 0.0 for one in found.found]
    assert likeness == sorted(likeness, reverse=True)
    finding = judge(returned, model)
    assert found.photo == finding.sha256
    late = like(returned, model, Wanted(start="2026-11-23 09:30"), most=1)
    assert [one.verdict.photo for one in late.found] == [identity(others[4])]
    with pytest.raises(PhotoError, match="cannot be compared"):
        like(b"Dear foundry", model, Wanted(), most=10)


def test_the_command_finds_writes_a_table_and_puts_it_on_record(
    shift: dict[str, int], castings: list[bytes], tmp_path: Path
) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["fetch-back", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    rows = ("--from", str(shift["good"]), "--to", str(shift["bad"]))
    assert "2 passed parts." in run(*rows)
    told = json.loads(run(*rows, "--csv", str(tmp_path / "out.csv"), "--record", "--who", "Ana", "--json"))
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3
    assert ledger().rows(kinds=[Kind.FETCH_BACK])[0].number == told["row"]
    (tmp_path / "returned.jpeg").write_bytes(castings[0])
    photos.keep(castings[1], Verdict.PASS)
    said(identity(castings[1]), Verdict.PASS, hour=7)
    assert "likeness" in run("--like", str(tmp_path / "returned.jpeg"), "--model", "starter")
    assert "No passed part" in run("--station", "nobody")
    assert fetch_back.COLUMNS[0] == "at"


def seen(row: int, word: Word, *, station: str = "S1", known: str = "k") -> Seen:
    return Seen(
        row=row, at=MONDAY + row, station=station, part="CHALLENGE-1", set="s", known=known, label=Label.DEFECTIVE,
        word=word, model="v1", score=0.4, margin=None,
    )  # fmt: skip


def test_a_missed_challenge_casts_doubt_on_what_its_station_passed_since_that_part_was_judged_right() -> None:
    told = [
        seen(1, Word.WRONG, station="S2"),
        seen(2, Word.RIGHT),
        seen(3, Word.RIGHT, known="other"),
        seen(4, Word.NOT_JUDGED),
        seen(9, Word.WRONG),
    ]
    assert [one.wanted for one in fetch_back.misses(told)] == [
        Wanted(start="2", end="9", station="station S1"),
        Wanted(start="", end="1", station="station S2"),
    ]
