"""The card of a version: cards of older programs open as they are, and damage is named by field and reason."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from casting_core.records.card import SCHEMA_VERSION, ModelCard, read
from casting_core.settings import ROOT

OLD = Path(__file__).parent / "cards" / "version_1.json"  # as the program wrote it before cards had a number
BEFORE = OLD.with_name("version_2.json")  # as it wrote it before castings were counted class by class
STARTER = ROOT / "model" / "starter" / "card.json"

Change = Callable[[dict[str, Any]], object]


def old_card() -> dict[str, Any]:
    values: dict[str, Any] = json.loads(OLD.read_bytes())
    return values


def changed(change: Change) -> ModelCard:
    """The old card after a change to its values."""
    values = old_card()
    change(values)
    return read(json.dumps(values).encode())


@pytest.mark.parametrize("path", [OLD, BEFORE, STARTER], ids=["version 1", "version 2", "starter"])
def test_a_card_of_the_version_before_opens_and_says_what_it_said(path: Path) -> None:
    card, values = read(path.read_bytes()), json.loads(path.read_bytes())
    values.pop("schema_version", None)
    told = json.loads(json.dumps(card.model_dump(mode="json")))
    assert {name: told[name] for name in values} == values
    new = {
        "schema_version": SCHEMA_VERSION, "program": "", "alignment": {}, "learning_curve": None, "brought_from": "",
        "baselines": {}, "tried": {},
    }  # fmt: skip
    added = {name: value for name, value in told.items() if name not in values}
    assert added == {name: new[name] for name in added}


def test_a_card_comes_back_from_the_disk_as_it_was() -> None:
    card = read(OLD.read_bytes())
    assert read(json.dumps(card.model_dump(mode="json")).encode()) == card


def test_figures_and_data_are_read_by_name() -> None:
    card = read(OLD.read_bytes())
    assert card.test is not None
    assert (card.test.photos, card.test.missed, card.validation.accuracy) == (6, 0, 1.0)
    assert card.test.never_seen == card.test.whole
    assert (card.data.name, card.data.trained_on, card.data.photos[0].split) == ("Old castings", 8, "train")
    assert [epoch.epoch for epoch in card.curves] == [1, 2]


def test_nobody_can_change_a_card() -> None:
    card: Any = read(OLD.read_bytes())
    with pytest.raises(ValidationError, match="frozen"):
        card.threshold = 0.1
    with pytest.raises(ValidationError, match="frozen"):
        card.validation.missed = 0
    for group in (card.metrics, card.recipe, card.files):
        with pytest.raises(TypeError, match="does not support item assignment"):
            group["new"] = "x"


DAMAGE: dict[str, Change] = {
    "its card does not say metrics": lambda card: card.pop("metrics"),
    "its card does not say metrics.validation": lambda card: card["metrics"].pop("validation"),
    "its card does not say metrics.test.accuracy": lambda card: card["metrics"]["test"].pop("accuracy"),
    'its card says metrics.test.missed = "many": it must be a whole number': lambda card: card["metrics"][
        "test"
    ].update(missed="many"),
    "its card says metrics.test.missed = -1: it must be at least 0": lambda card: card["metrics"]["test"].update(
        missed=-1
    ),
    "its card says metrics.test.accuracy = 1.5: it must be at most 1": lambda card: card["metrics"]["test"].update(
        accuracy=1.5
    ),
    "its card says metrics.validation.auc = NaN: it must be a number": lambda card: card["metrics"][
        "validation"
    ].update(auc=math.nan),
    "its card says metrics.test.surprise, which this program does not know": lambda card: card["metrics"][
        "test"
    ].update(surprise=1),
    'its card says metrics.test = "none": it must be a group of named values': lambda card: card["metrics"].update(
        test="none"
    ),
    "its card says best_epoch = 7: its curves have 2 epochs": lambda card: card.update(best_epoch=7),
    "its card says curves = []: it has too few entries": lambda card: card.update(curves=[]),
    "its card does not say curves.1.loss": lambda card: card["curves"][1].pop("loss"),
    'its card says recipe = "as always": it must be a group of named values': lambda card: card.update(
        recipe="as always"
    ),
    "its card does not say data.name": lambda card: card["data"].pop("name"),
    "its card does not say data.fingerprint": lambda card: card["data"].pop("fingerprint"),
    "its card says alignment.kind = \"by eye\": it must be 'round', 'registered' or 'free'": lambda card: card[
        "alignment"
    ].update(kind="by eye"),
    'its card says created = "yesterday": it must be a moment such as 2026-01-31T12:00:00Z': lambda card: card.update(
        created="yesterday"
    ),
    "its card says learning_curve = [1]: it must be a group of named values": lambda card: card.update(
        learning_curve=[1]
    ),
    "its card does not say network (and 2 more)": lambda card: [
        card.pop(name) for name in ("network", "parameters", "versions")
    ],
}


@pytest.mark.parametrize("reason", DAMAGE)
def test_damage_is_named_by_field_and_by_what_is_wrong(reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        changed(DAMAGE[reason])
    assert str(caught.value) == reason


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"7", b"[" * 100_000])
def test_what_is_no_card_at_all_is_said(content: bytes) -> None:
    with pytest.raises(ValueError, match="its card cannot be read: it "):
        read(content)


def test_a_card_of_a_newer_program_is_refused() -> None:
    newer = SCHEMA_VERSION + 1
    with pytest.raises(ValueError, match=rf"written by a newer version of this program \(card format {newer}"):
        changed(lambda card: card.update(schema_version=newer, figures="in a new form"))
    with pytest.raises(ValueError, match="schema_version"):
        changed(lambda card: card.update(schema_version="new"))


def test_a_broken_validation_loss_and_an_error_nobody_knows_are_no_damage() -> None:
    """Older programs wrote both, and neither keeps a version from judging."""
    point = {"castings": 3, "photos": 6, "accuracy": 0.5, "auc": 0.5}

    def change(values: dict[str, Any]) -> None:
        values["curves"][0]["validation_loss"] = math.nan
        values["learning_curve"] = {"points": [point], "gain": 0.1, "error": math.inf}

    card = changed(change)
    assert math.isnan(card.curves[0].validation_loss)
    assert card.learning_curve is not None
    assert card.learning_curve.error == math.inf
    again = read(json.dumps(card.model_dump(mode="json")).encode())
    assert again.learning_curve == card.learning_curve
