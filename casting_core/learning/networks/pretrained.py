"""The files of weights that a network begins with before it sees a product; ``pretraining`` made them."""

from pathlib import Path

import keras
import numpy as np

from casting_core.data.imaging.alignment.alignment import Kind
from casting_core.learning.networks.evidence import member_count, member_layers

FOLDER = Path(__file__).with_name("weights")  # plain numbers; nothing in them is run


def weights_file(kind: Kind) -> Path:
    """Where the weights lie that a network of this kind of parts begins with."""
    return FOLDER / ("round.npz" if kind is Kind.ROUND else "registered.npz")


def load(model: keras.Model, kind: Kind) -> None:
    """Gives the first member of the network ``evidence`` the weights of this kind of parts.

    Another member keeps its random ones and learns all from the product, so that it errs elsewhere.
    """
    with np.load(weights_file(kind), allow_pickle=False) as stored:
        *weights, first, bias = [stored[f"{number:03}"] for number in range(len(stored.files))]
    for layer in member_layers(model, 0):
        layer.set_weights([weights.pop(0) for _ in layer.weights])
    head = model.get_layer("head")
    kernel = np.asarray(head.kernel)
    head.set_weights([np.concatenate([first / member_count(model), kernel[len(first) :]]), bias])


def save(model: keras.Model, file: Path) -> None:
    """Writes the weights of a network with one member, in the order in which ``load`` wants them."""
    weights = [weight for layer in member_layers(model, 0) for weight in layer.get_weights()]
    weights += model.get_layer("head").get_weights()
    numbered = {f"{number:03}": weight for number, weight in enumerate(weights)}
    np.savez_compressed(file, **numbered)
