"""A version is a draft until a person says otherwise, and goes only where nothing needs it."""

import json
from collections.abc import Callable

import pytest

from casting_core.errors import ModelError
from casting_core.jobs import control
from casting_core.records.chain import Kind
from casting_core.records.jobs import Request
from casting_core.records.registry import DELETED, STARTER
from casting_core.settings import settings
from casting_core.workflows.judging.recorded import Said
from casting_core.workflows.judging.shadow import version as shadow
from casting_core.workflows.models import deleting, status
from casting_core.workflows.models.status import Status
from casting_core.workflows.review import history
from casting_core.workflows.stores import ledger, registry
from tests.core.workflows.judging.test_shadow import versions

__all__ = ["versions"]

pytestmark = pytest.mark.usefixtures("versions")


def test_a_version_is_reviewed_before_it_is_released_and_both_are_signed() -> None:
    card = registry().card("v1")
    assert status.status_of(card).status is Status.DRAFT
    with pytest.raises(ModelError, match="is reviewed before it is released"):
        status.state("v1", Status.RELEASED, actor="Ana", reason="good")
    with pytest.raises(ModelError, match="say who decides"):
        status.state("v1", Status.REVIEWED, actor="Ana", reason="")
    status.state("v1", Status.REVIEWED, actor="Ana", reason="went through 12 missed photos")
    status.state("v1", Status.RELEASED, actor="Ben", reason="good")
    with pytest.raises(ModelError, match="is released already"):
        status.state("v1", Status.RELEASED, actor="Ben", reason="good")
    assert [(one.status.value, one.who) for one in status.history(card)] == [("released", "Ben"), ("reviewed", "Ana")]
    assert {name: one.status.value for name, one in status.statuses(registry().cards()).items()} == {
        "v1": "released",
        "v2": "draft",
        STARTER: "draft",
    }
    assert [history.what(row) for row in ledger().rows()] == ["v1 is released", "v1 is reviewed"]


def test_a_deleted_version_is_gone_with_its_name_and_on_record() -> None:
    assert deleting.objections("v2") == []
    deleting.delete("v2", actor="Ana", reason="a trial")
    assert registry().names() == ["v1", STARTER]
    left = settings().model_dir / "v2"
    assert [path.name for path in left.iterdir()] == [DELETED]
    assert json.loads((left / DELETED).read_text())["by"] == "Ana"
    (row,) = ledger().rows(kinds=[Kind.DELETION])
    assert (row.about, row.actor, row.reason) == ("v2", "Ana", "a trial")
    with registry().workshop() as room:
        for path in (settings().model_dir / "v1").iterdir():
            (room / path.name).write_bytes(path.read_bytes())
        assert registry().register(room, registry().card("v1")).name == "v3", "nobody gets the name again"


def judged() -> None:
    ledger().add(Kind.INSPECTION, about="a" * 64, body=Said(photo="", model="v1").body(), actor="")


def promoted() -> None:
    ledger().add(Kind.PROMOTION, about="v2", body={"before": "v1"}, actor="")


def asked_for() -> None:
    control.log()
    control.ask_here(Request(kind="panel", inputs={"asked": [{"model": "v1"}]}))


@pytest.mark.parametrize(
    ("name", "before", "why"),
    [
        (STARTER, lambda: None, "it comes with the project; it is in production"),
        ("v1", lambda: registry().promote("v1"), "it is in production"),
        ("v1", lambda: shadow.begin("v1", actor="Ana", reason="x"), "it is in shadow"),
        ("v1", judged, "row 1 of the ledger says what it judged"),
        ("v1", promoted, "or that it was in production"),
        ("v1", asked_for, "panel 1 needs it"),
        ("v9", lambda: None, "no model 'v9'"),
    ],
)
def test_a_version_that_is_needed_stays(name: str, before: Callable[[], object], why: str) -> None:
    before()
    known = registry().names()
    with pytest.raises(ModelError, match=why):
        deleting.delete(name, actor="Ana", reason="a trial")
    assert registry().names() == known
    assert ledger().rows(kinds=[Kind.DELETION]) == []


def test_a_row_about_a_file_that_is_called_like_a_version_keeps_none() -> None:
    ledger().add(Kind.INSPECTION, about="a" * 64, body={"file": '"model":"v1"', "model": "v10"}, actor="")
    assert deleting.objections("v1") == []


def test_where_the_files_cannot_go_nothing_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise ModelError("the disk is full")

    monkeypatch.setattr("casting_core.records.registry.files.replace", full)
    with pytest.raises(ModelError, match="the disk is full"):
        deleting.delete("v1", actor="Ana", reason="a trial")
    assert registry().card("v1").name == "v1"
    assert ledger().head().number == 0
