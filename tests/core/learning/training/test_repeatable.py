"""The repeatable option: the same seed gives the same weights in two processes, bit by bit."""

import subprocess
import sys

import pytest

from casting_core.learning.recipes.choices import NetworkName
from casting_core.settings import ROOT

TRAIN = """
import hashlib
import numpy as np
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import NetworkName, Sampling
from casting_core.learning.threads import share_out
share_out()
from casting_core.learning.inputs.batches import Photos
from casting_core.learning.training.train import train
pixels = np.random.default_rng(0).integers(0, 255, (16, 300, 300), dtype=np.uint8)
photos = Photos(pixels=pixels, rows=np.arange(16), labels=(np.arange(16) % 2).astype(np.float32))
told = {"epochs": 2, "batch_size": 8, "augmentation": True, "painted": 5, "repeatable": True, "seed": 1}
told["sampling"] = Sampling.PHOTO  # short epochs
for network in NetworkName:
    recipe = recommended(network).model_copy(update=told)
    trained = train(photos, recipe, report=lambda _: None, should_stop=lambda: False)
    print(hashlib.sha256(b"".join(weight.tobytes() for weight in trained.model.get_weights())).hexdigest())
"""


def weights() -> list[str]:
    """What the weights of each network come to, after a training of it in a process of their own."""
    done = subprocess.run([sys.executable, "-c", TRAIN], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.long
def test_a_repeatable_run_gives_the_same_weights_twice() -> None:
    first = weights()
    assert [len(one) for one in first] == [64] * len(NetworkName)
    assert first == weights()
