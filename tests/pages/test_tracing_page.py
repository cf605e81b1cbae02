"""Verdicts with their photos, parts that are fetched back, what is kept and for how long, and look-alikes."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from casting_core.data.imaging.images import identity
from casting_core.domain import Label
from casting_core.jobs import control
from casting_core.jobs.work import do
from casting_core.records.chain import Kind
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.challenge.standing import Challenges, Seen
from casting_core.workflows.challenge.values import Word
from casting_core.workflows.installation import backup_job
from casting_core.workflows.judging import recorded
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.lookalikes import looks_job
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.keeping import photos
from casting_core.workflows.keeping.rule import Keep, Rule, rule
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.review import opinions
from tests.pages.conftest import Open
from tests.pages.test_pages import press, unescaped


@pytest.fixture
def judged(sample_folder: Path) -> list[bytes]:
    """Photos of three ok and three defective castings that Ana had judged; all are kept."""
    model = load_model("starter")
    some = [path for name in ("ok", "def") for path in sorted((sample_folder / "test" / f"{name}_front").iterdir())[:3]]
    contents = [path.read_bytes() for path in some]
    for content, path in zip(contents, some, strict=True):
        recorded.record(judge(content, model), model, content=content, file=path.name, actor="Ana")
    return contents


def history(open_page: Open, view: str) -> AppTest:
    app = open_page("pages/history.py")
    return app.segmented_control(key="history of").set_value(view).run()


def column(app: AppTest, name: str) -> Sequence[object]:
    return list(next(one.value for one in app.dataframe if name in one.value)[name])


def test_each_verdict_on_record_shows_its_photo_as_long_as_it_is_kept(open_page: Open, judged: list[bytes]) -> None:
    app = history(open_page, "Verdicts")
    assert not app.exception
    assert [str(one)[:16] for one in column(app, "photo")] == ["data:image/jpeg;"] * 6
    photos.remove(identity(judged[-1]))
    app.run()
    assert [bool(one) for one in column(app, "photo")] == [False, True, True, True, True, True]


def test_a_part_to_inspect_is_finished_with_by_whoever_looks_at_its_photo(open_page: Open, judged: list[bytes]) -> None:
    app = history(open_page, "Verdicts")
    table = next(one for one in app.dataframe if "photo" in one.value)
    app.session_state[str(table.proto.id).split("-", 2)[-1]] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert f"sha256 {identity(judged[-1])}" in unescaped(app)
    press(app, "It is defective")
    assert "Say who decides about this part" in unescaped(app)
    next(field for field in app.text_input if field.label == "Your name").input("Ana")
    press(app, "It is defective")
    assert not app.exception
    (said,) = opinions.opinions(identity(judged[-1]))
    assert (said.who, said.label) == ("Ana", Label.DEFECTIVE)
    assert "defective" in unescaped(app)


def test_passed_parts_between_two_rows_are_fetched_back_and_that_is_on_record(
    open_page: Open,
    judged: list[bytes],  # noqa: ARG001 - they are on record
) -> None:
    passed = [row.number for row in stores.ledger().rows() if row.values["verdict"] == "pass"]
    app = history(open_page, "Fetch back")
    assert "Say between which two moments or rows" in unescaped(app)
    app.text_input(key="fetch from").input("yesterday").run()
    assert "is no time" in unescaped(app)
    app.text_input(key="fetch from").input("row 1").run()
    assert column(app, "row") == [number for number in passed if number > 1]
    press(app, "Put on record")
    assert "Say who fetches these parts back" in unescaped(app)
    app.text_input(key="fetch who").input("Ana")
    app.text_input(key="fetch why").input("complaint 4711")
    press(app, "Put on record")
    assert not app.exception
    (row,) = stores.ledger().rows(kinds=[Kind.FETCH_BACK])
    assert (row.actor, row.reason, row.values["parts"]) == ("Ana", "complaint 4711", len(passed) - 1)
    assert stores.ledger().verify().number == row.number


def test_the_rows_around_a_missed_challenge_part_are_filled_in(
    open_page: Open, judged: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"station": "S1", "part": "CHALLENGE-1", "known": "k", "label": Label.DEFECTIVE, "set": "s"}
    both = [
        Seen(row=row, at=1_790_000_000.0 + row, word=word, model="v1", score=0.4, margin=None, **told)  # type: ignore[arg-type]
        for row, word in ((2, Word.RIGHT), (5, Word.WRONG))
    ]
    monkeypatch.setattr(Challenges, "seen", lambda _self: both)
    photos.remove(identity(judged[0]))
    app = history(open_page, "Fetch back")
    app.selectbox(key="fetch miss").select_index(0).run()
    press(app, "Fill in")
    assert not app.exception
    fields = [app.text_input(key=f"fetch {name}").value for name in ("from", "to", "station")]
    assert fields == ["2", "5", "station S1"]


def test_a_rule_for_kept_photos_is_made_with_a_name_and_says_what_follows(
    open_page: Open,
    judged: list[bytes],  # noqa: ARG001 - their photos are kept
) -> None:
    app = history(open_page, "Kept photos and backup")
    assert not app.exception
    assert "The photo of every verdict is kept" in unescaped(app)
    assert "in a year" in unescaped(app)
    assert "never backed up as a whole" in unescaped(app)
    app.radio[0].set_value(Keep.NOT_PASSED)
    app.number_input(key="keep days").set_value(365.0)
    press(app, "Put in force")
    assert "Say who decides about kept photos" in unescaped(app)
    app.text_input(key="keeping who").input("Ana").run()
    press(app, "Put in force")
    assert not app.exception
    assert rule() == Rule(keep=Keep.NOT_PASSED, days=365)
    assert "Photos of parts that did not pass are kept, for 365 days" in unescaped(app)


def test_a_backup_is_made_by_a_click_once_a_folder_is_named_for_it(
    open_page: Open,
    judged: list[bytes],  # noqa: ARG001 - there is something to back up
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = history(open_page, "Kept photos and backup")
    assert "CASTING_BACKUP_DIR" in unescaped(app)
    monkeypatch.setenv("CASTING_BACKUP_DIR", str(tmp_path / "backups"))
    settings.cache_clear()
    asked = control.ask_here
    monkeypatch.setattr(control, "ask", lambda request, once: asked(request) if once else None)
    app.text_input(key="keeping who").input("Ana").run()
    press(app, "Back up now")
    (job,) = control.known(kind=backup_job.KIND)
    do(job.id, KINDS)
    app.run()
    assert not app.exception
    (made,) = (tmp_path / "backups").iterdir()
    assert f"by Ana, {made.name}" in unescaped(app)


def test_the_nearest_casting_of_each_label_stands_beside_a_verdict_once_it_was_asked_for(
    open_page: Open, judged: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = control.ask_here
    monkeypatch.setattr(control, "ask", lambda request, once: asked(request) if once else None)
    app = open_page("pages/inspection.py")
    app.file_uploader[0].set_value([("part.jpeg", judged[0], "image/jpeg")]).run()
    assert not app.exception
    assert "Looks most like" not in unescaped(app)
    press(app, "Find look-alikes")
    (job,) = control.known(kind=looks_job.KIND)
    do(job.id, KINDS)
    app.run()
    assert not app.exception
    assert "Looks most like" in unescaped(app)
    shown = [str(image.proto) for image in app.get("image")]
    assert any("Nearest ok casting: likeness" in one for one in shown)
    assert any("Nearest defective casting: likeness" in one for one in shown)
    assert "Find look-alikes" not in [button.label for button in app.button]
