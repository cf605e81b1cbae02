"""A training in small, before anybody waits for one: what it leaves in the process, the first real one need not do.

That is the public network, traced and converted, and what libraries load when they are first used: as much again as to
load TensorFlow, and more than half of what a quick training of few photos takes.
"""

import keras
import numpy as np

from casting_core.data.imaging.images import Grey
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.networks.catalogue import network_of
from casting_core.learning.networks.export import serving_graph
from casting_core.learning.recipes.presets import quick
from casting_core.learning.training.train import train

HELD_OUT = 2  # photos


def rehearse(pixels: Grey) -> None:
    """Trains on a few photos, (n, size, size), for an epoch, and converts what comes of it; nothing of it is kept."""
    recipe, rows = quick().model_copy(update={"epochs": 1}), np.arange(len(pixels))
    photos = Photos(pixels=pixels, rows=rows, labels=(rows % 2).astype(np.float32))
    last = rows >= len(rows) - HELD_OUT
    trained = train(photos, recipe, report=lambda _event: None, should_stop=lambda: False, validation=last)
    serving_graph(network_of(recipe), trained.model, trained.alignment)
    keras.utils.clear_session(free_memory=False)  # so that layers without a name are counted from the first again
