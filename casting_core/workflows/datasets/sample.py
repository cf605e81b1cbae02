"""The drawn sample that an installation begins with."""

from pathlib import Path

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.drawing.synthetic import write_sample
from casting_core.domain import Progress
from casting_core.records.datasets import NamedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.stores import dataset_book

SAMPLE = "Drawn sample"


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
