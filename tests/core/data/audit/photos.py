"""Small tables of photos and drawn looks, for questions that need no files."""

from pathlib import Path

import numpy as np
import pandas as pd

from casting_core.data.audit.looks import Looks, look_at
from casting_core.data.audit.questions import different
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.datasets.scan import scan
from casting_core.data.drawing.synthetic import TABLE
from casting_core.data.imaging.thumbnails import THUMBNAIL
from casting_core.domain import Label
from casting_core.settings import settings

OK, DEFECTIVE = Label.OK, Label.DEFECTIVE


def table(*rows: tuple[str, str, Label, int]) -> pd.DataFrame:
    """Photos by name, split, label and casting."""
    made = pd.DataFrame(list(rows), columns=["photo", "split", "label", "casting"])
    return made.assign(
        path=[f"{row.split}/{row.label}/{at}.png" for at, row in enumerate(made.itertuples())],
        label=made["label"].astype("Int8"),
        width=300,
        height=300,
        mode="L",
    )


def castings(*, ok: int, defective: int, copies: int = 2, test: int = 0) -> pd.DataFrame:
    """So many castings, whole in train but for the last ``test`` of each label."""
    rows = []
    for label, many in ((OK, ok), (DEFECTIVE, defective)):
        for at in range(many):
            split = "test" if at >= many - test else "train"
            rows += [(f"{label.word} {at} {copy}", split, label, 1000 * label + at) for copy in range(copies)]
    return table(*rows)


def looks(photos: pd.DataFrame, *, seed: int = 0) -> Looks:
    """Looks that say nothing of the label, and are alike for all these photos."""
    rng, count = np.random.default_rng(seed), len(photos)
    shape = rng.standard_normal(THUMBNAIL**2) + 0.3 * rng.standard_normal((count, THUMBNAIL**2))
    shape -= shape.mean(axis=1, keepdims=True)
    return Looks(
        brightness=rng.normal(140, 6, count),
        contrast=rng.normal(60, 3, count),
        sharpness=rng.normal(0.22, 0.02, count),
        background=rng.normal(170, 6, (count, 5)),
        thumbnail=(shape / np.linalg.norm(shape, axis=1, keepdims=True)).astype(np.float32),
    )


def drawn(folder: Path) -> tuple[pd.DataFrame, Looks]:
    """The different photos of a drawn sample with the casting each shows, and their looks."""
    dataset = scan(folder, cache_dir=settings().cache_dir)
    truth = pd.read_csv(folder / TABLE).set_index("path")["casting"]
    photos = different(dataset.usable.assign(casting=dataset.usable["path"].map(truth)))
    cache = PixelCache(settings().cache_dir)
    return photos, look_at(list(photos["photo"]), cache, report=lambda _done, _total: None)
