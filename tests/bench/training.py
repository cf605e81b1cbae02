"""Photos per second of one epoch: our pipeline against the notebooks', which decodes every photo in every epoch."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf
from keras._tf_keras.keras.preprocessing.image import ImageDataGenerator

from casting_core.data.imaging.alignment.alignment import free
from casting_core.errors import DatasetError
from casting_core.learning.inputs.batches import training_batches
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks.catalogue import NETWORKS
from casting_core.learning.networks.microbatches import in_microbatches
from casting_core.learning.recipes.recipe import IMAGE_SIZE, Recipe
from casting_core.learning.threads import share_out
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.training.learnable import learnable
from tests.bench.figures import Bar, Figure, Taken, figure, timed
from tests.bench.photos import Material

RECIPE = Recipe()
FREE = free(IMAGE_SIZE, reason="the guide aligns nothing")
FASTER = 2.0  # times


@dataclass(frozen=True, kw_only=True)
class Training:
    """One warm epoch, both ways."""

    photos: int
    repeats: int
    ours: Figure  # photos per second
    notebook: Figure  # photos per second
    our_processor: Figure  # milliseconds per photo, on all cores together
    notebook_processor: Figure  # milliseconds per photo
    decoded: int  # photos, once and for all
    decoding: float  # seconds for all of them

    @property
    def ratio(self) -> float:
        return self.ours.median / self.notebook.median

    @property
    def bars(self) -> list[Bar]:
        return [Bar(name="training against the notebook", value=self.ratio, limit=FASTER)]


def measure(material: Material, *, repeats: int) -> Training:
    """Trains the same network on the same photos, in turns; the first epoch of both warms up and does not count."""
    photos, found = len(material.dataset.to_train), as_notebooks_do(material.learn_folder)
    if found.samples != photos:
        raise DatasetError(f"the notebook's way finds {found.samples} photos to train on, not {photos}")
    their_network = compiled(network())
    with our_way(material.dataset.root) as our_epoch:
        pairs = [(our_epoch(), timed(lambda: their_network.fit(found, verbose=0))) for _ in range(repeats + 1)]
    ours, theirs = zip(*pairs[1:], strict=True)
    return Training(
        photos=photos,
        repeats=repeats,
        ours=figure([photos / taken.seconds for taken in ours]),
        notebook=figure([photos / taken.seconds for taken in theirs]),
        our_processor=figure([1000 * taken.processor / photos for taken in ours]),
        notebook_processor=figure([1000 * taken.processor / photos for taken in theirs]),
        decoded=len(material.dataset.photos),
        decoding=material.decoding,
    )


@contextmanager
def our_way(folder: Path) -> Iterator[Callable[[], Taken]]:
    """What trains one epoch on this folder, in a process of its own: the way of a run."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield lambda: pool.submit(_our_epoch, folder).result()


def _our_epoch(folder: Path) -> Taken:
    learner, batches = _prepared(folder)
    return timed(lambda: learner.fit(batches, shuffle=False, verbose=0))


@cache
def _prepared(folder: Path) -> tuple[keras.Model, tf.data.Dataset]:
    share_out()  # heard, because importing TensorFlow does not start it yet
    return compiled(in_microbatches(network())), _batches(learnable(open_dataset(folder).to_train))


def _batches(photos: Photos) -> tf.data.Dataset:
    return training_batches(photos, RECIPE, Views(photos.pixels, FREE), epoch=0)


def as_notebooks_do(folder: Path) -> Any:
    """The photos of the class folders in this folder, the way of the guide's notebook."""
    with redirect_stdout(io.StringIO()):  # it prints what it found
        return ImageDataGenerator(rescale=1 / 255.0).flow_from_directory(
            folder,
            color_mode="grayscale",
            target_size=(IMAGE_SIZE, IMAGE_SIZE),
            batch_size=RECIPE.batch_size,
            class_mode="binary",
        )


def network() -> keras.Model:
    """A fresh network, as the guide builds it."""
    return NETWORKS[RECIPE.network].build(FREE)


def compiled(model: keras.Model) -> keras.Model:
    """The model with the guide's optimizer and loss."""
    optimizer = keras.optimizers.Adam(RECIPE.learning_rate)
    model.compile(optimizer, loss="binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model
