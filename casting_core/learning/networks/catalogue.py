"""The networks: how each is built, and how each explains its score by places of the photo.

A network is trained on views of photos (``data.alignment``), grey levels between 0 and 1, shape (photos, rows,
columns, 1), and gives a score between 0, ok, and 1, defective. Its ``answers`` give more, in one pass: the score, the
map of evidence it was made of, and an embedding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import keras

from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.learning.networks import classic, evidence
from casting_core.learning.networks.backbone import distance
from casting_core.learning.networks.backbone import network as backbone
from casting_core.learning.networks.evidence import Answers
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.recipe import IMAGE_SIZE, Recipe


@dataclass(frozen=True, kw_only=True)
class Network:
    """A way to build a model for aligned photos, and to read its three answers.

    The evidence map lies over the view: ``first`` pixels from its edge to the middle of the first cell, ``step`` from
    one to the next.
    """

    build: Callable[[Alignment], keras.Model]
    answers: Callable[[keras.Model], Answers]
    head: str  # the layer whose output is the logit, or the score that follows it
    first: float  # pixels of the view
    step: float  # pixels of the view
    tolerance: float = 1e-5  # largest difference of a score between Keras and the exported graph
    # Of a network that is fixed but for a few layers: the values of those, which training changes.
    learned: Callable[[keras.Model], Sequence[keras.Variable]] = lambda _model: ()


def rescale_logit(network: Network, model: keras.Model, *, stretch: float, shift: float) -> None:
    """Makes the model's logit ``stretch`` times what it was, plus ``shift``; its evidence is stretched with it."""
    head = model.get_layer(network.head)
    head.kernel.assign(head.kernel * stretch)
    head.bias.assign(head.bias * stretch + shift)


def _variables(model: keras.Model, *layers: str) -> Sequence[keras.Variable]:
    return [variable for name in layers for variable in model.get_layer(name).variables]


# Middle of the first cell and distance to the next, by the arithmetic of strides and borders.
# Classic: stride 2, pool 2, stride 2, pool 2 gives pixel 16 r + 10, whose middle is half a pixel further.
# Evidence: "same" convolutions of stride 2 look at pixel 4 r + 3, and the pooling puts two of those together.
NETWORKS: dict[NetworkName, Network] = {
    NetworkName.CLASSIC: Network(build=classic.build, answers=classic.answers, head="score", first=10.5, step=16.0),
    NetworkName.EVIDENCE: Network(
        build=evidence.build, answers=evidence.answers, head="head", first=5.5, step=evidence.CELL
    ),
    NetworkName.BACKBONE: Network(
        build=backbone.build,
        answers=backbone.answers,
        head=backbone.HEAD,
        first=backbone.FIRST,
        step=backbone.CELL,
        tolerance=1e-4,  # sums of nine hundred numbers, each of which went through thirty convolutions
        learned=lambda model: _variables(model, backbone.STANDARD, backbone.HEAD),
    ),
}

# On the public network, too, but without a head that would need both classes.
DISTANCE = Network(
    build=distance.build,
    answers=distance.answers,
    head=distance.HEAD,
    first=backbone.FIRST,
    step=backbone.CELL,
    tolerance=1e-4,
    learned=lambda model: _variables(model, distance.APART, distance.HEAD),
)


def network_of(recipe: Recipe) -> Network:
    """The network that a recipe trains: on sound castings alone, ``backbone`` measures distances instead."""
    if recipe.sound_only and recipe.network is NetworkName.BACKBONE:
        return DISTANCE
    network, finer = NETWORKS[recipe.network], recipe.image_size / IMAGE_SIZE
    return network if finer == 1 else replace(network, first=network.first * finer, step=network.step * finer)
