"""One step of the network ``evidence``: how long it takes, and how long its arithmetic alone would take here.

The ceiling is measured on this machine in the same run: a large matrix product, and the network's own convolutions,
forwards and backwards, with nothing around them, both with numbers of 32 bits. The step computes as a run's does, so
with 16 bits where the processor is made for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice

import keras
import numpy as np
import tensorflow as tf

from casting_core.learning.inputs.batches import training_batches
from casting_core.learning.inputs.curriculum import photos_per_epoch
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views, choose_alignment
from casting_core.learning.networks import evidence, optimizers
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.networks.ensemble import train_members_separately
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.presets import recommended
from casting_core.workflows.training.learnable import learnable
from tests.bench.figures import Figure, figure, timed
from tests.bench.photos import Material

RECIPE = recommended(NetworkName.EVIDENCE)
SIDE = 1024  # of the matrices
TIMES = 9  # how often each is timed, after two to warm up
FORTH_AND_BACK = 3  # a pass forwards, one for the weights and one for what came in; the first layer needs no last one


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What one step is made of."""

    batch: int  # photos
    weights: int
    arithmetic: float  # million operations a photo, forwards and backwards; a multiplication and an addition are two
    product: float  # thousand million operations a second, in a matrix product
    convolutions: float  # the same in the network's own convolutions, nothing around them
    step: Figure  # milliseconds a photo, from a batch in memory to new weights
    epoch: Figure  # photos a second, from photos in the cache to new weights

    @property
    def least(self) -> float:
        """Milliseconds a photo that the arithmetic alone takes, at the speed of the convolutions."""
        return self.arithmetic / self.convolutions

    @property
    def share(self) -> float:
        """Of a step, what is arithmetic."""
        return self.least / self.step.median


def measure(material: Material) -> Steps:
    """Times the step on photos of the material as a run would see them, moved and relit at random."""
    photos = learnable(material.dataset.to_train)
    views = Views(photos.pixels, choose_alignment(photos, RECIPE))
    model = train_members_separately(evidence.mixed_precision_copy(NETWORKS[RECIPE.network].build(views.alignment)))
    corrections = optimizers.make(RECIPE.optimizer, RECIPE.learning_rate)
    model.compile(corrections, loss="binary_crossentropy", jit_compile=False)
    seen, labels = next(iter(_batches(photos, views, 0)))
    step = _seconds(lambda: model.train_on_batch(seen, labels))
    epochs = [
        timed(partial(model.fit, _batches(photos, views, epoch), shuffle=False, verbose=0)).seconds
        for epoch in range(3)
    ]
    whole = sum(_operations(layer, seen.shape[0]) for layer in _convolutions(model))
    return Steps(
        batch=RECIPE.batch_size,
        weights=model.count_params(),
        arithmetic=whole / seen.shape[0] / 1e6,
        product=_product(),
        convolutions=whole / sum(_alone(layer, seen.shape[0]) for layer in _convolutions(model)) / 1e9,
        step=figure([1000 * one / seen.shape[0] for one in step]),
        epoch=figure([photos_per_epoch(photos, RECIPE, views.alignment.kind) / seconds for seconds in epochs[1:]]),
    )


def _batches(photos: Photos, views: Views, epoch: int) -> tf.data.Dataset:
    return training_batches(photos, RECIPE, views, epoch=epoch)


def _convolutions(model: keras.Model) -> list[keras.layers.Conv2D]:
    return [layer for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]


def _operations(layer: keras.layers.Conv2D, photos: int) -> float:
    """Of one step in this layer."""
    forwards = 2.0 * photos * np.prod(layer.output.shape[1:3]) * np.prod(layer.kernel.shape)
    return float(forwards * (FORTH_AND_BACK - _first(layer)))


def _first(layer: keras.layers.Conv2D) -> bool:
    """Whether nothing before this layer learns, so that nobody asks how it should have been fed."""
    return int(layer.kernel.shape[2]) <= 2


def _alone(layer: keras.layers.Conv2D, photos: int) -> float:
    """Seconds of this convolution forwards and backwards, on drawn numbers."""
    fed = tf.random.normal((photos, *layer.input.shape[1:]))
    kernel, back = tf.random.normal(layer.kernel.shape), tf.random.normal((photos, *layer.output.shape[1:]))

    @tf.function
    def both_ways() -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch([fed, kernel])
            made = tf.nn.conv2d(fed, kernel, layer.strides, "SAME")
        return tape.gradient(made, [kernel] if _first(layer) else [kernel, fed], output_gradients=back)

    return float(np.median(_seconds(both_ways)))


def _product() -> float:
    """Thousand million operations a second in a matrix product."""
    left, right = tf.random.normal((SIDE, SIDE)), tf.random.normal((SIDE, SIDE))
    return float(2 * SIDE**3 / np.median(_seconds(lambda: tf.matmul(left, right).numpy())) / 1e9)


def _seconds(way: Callable[[], object]) -> list[float]:
    return list(islice((timed(way).seconds for _ in range(TIMES + 2)), 2, None))
