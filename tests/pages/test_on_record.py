"""What is judged and decided on pages is on record: once, with a name, and in a ledger that verifies."""

from pathlib import Path

import pytest
from sqlalchemy import update

from casting_core.errors import CastingError
from casting_core.records.chain import Kind
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import ledger
from casting_core.records.ledger import Ledger
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.judging.recorded import recent
from tests.pages.conftest import Open
from tests.pages.test_pages import press, said, sign


def test_a_verdict_is_on_record_once_with_who_judged(open_page: Open, sample_folder: Path) -> None:
    app = open_page("pages/inspection.py")
    assert "On record" not in said(app)
    app.text_input(key="inspector").input("Ana <b>").run()
    photo = next((sample_folder / "test" / "ok_front").iterdir()).read_bytes()
    app.file_uploader[0].set_value(
        [("=cmd().jpeg", photo, "image/jpeg"), ("letter.jpeg", b"Dear foundry", "image/jpeg")]
    )
    app.run()
    app.run()  # drawn again: nothing is judged again
    assert not app.exception
    assert "On record" in said(app)
    letter, part = recent(newest=5)
    assert (part.file, part.who, part.model, part.threshold) == ("=cmd().jpeg", "Ana <b>", "starter", 0.5)
    assert part.verdict in {"pass", "reject"}
    assert part.score is not None
    assert (letter.verdict, letter.score) == ("", None)
    assert "not a photo" in letter.reason
    table = next(one.value for one in app.dataframe if "judged" in one.value)
    assert list(table["file"]) == ["letter.jpeg", "'=cmd().jpeg"]  # no spreadsheet runs it
    assert stores.ledger().verify().number == 2

    again = open_page("pages/inspection.py")  # a verdict is not forgotten when the page is left
    assert "On record" in said(again)


def test_a_verdict_is_shown_even_where_it_cannot_be_written_down(
    open_page: Open, sample_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise CastingError("the database cannot be written: the disk is full")

    monkeypatch.setattr(Ledger, "add", full)
    app = open_page("pages/inspection.py")
    photo = next((sample_folder / "test" / "ok_front").iterdir()).read_bytes()
    app.file_uploader[0].set_value([("part.jpeg", photo, "image/jpeg")]).run()
    assert not app.exception
    assert "This verdict is not on record. The database cannot be written: the disk is full" in said(app).replace(
        "\\", ""
    )
    assert "Score **" in " ".join(bar.proto.text for bar in app.get("progress"))


def test_a_promotion_asks_who_and_why_and_keeps_both(open_page: Open, version: str) -> None:
    app = open_page("pages/models.py")
    press(app, f"Yes, judge with {version}")
    assert "Say who decides" in said(app)
    assert stores.registry().production() == "starter"
    assert stores.ledger().head().number == 0
    next(field for field in app.text_input if field.label == "Why").input("fewer escapes")
    press(sign(app), f"Yes, judge with {version}")
    (row,) = stores.ledger().rows()
    assert (row.kind, row.about, row.actor, row.reason) == ("promotion", version, "Ana", "fewer escapes")
    assert row.values["before"] == "starter"


def test_the_history_tells_who_did_what_and_finds_a_row_that_was_altered(open_page: Open) -> None:
    app = open_page("pages/history.py")
    assert "Nothing here yet" in said(app)
    book = stores.ledger()
    book.add(Kind.PROMOTION, about="v1", body={"before": "starter"}, actor="=cmd() <b>", reason="fewer escapes")
    verdict = {"verdict": "reject", "score": 0.875, "model": "v1", "file": "part 7.png"}
    book.add(Kind.INSPECTION, about="a" * 64, body=verdict, actor="")
    app = open_page("pages/history.py")
    assert not app.exception
    assert str(book.head()) in [code.value for code in app.code]
    (table,) = (one.value for one in app.dataframe)
    assert list(table["about"]) == ["reject, score 0.875, by v1: part 7.png", "v1 judges, before it starter"]
    assert list(table["who"]) == ["nobody named", "'=cmd() <b>"]
    app.text_input(key="search rows").input("ESCAPES").run()
    assert list(app.dataframe[0].value["row"]) == [1]

    press(app, "Verify every row")
    assert "All 2 rows are as they were written" in said(app)
    with writing(connect(settings().database_url)) as connection:
        connection.execute(update(ledger).where(ledger.c.number == 2).values(actor="Ben"))
    press(app, "Verify every row")
    assert "row 2: it was altered" in said(app).replace("\\", "")
