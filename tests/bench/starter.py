"""Makes the starter model version anew: draws the sample, trains on it as a user would, and keeps what judging needs.

``make starter`` calls it; the figures of the result are measured by ``make bench`` on castings of another seed. With
``--gate`` nothing is trained: the starter's gate is learned anew from the very photos its network was trained on.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from casting_core import files
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.datasets.scan import scan
from casting_core.data.drawing.synthetic import write_sample
from casting_core.data.imaging.images import Grey
from casting_core.judging import gate
from casting_core.learning.inputs.photos import Photos, split_random
from casting_core.records.card import ModelCard, read
from casting_core.records.registry import CARD, GATE, GRAPH, LEARNED, STARTER, Registry, finish
from casting_core.settings import ROOT

COMMAND = (sys.executable, "-m", "casting_core")


def main() -> None:
    """Trains in a folder of its own and replaces ``model/starter`` when all is done."""
    with tempfile.TemporaryDirectory() as folder:
        sample, models = Path(folder) / "Drawn sample", Path(folder) / "model"
        here = os.environ | {"CASTING_DATA_DIR": str(Path(folder) / "data"), "CASTING_MODEL_DIR": str(models)}
        subprocess.run([*COMMAND, "sample", str(sample)], env=here, check=True)
        train = ["train", "--data", str(sample), "--network", "evidence", "--validation-share", "0.2"]
        subprocess.run([*COMMAND, *train], env=here, check=True)
        starter = keep(Registry(models, models / "none"), Path(folder) / STARTER)
        shutil.rmtree(ROOT / "model" / STARTER, ignore_errors=True)
        shutil.copytree(starter, ROOT / "model" / STARTER)


def keep(made: Registry, starter: Path) -> Path:
    """The new folder, with what judging needs of the newest version, and a card that names no run."""
    starter.mkdir()
    for file in (GRAPH, GATE, LEARNED):
        (starter / file).write_bytes(made.file(made.newest(), file))
    finish(starter, made.card(made.newest()).model_copy(update={"name": STARTER, "run": None}))
    return starter


def relearn_gate(starter: Path) -> None:
    """Replaces the gate of the starter in this folder, and what its card says of that file; nothing else changes.

    Raises ``RuntimeError`` where the photos it was trained on cannot be drawn again.
    """
    card = read((starter / CARD).read_bytes())
    old = gate.Reference.from_bytes((starter / GATE).read_bytes())
    new = gate.learn(_trained_on(card))
    if old.photo is None or new.photo is None or not np.allclose(new.photo.mean, old.photo.mean, atol=1e-9):
        raise RuntimeError("these are not the photos that the gate of the starter was learned from")
    (starter / GATE).write_bytes(new.to_bytes())
    before = json.loads((starter / CARD).read_text("utf-8"))
    before["files"][GATE] = hashlib.sha256((starter / GATE).read_bytes()).hexdigest()
    files.replace(starter / CARD, json.dumps(before, indent=1, ensure_ascii=False) + "\n")


def _trained_on(card: ModelCard) -> Grey:
    """The photos of the drawn sample that this version was trained on, as its recipe says: (n, size, size)."""
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder, "sample"))
        dataset = scan(Path(folder, "sample"), cache_dir=Path(folder, "cache"))
        if dataset.fingerprint != card.data.fingerprint:
            raise RuntimeError("the sample is drawn otherwise by now; train the starter anew")
        photos, cache = dataset.to_train, PixelCache(Path(folder, "cache"))
        rows = np.array([cache.rows()[photo] for photo in photos["photo"]], dtype=np.int64)
        whole = Photos(pixels=cache.all(), rows=rows, labels=photos["label"].to_numpy(dtype=np.float32))
        share, seed = (float(str(card.recipe[name])) for name in ("validation_share", "seed"))
        train, _ = split_random(whole, share=share, seed=int(seed))
        if len(train) != card.data.trained_on:
            raise RuntimeError("the starter was trained on another number of photos")
        return np.array(whole.pixels[np.unique(train.rows)])  # in the order in which a run shows them to the gate


if __name__ == "__main__":
    if sys.argv[1:] == ["--gate"]:
        relearn_gate(ROOT / "model" / STARTER)
    else:
        main()
