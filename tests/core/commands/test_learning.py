"""Training at the terminal, and its settings as options."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from casting_core.commands.learning import train
from casting_core.commands.study import study
from casting_core.commands.tuning import tune
from casting_core.jobs import control
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import SETTINGS, Recipe
from casting_core.settings import settings
from casting_core.workflows.stores import registry
from casting_core.workflows.training.runs import all_runs, find_run
from tests.core.commands.answers import answered, casting_photo, refused, said

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_a_training_ends_with_one_object_and_a_version(sample_folder: Path) -> None:
    """A process of its own, as a person starts it: what libraries print must not get between the object's braces."""
    command = [sys.executable, "-m", "casting_core", "train", "--data", sample_folder, "--json"]
    command += ["--network", "classic", "--epochs", "1"]
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    final = json.loads(done.stdout)
    assert (final["model"], final["run"], final["epochs"], final["best_epoch"]) == ("v1", 1, 1, 1)
    assert 0 <= final["validation_accuracy"] <= 1
    assert {"validation", "test"} == set(final["metrics"])
    run = find_run(1)
    assert (run.state, run.model) == ("finished", "v1")
    kinds = [kind for _, kind, _ in control.log().events(1)]
    assert kinds[0] == "note"
    assert {"prepared", "batch", "epoch"} <= set(kinds)
    files = {path.name for path in (settings().model_dir / "v1").iterdir()}
    assert files == {
        "model.keras", "CNN_Casting_Inspection.hdf5", "serving.onnx",
        "gate.npz", "answers.npz", "learned.csv", "card.json",
    }  # fmt: skip
    assert registry().card("v1").export_difference <= 1e-5


@pytest.mark.slow
@pytest.mark.usefixtures("castings_known")
def test_a_split_by_casting_is_kept_trained_on_and_scored_beside_the_one_of_the_folders(sample_folder: Path) -> None:
    made = answered("split", sample_folder, "--name", "honest", "--share", "0.4", "--seed", "3")
    (held_out,) = made["held_out"]
    assert (held_out["split"], held_out["photos"]) == ("honest", 2 * held_out["castings"])
    quick = ["--network", "classic", "--epochs", "1", "--batch-size", "16"]
    card = answered("train", "--data", sample_folder, "--split", "honest", *quick)
    assert set(card["metrics"]) == {"validation", "test", "test of the folders"}
    assert card["metrics"]["test"]["whole"] == card["metrics"]["test"]["never_seen"]
    assert card["metrics"]["test of the folders"]["seen"]["photos"] > 0
    figures = answered("evaluate", "--data", sample_folder, "--split", "honest")
    assert (figures["photos"], figures["whole"]["castings"]) == (held_out["photos"], held_out["castings"])
    assert figures["seen"]["photos"] == 0
    assert figures["accuracy"] == card["metrics"]["test"]["accuracy"]
    assert registry().card("v1").data.split == "honest"
    assert registry().card("v1").data.revision == 1
    folds = answered("split", sample_folder, "--name", "four", "--folds", "4")
    assert [one["split"] for one in folds["held_out"]] == ["four/1", "four/2", "four/3", "four/4"]
    assert "known: train, test, all, honest, four/1" in refused("evaluate", "--data", sample_folder, "--split", "five")
    assert "no split 'five'" in refused("train", "--data", sample_folder, "--split", "five")
    assert "is a split 'four' already" in refused("split", sample_folder, "--name", "four")


def test_one_class_only_is_not_learned_from(tmp_path: Path) -> None:
    for shade in range(5):
        casting_photo(tmp_path / "ok" / f"{shade}.png", shade)
    assert "5 photos to learn from, 0 of them defective" in refused("train", "--data", tmp_path)
    assert registry().names() in ([], ["starter"])
    assert find_run(1).state == "failed"


def test_without_a_network_the_one_is_trained_that_the_train_page_begins_with(tmp_path: Path) -> None:
    casting_photo(tmp_path / "ok" / "only.png")
    refused("train", "--data", tmp_path, "--epochs", 3)  # one class cannot be learned from, but the run was noted
    wanted = recommended(NetworkName.EVIDENCE).model_copy(update={"epochs": 3})
    assert Recipe.model_validate(find_run(1).recipe) == wanted


def test_train_and_study_and_tune_offer_every_setting_of_a_recipe_that_they_do_not_choose_themselves() -> None:
    offered = {command.name: {option.name for option in command.params} for command in (train, study, tune)}
    assert offered["train"] >= set(SETTINGS)
    assert offered["study"] >= set(SETTINGS) - {"network", "split", "seed", "learning_curve"}  # and folds of its own
    assert offered["tune"] >= set(SETTINGS) - {"validation", "folds", "learning_curve"}


@pytest.mark.parametrize("option", ["--repeatable", "--not-repeatable", "--no-augmentation", "--learning-curve"])
def test_what_is_on_or_off_has_an_option_for_both(option: str) -> None:
    assert option in said("train", "--help").stdout


def test_help_says_what_a_setting_is_its_range_and_what_it_is_where_nobody_says_it() -> None:
    told = " ".join(said("train", "--help").stdout.split())
    assert (
        "How often the network sees every photo. 1 to 1000. [default: 15 for classic, 8 for evidence, 20 for backbone]"
        in told
    )
    assert "free = none: photos as they are" in told
    assert "[default: evidence]" in told


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--epochs", "0"),
        ("--epochs", "many"),
        ("--batch-size", "-1"),
        ("--learning-rate", "nan"),
        ("--validation-share", "1"),
        ("--network", "resnet"),
        ("--seed", "-1"),
    ],
)
def test_a_recipe_of_nonsense_is_refused_before_it_becomes_a_run(option: str, value: str, sample_folder: Path) -> None:
    assert option.lstrip("-").split("-")[0] in refused("train", "--data", sample_folder, option, value)
    assert all_runs() == []


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--epochs", "0", "it must be at least 1"),
        ("--batch-size", "5000", "it must be at most 1024"),
        ("--learning-rate", "-1", "it must be greater than 0"),
        ("--validation-share", "1", "it must be less than 1"),
    ],
)
def test_a_number_out_of_its_range_is_said_in_plain_words(
    option: str, value: str, wanted: str, sample_folder: Path
) -> None:
    assert refused("train", "--data", sample_folder, option, value).endswith(f"will not do: {wanted}")
