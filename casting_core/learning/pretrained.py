"""What a network of parts that are not round knows before it sees the first of them; ``pretraining`` made the file."""

from pathlib import Path

import keras
import numpy as np

from casting_core.learning.evidence import eye_and_mind

FILE = Path(__file__).with_suffix(".npz")  # plain numbers; nothing in it is run
HEAD = 2  # arrays, the last of the file: the head's kernel and bias


def begin(model: keras.Model) -> None:
    """Gives the network ``evidence`` of a part that is not round the weights that it begins with."""
    with np.load(FILE, allow_pickle=False) as kept:
        weights = [kept[f"{number:03}"] for number in range(len(kept.files))]
    eye_and_mind(model)[1].set_weights(weights[:-HEAD])
    model.get_layer("head").set_weights(weights[-HEAD:])


def keep(model: keras.Model, file: Path) -> None:
    """Writes them."""
    weights = [*eye_and_mind(model)[1].get_weights(), *model.get_layer("head").get_weights()]
    named = {f"{number:03}": one for number, one in enumerate(weights)}
    np.savez_compressed(file, **named)
