"""The repeatable option: the same seed gives the same weights in two processes, bit by bit."""

import subprocess
import sys

import pytest

from casting_core.settings import ROOT

TRAIN = """
import hashlib, sys
import numpy as np
from casting_core.learning.recipes.recipe import NetworkName, recommended
from casting_core.learning.threads import share_out
share_out()
from casting_core.learning.inputs.batches import Photos
from casting_core.learning.training.train import train
pixels = np.random.default_rng(0).integers(0, 255, (24, 300, 300), dtype=np.uint8)
photos = Photos(pixels=pixels, rows=np.arange(24), labels=(np.arange(24) % 2).astype(np.float32))
told = {"epochs": 2, "batch_size": 8, "augmentation": True, "painted": 5, "repeatable": True, "seed": 1}
recipe = recommended(NetworkName(sys.argv[1])).model_copy(update=told)
trained = train(photos, recipe, report=lambda _: None, should_stop=lambda: False)
print(hashlib.sha256(b"".join(weight.tobytes() for weight in trained.model.get_weights())).hexdigest())
"""


def weights(network: str) -> str:
    command = [sys.executable, "-c", TRAIN, network]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("network", ["classic", "evidence"])
def test_a_repeatable_run_gives_the_same_weights_twice(network: str) -> None:
    first = weights(network)
    assert len(first.strip()) == 64
    assert first == weights(network)
