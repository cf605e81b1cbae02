"""Eleven damaged cards beside the starter and a good version: every page stands, and each is named with its reason."""

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.jobs import control
from casting_core.records.jobs import State
from casting_core.records.version_files import CARD
from casting_core.settings import settings
from casting_core.workflows import stores
from tests.pages.conftest import Open
from tests.pages.test_pages import PAGES, press, sign, unescaped
from tests.pages.test_run_view import note_run_of_sample

Change = Callable[[dict[str, Any]], object]

WRONG: dict[str, tuple[Change, str]] = {
    "v2": (lambda card: card["metrics"].pop("validation"), "does not say metrics.validation"),
    "v3": (lambda card: card["metrics"]["test"].pop("accuracy"), "does not say metrics.test.accuracy"),
    "v4": (lambda card: card["metrics"]["test"].update(missed="many"), 'missed = "many": it must be a whole number'),
    "v5": (lambda card: card["metrics"]["validation"].update(accuracy=math.nan), "accuracy = NaN: it must be a number"),
    "v6": (lambda card: card.update(metrics="good"), 'metrics = "good": it must be a group of named values'),
    "v7": (lambda card: card.update(best_epoch=9), "best_epoch = 9: its curves have 2 epochs"),
    "v8": (lambda card: card.update(recipe={"spice": 1}), "recipe.spice, which this program does not know"),
    "v9": (lambda card: card["data"].pop("name"), "does not say data.name"),
    "v10": (lambda card: card["metrics"]["test"].update(mood="good"), "test.mood, which this program does not know"),
    "v11": (lambda card: card.update(schema_version=99), "written by a newer version of this program"),
    "v12": (
        lambda card: card["files"].update({"/dev/zero": "0" * 64}),
        "names the file '/dev/zero', which no version has",
    ),
}


def damage(name: str) -> None:
    """Makes the card of this version the damaged one of the list above."""
    path = settings().model_dir / name / CARD
    values = json.loads(path.read_bytes())
    WRONG[name][0](values)
    path.write_text(json.dumps(values), "utf-8")


@pytest.fixture
def damaged(version: str) -> dict[str, str]:
    """The damaged versions beside a good one, each with what is said of it."""
    good = settings().model_dir / version
    for name in WRONG:
        shutil.copytree(good, good.with_name(name))
        card = json.loads((good / CARD).read_bytes()) | {"name": name}
        (good.with_name(name) / CARD).write_text(json.dumps(card), "utf-8")
        damage(name)
    return {name: reason for name, (_, reason) in WRONG.items()}


def test_each_is_named_with_the_reason_on_models_and_the_others_can_be_used(
    open_page: Open, damaged: dict[str, str]
) -> None:
    app = open_page("pages/models.py")
    assert not app.exception
    for name, reason in damaged.items():
        (told,) = [error.value.replace("\\", "") for error in app.error if f"'{name}'" in error.value.replace("\\", "")]
        assert reason in told
        assert "the other versions are not touched" in told
    assert list(app.dataframe[0].value["version"]) == ["v1", "starter"]
    press(sign(app), "Yes, judge with v1")
    assert stores.registry().production() == "v1"


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize("script", [page for page in PAGES if page != "pages/models.py"])
def test_every_other_page_is_as_if_they_were_not_there(open_page: Open, script: str) -> None:
    app = open_page(script)
    assert not app.exception
    assert not app.error, unescaped(app)


def test_the_list_on_the_command_line_names_each_with_the_reason(damaged: dict[str, str]) -> None:
    listed = json.loads(CliRunner().invoke(main, ["models", "list", "--json"]).stdout)
    assert [row["name"] for row in listed["models"]] == ["v1", "starter"]
    assert set(listed["damaged"]) == set(damaged)
    assert all(reason in listed["damaged"][name] for name, reason in damaged.items())
    lines = CliRunner().invoke(main, ["models", "list"]).stdout.splitlines()
    assert all(any(line.startswith(f"! {name} ") and damaged[name] in line for line in lines) for name in damaged)


@pytest.mark.usefixtures("damaged")
@pytest.mark.parametrize("name", ["v2", "v5", "v8", "v11"])  # of every kind of reason one
def test_where_the_one_in_production_is_damaged_overview_and_inspection_say_so_and_what_to_do(
    open_page: Open, name: str
) -> None:
    Path(settings().model_dir / "production").write_text(f"{name}\n", "utf-8")
    for script in ("dashboard.py", "pages/inspection.py"):
        app = open_page(script)
        assert not app.exception
        (error,) = [one.value.replace("\\", "") for one in app.error]
        assert WRONG[name][1] in error
        assert error.endswith("Put another version in production on the Models page.")
        assert "See all versions" in [link.proto.label for link in app.get("page_link")]
    labels = [metric.label for metric in open_page("dashboard.py").metric]
    assert {"Photos", "Runs going on"} <= set(labels)  # the rest of Overview stands
    app = open_page("pages/models.py")
    assert "It is in production, so nothing can be judged: put another version in its place." in unescaped(app)
    press(sign(app), "Yes, judge with v1")
    assert not open_page("pages/inspection.py").error


@pytest.mark.usefixtures("damaged")
def test_a_run_whose_version_is_damaged_does_not_hide_the_rest_of_train(open_page: Open) -> None:
    open_page("dashboard.py")
    control.log().end(note_run_of_sample().id, State.FINISHED, result={"model": "v3"})
    app = open_page("pages/train.py")
    assert not app.exception
    assert WRONG["v3"][1] in unescaped(app)
    assert "New run" in [header.value for header in app.subheader]
    assert any(button.label == "Start training" for button in app.button)


def test_where_no_version_is_left_models_and_review_say_so(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    starter = tmp_path / "starter"
    shutil.copytree(settings().starter_dir, starter)
    (starter / CARD).write_text("{}")
    monkeypatch.setattr(type(settings()), "starter_dir", property(lambda _: starter))
    for script, told in (("pages/models.py", "No version can be used"), ("pages/review.py", "is damaged")):
        app = open_page(script)
        assert not app.exception
        assert told in unescaped(app)
