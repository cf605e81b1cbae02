"""A study: no photo is judged by a network that saw its casting, and no fold is calibrated on itself."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from pydantic import TypeAdapter

from casting_core.__main__ import main
from casting_core.commands.study import table
from casting_core.workflows.training.study import PLAIN, OutOfFold, Validated, calibrated, figures


def scored(seed: int = 0, *, leaning: float = 0.0) -> OutOfFold:
    """Forty castings of three photos whose networks tell sound from defective well, but lean to one side."""
    rng = np.random.default_rng(seed)
    castings = np.repeat(np.arange(40), 3)
    labels = (castings % 2).astype(np.int64)
    logits = 3.0 * (2 * labels - 1) + rng.normal(0, 1, 120) + leaning
    scores = (1 / (1 + np.exp(-logits))).astype(np.float32)
    return OutOfFold(
        labels=labels,
        castings=castings,
        fold=1 + castings // 2 % 4,
        scores={PLAIN: scores, "blur": 1 - scores},
        found=np.arange(120) > 1,
        seconds=[1.0, 2.0, 3.0, 4.0],
        aligned="free: for a test",
        parameters=7,
    )


def test_scores_that_lean_are_set_right_by_the_other_folds() -> None:
    out = scored(leaning=4.0)
    found = figures(out, seed=3)
    assert found.uncalibrated < 0.85
    assert found.plain.accuracy > 0.95
    assert found.plain.auc > 0.99
    assert (found.photos, found.castings, found.not_found, found.seed) == (120, 40, 2, 3)


def test_a_fold_is_calibrated_without_its_own_labels() -> None:
    out = scored(leaning=1.0)
    labels = out.labels.copy()
    labels[out.fold == 2] = 1 - labels[out.fold == 2]
    upside_down = OutOfFold(**{**vars(out), "labels": labels})
    here = out.fold == 2
    assert np.array_equal(calibrated(out, PLAIN)[here], calibrated(upside_down, PLAIN)[here])
    assert not np.array_equal(calibrated(out, PLAIN)[~here], calibrated(upside_down, PLAIN)[~here])


def test_a_casting_is_wrong_where_one_of_its_photos_is() -> None:
    out = scored()
    scores = out.scores[PLAIN].copy()
    scores[9:11] = 0.001  # two of the three photos of casting 3, which is defective
    scores[15] = 0.001  # one of casting 5
    before = figures(out, seed=0)
    found = figures(OutOfFold(**{**vars(out), "scores": {PLAIN: scores}}), seed=0)
    assert set(found.wrong) - set(before.wrong) == {3, 5}
    assert found.outcomes.defective.wrong + found.outcomes.ok.wrong == len(found.wrong)
    assert found.outcomes.defective.n + found.outcomes.ok.n == found.castings


def test_stress_is_judged_with_what_was_learned_from_plain_photos() -> None:
    found = figures(scored(), seed=0)
    assert found.stressed["blur"].accuracy < 0.1, "the scores were turned round, and the calibration did not know"


@pytest.mark.slow
@pytest.mark.usefixtures("castings_known")
def test_the_command_studies_a_recipe_on_castings_never_seen_product_by_product(
    sample_folder: Path, tmp_path: Path
) -> None:
    """As one table for people, and with all there is to know for machines."""
    (tmp_path / "impellers").symlink_to(sample_folder)
    asked = ["study", str(tmp_path), "--products", "--network", "classic", "--epochs", "1", "--folds", "2"]
    asked += ["--seeds", "1"]
    result = CliRunner().invoke(main, [*asked, "--sampling", "photo", "--no-stress", "--json"])
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)["impellers"]
    assert found["photos"] == 60
    assert found["castings"] == 30
    assert found["aligned"].startswith("free")
    assert len(found["seconds"]) == 2
    assert found["both_ways"] == []
    assert found["parameters"] > 0
    assert 0 <= found["plain"]["accuracy"] <= 1
    assert found["networks"] == ["classic", "classic"]
    assert found["baselines"].keys() == {"guess", "grey histogram", "frozen public network"}
    assert found["baselines"]["guess"] == 0.5
    assert found["megabytes"] > 100
    one = TypeAdapter(Validated).validate_python(found)
    head, line = table({"impellers": [one]}).splitlines()
    assert head.split()[:4] == ["product", "network", "right", "AUC"]
    assert line.startswith("impellers  classic 2")


def test_a_folder_without_products_is_said(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["study", str(tmp_path), "--products"])
    assert result.exit_code == 2
    assert "each folder in it is a dataset" in result.stderr


@pytest.mark.usefixtures("castings_known")
def test_too_few_castings_for_the_folds_are_said(sample_folder: Path) -> None:
    result = CliRunner().invoke(main, ["study", str(sample_folder), "--folds", "20", "--seeds", "1"])
    assert result.exit_code == 2
    assert "castings are too few to make 20 folds" in result.stderr
