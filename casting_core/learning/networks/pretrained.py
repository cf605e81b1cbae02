"""What a network knows before it sees the first photo of a product; ``pretraining`` made the files."""

from pathlib import Path

import keras
import numpy as np

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.learning.networks.evidence import members, of_member

FOLDER = Path(__file__).with_name("weights")  # plain numbers; nothing in them is run


def file_of(kind: Kind) -> Path:
    """Where the weights lie that a network of this kind of parts begins with."""
    return FOLDER / ("round.npz" if kind is Kind.ROUND else "registered.npz")


def begin(model: keras.Model, kind: Kind) -> None:
    """Gives the first member of the network ``evidence`` of this kind of parts the weights that it begins with.

    Another keeps those drawn by lot and learns all from the product, so that it errs elsewhere.
    """
    with np.load(file_of(kind), allow_pickle=False) as kept:
        *weights, known, bias = [kept[f"{number:03}"] for number in range(len(kept.files))]
    for layer in of_member(model, 0):
        mine = [weights.pop(0) for _ in layer.weights]
        layer.set_weights(mine)
    head = model.get_layer("head")
    kernel = np.asarray(head.kernel)
    head.set_weights([np.concatenate([known / members(model), kernel[len(known) :]]), bias])


def keep(model: keras.Model, file: Path) -> None:
    """Writes those of a network with one member."""
    weights = [weight for layer in of_member(model, 0) for weight in layer.get_weights()]
    named = {f"{number:03}": one for number, one in enumerate([*weights, *model.get_layer("head").get_weights()])}
    np.savez_compressed(file, **named)
