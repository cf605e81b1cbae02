"""Taking datasets away, bringing them back, and dealing with their photos when nobody can want them back any more."""

import time
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from casting_core.data.importing.copy_in import sweep
from casting_core.records.datasets import NamedDataset, RemovedDataset
from casting_core.settings import settings
from casting_core.workflows.datasets.importing import check_name, is_own
from casting_core.workflows.stores import dataset_book, registry, run_log

ABANDONED = 24 * 3600.0  # seconds after which an unfinished import is nobody's any more


def models_of(dataset: NamedDataset) -> list[str]:
    """The names of the model versions that learned from this dataset and would lose their photos with it."""
    log = run_log().runs()
    its, known = {run.id for run in log if run.folder == dataset.folder}, {run.id for run in log}
    return [
        card.name
        for card in registry().cards()
        if card.run in its or (card.run not in known and card.data.name == dataset.name)
    ]


def remove(name: str) -> int:
    """Takes the dataset away; until ``settle`` it can be put back by the number that is returned.

    Raises ``DatasetError`` where the name is not known or no dataset would be left.
    """
    return dataset_book().remove(name)


def restorable() -> list[RemovedDataset]:
    """The removed datasets that can still come back, the last one first."""
    return [gone for gone in dataset_book().removed() if not gone.settled]


def restore(removed: int) -> NamedDataset:
    """Puts a removed dataset back; ``DatasetError`` where its photos are gone or its name has been taken."""
    return dataset_book().restore(removed)


def is_own_folder(dataset: NamedDataset) -> bool:
    """Whether its photos are ours to delete: taken in here, or drawn."""
    return is_own(dataset) or Path(dataset.folder) == settings().sample_dir


def rename(name: str, other: str) -> NamedDataset:
    """The dataset under another name; ``DatasetError`` where that is taken or will not do."""
    if other != name:
        check_name(other)
    return dataset_book().rename(name, other)


def settle() -> None:
    """Deletes the photos of removed datasets that were taken in or drawn here; called when the dashboard starts.

    Folders of people stay as they are. While a run is going on, which may need the photos, all waits for another start.
    """
    sweep(settings().datasets_dir, older_than=ABANDONED, now=time.time())
    gone, runs = restorable(), run_log().runs()
    if not gone or any(not run.state.over for run in runs):
        return
    for removed in gone:
        folder = Path(removed.dataset.folder)
        used = any(known.folder == removed.dataset.folder for known in dataset_book().all())
        if is_own_folder(removed.dataset) and folder.is_dir() and not used:
            rmtree(folder, ignore_errors=True)
            _forget_pixels()
            if folder.exists():  # somebody holds a file of it; another start will do it
                continue
        dataset_book().settle(removed.id)


def _forget_pixels() -> None:
    """Deletes the decoded photos, those that were removed among them; those that are still there are read again."""
    for path in settings().cache_dir.glob("grey-*"):
        with suppress(OSError):
            path.unlink()
