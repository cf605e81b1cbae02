"""Makes the starter model version anew: draws the sample, trains on it as a user would, and keeps what judging needs.

``make starter`` calls it; the figures of the result are measured by ``make bench`` on castings of another seed. With
``--complete`` nothing is trained: what versions have been given since is made for the starter's graph as it is.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.data.drawing.synthetic import read_castings
from casting_core.data.imaging.images import Grey
from casting_core.domain import OperatingPoint, Split
from casting_core.judging.gating import reference
from casting_core.judging.scoring import Scorer
from casting_core.learning.inputs.photos import Photos, split_random
from casting_core.records.card import TEST, VALIDATION, ModelCard, read
from casting_core.records.registry import STARTER, Registry
from casting_core.records.version_files import ANSWERS, CARD, GATE, GRAPH, LEARNED
from casting_core.records.version_folder import finish
from casting_core.settings import ROOT
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.sample import ensure_sample
from casting_core.workflows.judging import answers
from casting_core.workflows.judging.evaluate import figures_of
from casting_core.workflows.judging.independence import standing_of
from casting_core.workflows.stores import pixel_cache
from tests.conftest import installation

COMMAND = (sys.executable, "-m", "casting_core")


def main() -> None:
    """Trains in a folder of its own and replaces ``model/starter`` when all is done."""
    with tempfile.TemporaryDirectory() as folder:
        sample, models = Path(folder) / "Drawn sample", Path(folder) / "model"
        here = os.environ | {"CASTING_DATA_DIR": str(Path(folder) / "data"), "CASTING_MODEL_DIR": str(models)}
        subprocess.run([*COMMAND, "sample", str(sample)], env=here, check=True)
        train = ["train", "--data", str(sample), "--network", "evidence", "--no-compare", "--validation-share", "0.2"]
        subprocess.run([*COMMAND, *train], env=here, check=True)
        starter = keep(Registry(models, models / "none"), Path(folder) / STARTER)
        shutil.rmtree(ROOT / "model" / STARTER, ignore_errors=True)
        shutil.copytree(starter, ROOT / "model" / STARTER)


def keep(made: Registry, starter: Path) -> Path:
    """The new folder, with what judging needs of the newest version, and a card that names no run."""
    starter.mkdir()
    for file in (GRAPH, GATE, LEARNED, ANSWERS):
        (starter / file).write_bytes(made.file(made.newest(), file))
    finish(starter, made.card(made.newest()).model_copy(update={"name": STARTER, "run": None}))
    return starter


def complete(starter: Path) -> None:
    """Gives the starter in this folder all that a version has today, without training: its graph stays as it is.

    Its gate is learned anew, its answers are kept, what it learned from is listed, and castings are counted, all by the
    very photos its network was trained on. Raises ``RuntimeError`` where these cannot be drawn again.
    """
    card = read((starter / CARD).read_bytes())
    with tempfile.TemporaryDirectory() as folder, installation(Path(folder)):
        sample = ensure_sample()
        assert sample is not None, "a new installation has one"
        dataset = open_dataset(sample.folder)
        train, watched = _trained_on(card, dataset)
        _check(starter, pixel_cache().take(train["photo"]))
        drawn = read_castings(dataset.root)
        castings = dataset.photos.set_index("photo")["path"].map(drawn).astype(int)
        scorer = Scorer((starter / GRAPH).read_bytes())
        standing = standing_of(castings, set(train["photo"]), set(watched["photo"]))
        point = OperatingPoint(threshold=card.threshold, chosen=card.threshold_chosen)
        worth = partial(figures_of, scorer, point, castings=castings, standing=standing)
        metrics = {VALIDATION: worth(watched), TEST: worth(dataset.part(Split.TEST))}
        (starter / GATE).write_bytes(reference.learn(pixel_cache().take(train["photo"])).to_bytes())
        (starter / ANSWERS).write_bytes(answers.given_by(scorer).to_bytes())
        parts = ((Split.TRAIN, train), (Split.VALIDATION, watched))
        lines = [f"{photo},{part},{castings[photo]}" for part, some in parts for photo in some["photo"]]
        (starter / LEARNED).write_text("\n".join(["photo,part,casting", *sorted(lines)]) + "\n", "ascii")
    finish(starter, card.model_copy(update={"metrics": metrics}))


def _trained_on(card: ModelCard, dataset: Dataset) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The photos of the drawn sample that this version was trained and validated on, as its recipe says.

    In the order in which a run shows them to the gate.
    """
    if dataset.fingerprint != card.data.fingerprint:
        raise RuntimeError("the sample is drawn otherwise by now; train the starter anew")
    photos = dataset.to_train
    rows = np.array([pixel_cache().rows()[photo] for photo in photos["photo"]], dtype=np.int64)
    whole = Photos(pixels=pixel_cache().all(), rows=rows, labels=photos["label"].to_numpy(dtype=np.float32))
    share, seed = (float(str(card.recipe[name])) for name in ("validation_share", "seed"))
    train, watched = split_random(whole, share=share, seed=int(seed))
    if (len(train), len(watched)) != (card.data.trained_on, card.data.validated_on):
        raise RuntimeError("the starter was trained on another number of photos")
    of_row = photos.assign(row=rows).drop_duplicates("row").set_index("row")
    return of_row.loc[np.unique(train.rows)], of_row.loc[np.unique(watched.rows)]


def _check(starter: Path, trained_on: Grey) -> None:
    """``RuntimeError`` where the gate in this folder was learned from other photos than these."""
    old, new = reference.Reference.from_bytes((starter / GATE).read_bytes()), reference.learn(trained_on)
    if old.photo is None or new.photo is None or not np.allclose(new.photo.mean, old.photo.mean, atol=1e-9):
        raise RuntimeError("these are not the photos that the gate of the starter was learned from")


if __name__ == "__main__":
    if sys.argv[1:] == ["--complete"]:
        complete(ROOT / "model" / STARTER)
    else:
        main()
