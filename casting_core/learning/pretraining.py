"""Teaches a network of parts that are not round to see defects, before it sees the first of any product.

It is shown random castings in random light, each with its own product's sound ones to compare it with, and defects
painted on them. What it learns from them holds for castings: a product then teaches it the rest in a minute or two.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from casting_core.data.alignment.alignment import Alignment, Kind, packed
from casting_core.data.alignment.outline import SIDE
from casting_core.data.alignment.placement import Placement, Window
from casting_core.data.relief import Castings, castings
from casting_core.data.relief_plan import COLUMNS, ROWS
from casting_core.learning import evidence, pretrained
from casting_core.learning.augmentation import lit, moved
from casting_core.learning.batches import untuned
from casting_core.learning.evidence import CELL
from casting_core.learning.evidence_layers import Unusual
from casting_core.learning.painting import painted
from casting_core.learning.recipe import Optimizer
from casting_core.learning.runs import share_out
from casting_core.learning.teaching import cells, expect_few, teach

PRODUCTS, EACH = 240, 30  # and sound castings of each
STEPS, AT_ONCE = 12_000, 6  # views in each step
RATE = 0.006
VISIT = 12  # views of one product, one after the other; then they are mixed with those of others
MIXED = 600  # views


def pretrain(file: Path, *, products: int = PRODUCTS, steps: int = STEPS, report: Callable[[str], None]) -> None:
    """Draws products, teaches a network on them, and writes the weights that ``pretrained`` begins with."""
    keras.utils.set_random_seed(0)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        drawn = []
        for number, one in enumerate(pool.map(castings, range(products), [EACH] * products)):
            drawn.append(one)
            if number % 20 == 0:
                report(f"{number:,} of {products:,} products drawn")
    alignment = straight()
    model = evidence.build(alignment)
    expect_few(model)

    def goes_on(done: int) -> bool:
        if done % 500 == 0:
            report(f"{done:,} of {steps:,} steps")
        return True

    batches = _batches(drawn, model, alignment, steps)
    teach(model, batches, optimizer=Optimizer.MUON, rate=RATE, steps=steps, quick=True, goes_on=goes_on)
    pretrained.keep(model, file)


def straight() -> Alignment:
    """Views as they are drawn; all of each counts."""
    window = Window(x=(COLUMNS - 1) / 2, y=(ROWS - 1) / 2, columns=COLUMNS, rows=ROWS, angle=0.0)
    everywhere = packed(np.ones((SIDE, SIDE), dtype=np.float32))
    return Alignment(
        kind=Kind.REGISTERED, reason="drawn so", size=ROWS, reference=everywhere, window=list(window), sharp=True
    )


def _batches(drawn: list[Castings], model: keras.Model, alignment: Alignment, steps: int) -> tf.data.Dataset:
    """What is seen of painted castings, which cells are defective, and how much each counts."""
    eye, _ = evidence.eye_and_mind(model)
    seen = tf.function(lambda views: eye(views, training=False))
    unusual = next(layer for layer in model.layers if isinstance(layer, Unusual))
    straight = Placement(matrix=Window(*alignment.window).matrix, confidence=1.0)
    pictures = [tf.TensorSpec(one.shape[1:], tf.float32) for one in eye.outputs]
    of_cells = tf.TensorSpec((ROWS // CELL, COLUMNS // CELL), tf.float32)

    def one_by_one() -> Iterator[tuple[tuple[tf.Tensor, ...], np.ndarray, np.ndarray]]:
        rng = np.random.default_rng(0)
        usual: dict[int, list[np.ndarray]] = {}
        while True:
            number = int(rng.integers(len(drawn)))
            photos, part = drawn[number]
            if number not in usual:
                evidence.learn_usual(model, photos)
                usual[number] = unusual.get_weights()
            unusual.set_weights(usual[number])
            views, told = [], []
            for row in rng.choice(len(photos), VISIT):
                now = moved(straight, alignment.kind, rng)
                view, mask = painted(
                    alignment.view(photos[row], now), alignment.moved(part, seen=straight, now=now), rng
                )
                views.append(lit(view, alignment.kind, rng))
                told.append(cells(mask))
            shown = [one.numpy() for one in seen(tf.constant(np.stack(views)[..., np.newaxis] / np.float32(255)))]
            for at, (there, counts) in enumerate(told):
                yield tuple(one[at] for one in shown), there, counts

    views = tf.data.Dataset.from_generator(one_by_one, output_signature=(tuple(pictures), of_cells, of_cells))
    mixed = views.shuffle(MIXED, seed=0).batch(AT_ONCE, drop_remainder=True).take(steps)
    return mixed.with_options(untuned()).prefetch(8)


if __name__ == "__main__":
    share_out()
    pretrain(pretrained.FILE, report=print)
