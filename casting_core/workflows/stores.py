"""What there is in this installation: datasets, runs, model versions, decoded photos, and the drawn sample."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd

from casting_core.data.datasets.folders import ClassRule
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.datasets.scan import Dataset, scan
from casting_core.data.drawing.synthetic import write_sample
from casting_core.learning.recipes.recipe import IMAGE_SIZE
from casting_core.records.database import connect
from casting_core.records.datasets import DatasetBook, NamedDataset
from casting_core.records.decisions import DecisionLog
from casting_core.records.registry import Registry
from casting_core.records.revisions import RevisionBook
from casting_core.records.run_log import RunLog
from casting_core.records.splits import SplitBook
from casting_core.settings import settings
from casting_core.workflows.review.decisions import decided

SAMPLE = "Drawn sample"
MAPPED = 2000  # photos on a map; more take longer to lay out and are no clearer

Progress = Callable[[int, int], None]


def registry() -> Registry:
    """The model versions."""
    return Registry(settings().model_dir, settings().starter_dir)


def run_log() -> RunLog:
    """The runs, past and present."""
    return RunLog(connect(settings().database_url))


def dataset_book() -> DatasetBook:
    """The datasets that have a name."""
    return DatasetBook(connect(settings().database_url))


def decision_log() -> DecisionLog:
    """What people decided about photos."""
    return DecisionLog(connect(settings().database_url))


def split_book() -> SplitBook:
    """The splits that have a name."""
    return SplitBook(connect(settings().database_url))


def revision(dataset: Dataset) -> int:
    """The number of the state the dataset is in, from 1; a state never seen before is written down."""
    book = RevisionBook(connect(settings().database_url))
    return book.number(str(dataset.root), dataset.fingerprint, photos=len(dataset.usable))


def pixel_cache() -> PixelCache:
    """The decoded photos; one for the whole process, for to learn which of very many are there takes a while."""
    return _pixel_cache(settings().cache_dir)


@cache
def _pixel_cache(folder: Path) -> PixelCache:
    return PixelCache(folder, size=IMAGE_SIZE)


def open_dataset(
    folder: Path | str, *, rule: ClassRule | None = None, report: Progress = lambda _done, _total: None
) -> Dataset:
    """The photos of a folder as one table, as people decided about them; only files new or changed are read."""
    return as_decided(scan_folder(folder, rule=rule, report=report))


def scan_folder(
    folder: Path | str, *, rule: ClassRule | None = None, report: Progress = lambda _done, _total: None
) -> Dataset:
    """The photos of a folder as its files and folders say, without what people decided."""
    return scan(Path(folder), cache_dir=settings().cache_dir, rule=rule, report=report)


def as_decided(dataset: Dataset) -> Dataset:
    """A dataset as its folders say, with everything that people decided about its photos."""
    return decided(dataset, decision_log().all(str(dataset.root)))


def places(dataset: Dataset, *, most: int = MAPPED) -> pd.DataFrame:
    """Where the photos lie on a map of them: columns ``photo``, ``x`` and ``y``; of more than ``most``, some by lot."""
    from casting_core.data.datasets.photo_map import (
        lay_out,
    )  # scikit-learn takes a second that the first page needs not

    photos = pd.Series(dataset.identities)
    some = photos if len(photos) <= most else photos.sample(most, random_state=0).sort_values()
    where = lay_out(pixel_cache().take(some))
    return pd.DataFrame({"photo": some.to_numpy(), "x": where[:, 0], "y": where[:, 1]})


def rule_of(named: dict[str, list[str]]) -> ClassRule:
    """The class rule that was written down as names of folders."""
    return ClassRule(ok=frozenset(named["ok"]), defective=frozenset(named["defective"]))


def names_of(rule: ClassRule) -> dict[str, list[str]]:
    """The way back: the rule as names of folders, ready to be written down."""
    return {"ok": sorted(rule.ok), "defective": sorted(rule.defective)}


def sample_missing() -> bool:
    """Whether the drawn sample has no name here, or its folder has gone."""
    folder = settings().sample_dir
    return not folder.is_dir() or all(dataset.folder != str(folder) for dataset in dataset_book().all())


def sample_removed() -> bool:
    """Whether a person removed the drawn sample, so that it does not come back by itself."""
    folder = str(settings().sample_dir)
    return any(gone.dataset.folder == folder for gone in dataset_book().removed())


def ensure_sample(report: Progress = lambda _done, _total: None, *, again: bool = False) -> NamedDataset | None:
    """The drawn sample under its name; drawn first if its folder is not there.

    ``None`` where a person removed it, unless it is wanted ``again``.
    """
    folder = settings().sample_dir
    known = [dataset for dataset in dataset_book().all() if dataset.folder == str(folder)]
    removed = [gone for gone in dataset_book().removed() if gone.dataset.folder == str(folder)]
    if removed and not known and not again:
        return None
    if not folder.is_dir():
        write_sample(folder, report=report)
    if known:
        return known[0]
    sample = NamedDataset(name=SAMPLE, folder=str(folder), rule=names_of(ClassRule()))
    moved = any(dataset.name == SAMPLE and not Path(dataset.folder).exists() for dataset in dataset_book().all())
    dataset_book().put(sample) if moved else dataset_book().add(sample)
    for gone in removed:
        dataset_book().settle(gone.id)
    return sample
