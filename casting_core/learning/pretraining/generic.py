"""Trains networks to see defects before they see the first photo of any product.

They are shown random castings in random light, and defects painted on them; a part that is not round with its own
product's sound ones to compare it with. What they learn from these holds for castings in general, so that the rest is
learned from a product in a minute.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import click
import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.data.drawing.canvas import SIZE
from casting_core.data.drawing.random_products import relief, turned
from casting_core.data.drawing.random_products.relief_plan import COLUMNS, ROWS
from casting_core.data.imaging.alignment.alignment import Alignment, Kind, packed
from casting_core.data.imaging.alignment.outline import SIDE
from casting_core.data.imaging.alignment.placement import Placement, Window
from casting_core.learning.inputs.augmentation import moved, relit
from casting_core.learning.inputs.batches import without_autotune
from casting_core.learning.networks import evidence, pretrained
from casting_core.learning.networks.evidence import CELL
from casting_core.learning.networks.layers import PcaResidual
from casting_core.learning.pretraining.cells import CellBatch, cell_labels, train_on_cells
from casting_core.learning.pretraining.painting import paint_defects
from casting_core.learning.recipes.choices import Optimizer
from casting_core.learning.threads import share_out

BATCH = 6  # views in each step
RATE = 0.006
PER_VISIT = 12  # views of one product, one after the other; then they are shuffled among those of others
SHUFFLED = 600  # views
RARE = 3.0  # logits less at the start: nearly every place is sound, which need not be learned first


class Product(NamedTuple):
    """Photos of sound castings of one random product, and where the part lies in each and in a view."""

    photos: NDArray[np.uint8]  # (n, rows, columns)
    placements: list[Placement]
    part: NDArray[np.bool_]  # of a view's shape


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a network for one kind of parts is trained on, and how long."""

    draw: Callable[[int], Product]  # the random product of this number
    products: int
    steps: int


def pretrain(
    kind: Kind, file: Path, *, report: Callable[[str], None], products: int | None = None, steps: int | None = None
) -> None:
    """Draws products, trains a network on them, and writes the weights that ``networks.pretrained`` loads."""
    plan = PLANS[kind]
    products, steps = products or plan.products, steps or plan.steps
    keras.utils.set_random_seed(0)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        drawn = []
        for number, one in enumerate(pool.map(plan.draw, range(products))):
            drawn.append(one)
            if number % 20 == 0:
                report(f"{number:,} of {products:,} products drawn")
    alignment = alignment_of_drawn(kind)
    model = evidence.build(alignment, members=1)
    head = model.get_layer("head")
    head.bias.assign(head.bias - RARE)

    def proceed(done: int, _loss: float) -> bool:
        if done % 500 == 0:
            report(f"{done:,} of {steps:,} steps")
        return True

    batches = _batches(drawn, model, alignment, steps)
    train_on_cells(model, batches, optimizer=Optimizer.MUON, rate=RATE, steps=steps, proceed=proceed, told_every=500)
    pretrained.save(model, file)


def alignment_of_drawn(kind: Kind) -> Alignment:
    """How random castings are seen: round ones unwound, others as they are drawn; all of each view counts."""
    if kind is Kind.ROUND:
        return Alignment(kind=kind, reason="drawn so", size=SIZE)
    window = Window(x=(COLUMNS - 1) / 2, y=(ROWS - 1) / 2, columns=COLUMNS, rows=ROWS, angle=0.0)
    everywhere = packed(np.ones((SIDE, SIDE), dtype=np.float32))
    return Alignment(kind=kind, reason="drawn so", size=ROWS, reference=everywhere, window=list(window), sharp=True)


def _flat_product(number: int) -> Product:
    photos, part = relief.castings(number, 30)
    straight = Placement(matrix=Window(*alignment_of_drawn(Kind.REGISTERED).window).matrix, confidence=1.0)
    return Product(photos=photos, placements=[straight] * len(photos), part=part)


def _round_product(number: int) -> Product:
    photos, placements = turned.castings(number, 4)
    return Product(photos=photos, placements=placements, part=alignment_of_drawn(Kind.ROUND).part())


PLANS = {
    Kind.ROUND: Plan(draw=_round_product, products=1_200, steps=10_000),
    Kind.REGISTERED: Plan(draw=_flat_product, products=240, steps=12_000),
}


def _batches(drawn: list[Product], model: keras.Model, alignment: Alignment, steps: int) -> tf.data.Dataset:
    """What the fixed part of the network makes of painted castings; the labels and the weights of their cells."""
    fixed, _ = evidence.split_fixed_and_trained(model)
    pictures_of = tf.function(lambda views: fixed(views, training=False))
    residuals = [layer for layer in model.layers if isinstance(layer, PcaResidual)]
    rows, columns = alignment.shape
    pictures = [tf.TensorSpec(one.shape[1:], tf.float32) for one in fixed.outputs]
    of_cells = tf.TensorSpec((rows // CELL, columns // CELL), tf.float32)

    def one_by_one() -> Iterator[CellBatch]:
        rng = np.random.default_rng(0)
        fitted: dict[int, list[list[np.ndarray]]] = {}  # the weights of the residual layers, by product
        while True:
            number = int(rng.integers(len(drawn)))
            photos, placements, part = drawn[number]
            if number not in fitted:
                evidence.fit_to_sound_parts(model, photos)
                fitted[number] = [layer.get_weights() for layer in residuals]
            for layer, weights in zip(residuals, fitted[number], strict=True):
                layer.set_weights(weights)
            views, labelled = [], []
            for row in rng.choice(len(photos), PER_VISIT):
                now = moved(placements[row], alignment.kind, rng)
                here = alignment.moved(part, seen=placements[row], now=now)
                view, mask = paint_defects(alignment.view(photos[row], now), here, rng)
                views.append(relit(view, alignment.kind, rng))
                labelled.append(cell_labels(mask))
            unit = np.stack(views)[..., np.newaxis] / np.float32(255)
            made = [one.numpy() for one in pictures_of(tf.constant(unit))]
            for at, (labels, counts) in enumerate(labelled):
                yield tuple(one[at] for one in made), labels, counts

    views = tf.data.Dataset.from_generator(one_by_one, output_signature=(tuple(pictures), of_cells, of_cells))
    shuffled = views.shuffle(SHUFFLED, seed=0).batch(BATCH, drop_remainder=True).take(steps)
    return shuffled.with_options(without_autotune()).prefetch(8)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("kinds", nargs=-1, type=click.Choice(list(PLANS), case_sensitive=False))
@click.option(
    "--products", type=click.IntRange(min=1), help="Instead of as many as the weights in use were trained on."
)
@click.option("--steps", type=click.IntRange(min=1), help="Instead of as many as those were trained for.")
@click.option(
    "--into",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=pretrained.FOLDER,
    help="A folder instead of the one that networks begin with.",
)
def main(kinds: tuple[Kind, ...], products: int | None, steps: int | None, into: Path) -> None:
    """Train anew the weights that networks for these KINDS of parts begin with; for all kinds if none is named."""
    share_out()
    for kind in kinds or PLANS:
        pretrain(kind, into / pretrained.weights_file(kind).name, report=click.echo, products=products, steps=steps)
