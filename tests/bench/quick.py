"""What Quick makes of forty photos, beside simple methods on the same ones: ``python -m tests.bench.quick FOLDER``.

FOLDER holds products, a dataset in each folder; drawn impellers and brackets are judged, too. Twenty photos of each
class are drawn from those to learn from, and the photos of test are ordered. Exit codes: 0 when the bar was kept, 1
when not.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import click
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from casting_core.domain import Label

OF_EACH = 20  # photos of each class that are learned from
MOST = 200  # photos of each class that are ordered
SHORT = 0.03  # of the frozen network's area under the ROC curve, at most, in the mean over draws
DRAWN = 200  # castings of each drawn part


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """How well photos that were not learned from are ordered: areas under the ROC curve."""

    quick: float
    network: float  # the frozen public network as it is, with a logistic regression
    greys: float  # how many pixels have which grey level; it may tell the lamp, or how files were compressed
    right: float  # share of the photos, with Quick's own threshold of 0.5
    seconds: float  # of processor, for Quick


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--also", type=click.Path(exists=True, path_type=Path), multiple=True, help="A dataset beside those.")
@click.option("--draws", default=3, show_default=True, type=click.IntRange(min=1), help="How often forty are drawn.")
@click.option("--first", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of the first draw.")
def main(folder: Path, also: tuple[Path, ...], draws: int, first: int) -> None:
    """Measure what forty photos are enough for."""
    kept = True
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        os.environ |= {"CASTING_DATA_DIR": str(Path(room, "data")), "TF_CPP_MIN_LOG_LEVEL": "3"}
        click.echo(f"{'product':16}{'Quick':>8}{'network':>9}{'greys':>8}{'right':>8}{'seconds':>9}")
        for name, data in [*_products(folder, also), *_drawn(Path(room, "drawn"))]:
            found = [_ordered(data, seed) for seed in range(first, first + draws)]
            quick, network, greys, right, seconds = np.mean([astuple(one) for one in found], axis=0)
            kept = kept and bool(quick >= network - SHORT)
            click.echo(f"{name:16}{quick:8.3f}{network:9.3f}{greys:8.3f}{right:8.3f}{seconds:9.1f}")
    click.echo(f"bar, at most {SHORT} below the frozen network on each: {'kept' if kept else 'not kept'}")
    sys.exit(0 if kept else 1)


def _products(folder: Path, also: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    yield from ((data.name, data) for data in sorted(folder.iterdir()) if data.is_dir())
    yield from ((data.name, data) for data in also)


def _drawn(room: Path) -> Iterator[tuple[str, Path]]:
    from casting_core.data.drawing.synthetic import Part, write_sample

    for part in Part:
        write_sample(room / part.value, castings=DRAWN, copies=3, seed=17, part=part)
        yield f"drawn {part.value}", room / part.value


def _ordered(data: Path, seed: int) -> Ordered:
    from casting_core.learning.recipes.presets import quick
    from casting_core.learning.training import refit, train
    from casting_core.learning.training.baselines import BASELINES
    from casting_core.workflows.datasets.opening import open_dataset
    from casting_core.workflows.training.learnable import learnable

    photos = open_dataset(data).usable.drop_duplicates("photo")
    rng = np.random.default_rng(seed)
    learned = learnable(_some(photos[photos["split"] != "test"], OF_EACH, rng))
    judged = learnable(_some(photos[photos["split"] == "test"], MOST, rng))
    began = time.process_time()
    trained = train.train(learned, quick(), report=lambda _event: None, should_stop=lambda: False)
    again = refit.with_validation(trained, learned, report=lambda _event: None, should_stop=lambda: False)
    taken = time.process_time() - began
    said, _ = train.score(trained if again is None else again.trained, judged)
    simple = {name: float(roc_auc_score(judged.labels, method(learned, judged))) for name, method in BASELINES.items()}
    return Ordered(
        quick=float(roc_auc_score(judged.labels, said)),
        network=simple["frozen public network"],
        greys=simple["grey histogram"],
        right=float(np.mean((said > 0.5) == judged.labels)),
        seconds=taken,
    )


def _some(photos: pd.DataFrame, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """So many of each class at random, or all."""
    parts = [photos[photos["label"] == label] for label in Label]
    return pd.concat([part.iloc[rng.permutation(len(part))[:number]] for part in parts])


if __name__ == "__main__":
    main()
