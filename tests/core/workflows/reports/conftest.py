"""One report of the drawn sample by a trained version, gathered once for all tests of this folder."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casting_core.domain import Label, OperatingPoint
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging.evaluate import evaluate_split
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.reports.content import Stage, gather
from casting_core.workflows.reports.values import Report
from casting_core.workflows.review.judgements import Judged, judge
from tests.conftest import installation

MADE = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
NOTE = "pores at the hub"


def silent(_stage: Stage) -> Callable[[int, int], None]:
    return lambda _done, _total: None


@pytest.fixture(scope="session")
def report(
    sample_dataset: NamedDataset, castings_of_sample: Path, trained_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> Report:
    """The report on ``v1`` at a threshold where it misses and gives false alarms; Ana has judged the worst photo."""
    with installation(tmp_path_factory.mktemp("reported")) as folder:
        shutil.copytree(castings_of_sample, settings().cache_dir)
        shutil.copytree(trained_once, folder / "model")
        dataset, model = open_dataset(sample_dataset.folder), load_model("v1")
        _, table = evaluate_split(dataset, "test", model)
        defective, ok = (table[table["label"] == label] for label in (Label.DEFECTIVE, Label.OK))
        lowest, highest = float(defective["score"].min()), float(ok["score"].max())
        assert lowest < highest, "two epochs teach next to nothing"
        between = OperatingPoint(threshold=(lowest + highest) / 2, chosen="between both, for a test")
        worst = str(defective.sort_values("score")["photo"].iloc[0])
        judge(dataset, worst, Judged.LABEL_RIGHT, model="v1", score=lowest, who="Ana", kind="cavities", note=NOTE)
        found = replace(model, point=between)
        return gather(found, dataset, name=sample_dataset.name, made=MADE, steps=silent)
