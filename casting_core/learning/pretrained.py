"""What a network knows before it sees the first photo of a product; ``pretraining`` made the files."""

from pathlib import Path

import keras
import numpy as np

from casting_core.data.alignment.alignment import Kind
from casting_core.learning.evidence import eye_and_mind

FOLDER = Path(__file__).with_name("weights")  # plain numbers; nothing in them is run
HEAD = 2  # arrays, the last of a file: the head's kernel and bias


def file_of(kind: Kind) -> Path:
    """Where the weights lie that a network of this kind of parts begins with."""
    return FOLDER / ("round.npz" if kind is Kind.ROUND else "registered.npz")


def begin(model: keras.Model, kind: Kind) -> None:
    """Gives the network ``evidence`` of this kind of parts the weights that it begins with."""
    with np.load(file_of(kind), allow_pickle=False) as kept:
        weights = [kept[f"{number:03}"] for number in range(len(kept.files))]
    eye_and_mind(model)[1].set_weights(weights[:-HEAD])
    model.get_layer("head").set_weights(weights[-HEAD:])


def keep(model: keras.Model, file: Path) -> None:
    """Writes them."""
    weights = [*eye_and_mind(model)[1].get_weights(), *model.get_layer("head").get_weights()]
    named = {f"{number:03}": one for number, one in enumerate(weights)}
    np.savez_compressed(file, **named)
