"""A model from sound castings alone: it finds what is unlike them, and says what its score is worth."""

from pathlib import Path

import pytest

from casting_core.errors import RunError
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.presets import sound_parts
from casting_core.learning.recipes.recipe import Recipe
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.judging.inspect import judge
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.scores import proving
from casting_core.workflows.training.runs import note_run
from casting_core.workflows.training.train import work
from tests.core.workflows.training.plates import RULE, write_plates

ALONE = sound_parts().model_copy(update={"network": NetworkName.BACKBONE, "false_alarm_share": 0.2})


def trained(folder: Path, recipe: Recipe) -> ModelCard:
    return work(note_run(NamedDataset(name="plates", folder=str(folder), rule=names_of(RULE)), recipe).id)


def test_what_no_sound_part_shows_is_found(tmp_path: Path) -> None:
    test = {"sound": 8, "blowhole": 6, "crack": 6}
    plates = write_plates(tmp_path / "plates", train={"sound": 30}, test=test)
    card = trained(plates, ALONE)
    assert card.test is not None
    assert card.test.auc is not None
    assert card.test.auc > 0.97
    assert card.validation.auc is None
    assert (
        card.threshold_chosen
        == "of sound castings 20 % may be rejected, by 9 sound castings that the network did not learn from"
    )
    assert not card.recipe["calibrate"]  # so that nobody takes the score for a probability
    assert card.validation.false_alarms <= 1
    score = proving(card)
    assert score is None or score.name != "validation"  # what chose the threshold proves nothing
    finding = judge((plates / "test/crack/0.png").read_bytes(), load_model(card.name))
    assert (finding.verdict, finding.kind, finding.reason) == ("reject", "", "")


def test_defective_castings_teach_nothing_and_are_judged(tmp_path: Path) -> None:
    plates = write_plates(tmp_path / "plates", train={"sound": 20, "crack": 3}, test={})
    card = trained(plates, ALONE)
    assert (card.data.trained_on, card.data.validated_on) == (14, 9)
    assert card.validation.auc is not None
    assert card.validation.auc > 0.9
    assert card.threshold_chosen.startswith("of sound castings 20 % may be rejected, by 6 sound castings")


@pytest.mark.parametrize(
    ("changed", "sound", "reason"),
    [
        ({"network": NetworkName.CLASSIC}, 20, "learns from both classes"),
        ({"folds": 3}, 20, "neither a cross-validation nor a learning curve"),
        ({}, 9, "6 ok photos to learn from and 3 to validate on are too few"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    tmp_path: Path, changed: dict[str, object], sound: int, reason: str
) -> None:
    plates = write_plates(tmp_path / "plates", train={"sound": sound}, test={})
    with pytest.raises(RunError, match=reason):
        trained(plates, ALONE.model_copy(update=changed))
