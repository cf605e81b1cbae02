"""A process that judges takes up the version in production, and says inspect where none can judge."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from casting_core.domain import Label, OperatingPoint
from casting_core.settings import settings
from casting_core.workflows.operating_points import write_down
from casting_core.workflows.stations.judge import Judge
from casting_core.workflows.stores import registry
from tests.core.service.serving import photo


def copy_of_starter(name: str) -> Path:
    """A version with the starter's files under a name of its own."""
    folder = settings().model_dir / name
    shutil.copytree(settings().starter_dir, folder)
    card = json.loads((folder / "card.json").read_text("utf-8"))
    (folder / "card.json").write_text(json.dumps(card | {"name": name}), "utf-8")
    return folder


def said(judge: Judge, content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(judge.answer(content))
    return found


def test_the_version_that_was_put_in_production_judges_the_next_photo() -> None:
    judge, casting = Judge(), photo(2, Label.DEFECTIVE)
    assert said(judge, casting)["said"]["model"] == "starter"
    copy_of_starter("v1")
    registry().promote("v1")
    told = said(judge, casting)
    assert (told["said"]["model"], told["said"]["verdict"], told["problem"]) == ("v1", "reject", "")


def test_the_operating_point_that_was_set_judges_the_next_photo() -> None:
    judge, casting = Judge(), photo(1)
    assert said(judge, casting)["said"]["verdict"] == "pass"
    point = OperatingPoint(threshold=0.0, upper=1.0, chosen="by hand")
    write_down(registry().card("starter"), point, method="by hand", check="", details={}, actor="Ann", reason="to see")
    told = said(judge, casting)["said"]
    assert (told["verdict"], told["threshold"], told["upper"]) == ("inspect", 0.0, 1.0)
    assert told["reason"] == "its score lies where a person looks: 0 to 1"


def test_a_damaged_version_judges_nothing_and_none_judges_instead() -> None:
    judge, casting = Judge(), photo(1)
    assert said(judge, casting)["said"]["verdict"] == "pass"
    folder = copy_of_starter("v1")
    registry().promote("v1")
    (folder / "serving.onnx").write_bytes(b"no graph")
    told = said(judge, casting)
    assert (told["said"]["verdict"], told["said"]["score"], told["model"]) == ("inspect", None, "")
    assert "damaged" in told["said"]["reason"]


def test_without_a_photo_it_says_which_version_would_judge() -> None:
    told = said(Judge(), b"")
    assert (told["model"], told["said"]["verdict"]) == ("starter", "")


def test_whatever_goes_wrong_with_a_photo_is_for_a_person_to_look_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("nobody thought of it\nand of this")

    judge = Judge()
    monkeypatch.setattr("casting_core.workflows.stations.judge.judge", fail)
    told = said(judge, photo(1))
    assert told["said"]["verdict"] == "inspect"
    assert told["said"]["reason"] == "the photo cannot be judged: nobody thought of it"
