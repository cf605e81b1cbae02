"""Taking datasets away, bringing them back, and dealing with their photos when nobody can want them back any more."""

from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from sqlalchemy import Connection

from casting_core import files, roles
from casting_core.data.importing import copy_in
from casting_core.errors import DatasetError
from casting_core.jobs import control
from casting_core.records.datasets import Ask, NamedDataset, RemovedDataset
from casting_core.records.jobs import dataset_in, open_users
from casting_core.roles import Write
from casting_core.settings import settings
from casting_core.workflows.datasets.import_job import KIND, sweep_uploads
from casting_core.workflows.datasets.importing import check_name, is_own, sweep_unnamed
from casting_core.workflows.stores import dataset_book, registry

ABANDONED = 24 * 3600.0  # seconds after which what is unfinished is nobody's any more


def models_of(dataset: NamedDataset) -> list[str]:
    """The names of the model versions that learned from this dataset and would lose their photos with it."""
    runs = control.known(kind="run")
    its, known = {run.id for run in runs if run.inputs["folder"] == dataset.folder}, {run.id for run in runs}
    return [
        card.name
        for card in registry().cards()
        if card.run in its or (card.run not in known and card.data.name == dataset.name)
    ]


def remove(name: str) -> int:
    """Takes the dataset away; until ``settle`` it can be put back by the number that is returned.

    Raises ``DatasetError`` where the name is not known, no dataset would be left, or a job needs its photos.
    """
    roles.require(Write.REMOVE)
    return dataset_book().remove(name, ask=_asking())


def _asking() -> Ask:
    """What refuses where a job needs the photos; asked where no job can be noted down meanwhile.

    Which of the known jobs have lost their process is found out before, for that takes a while.
    """
    lost = {job.id for job in control.log().open()}  # first: one that is asked for after this is none of them
    lost -= {job.id for job in control.going_on()}

    def ask(connection: Connection, dataset: NamedDataset) -> None:
        for number, kind in open_users(connection, dataset_in(dataset.folder)):
            if number not in lost:
                raise DatasetError(
                    f"{kind} {number} needs the photos of {dataset.name!r}; stop it, or wait for its end"
                )

    return ask


def restorable() -> list[RemovedDataset]:
    """The removed datasets that can still come back, the last one first."""
    return [gone for gone in dataset_book().removed() if not gone.settled]


def restore(removed: int) -> NamedDataset:
    """Puts a removed dataset back; ``DatasetError`` where its photos are gone or its name has been taken."""
    roles.require(Write.REMOVE)
    return dataset_book().restore(removed)


def is_own_folder(dataset: NamedDataset) -> bool:
    """Whether its photos are ours to delete: taken in here, or drawn."""
    return is_own(dataset) or Path(dataset.folder) == settings().sample_dir


def rename(name: str, other: str) -> NamedDataset:
    """The dataset under another name; ``DatasetError`` where that is taken or will not do."""
    roles.require(Write.DATASET)
    if other != name:
        check_name(other)
    return dataset_book().rename(name, other)


def settle() -> None:
    """Deletes the photos of removed datasets that were taken in or drawn here; called when the dashboard starts.

    Folders of people stay as they are. While a job is going on, which may need the photos, all waits for another start.
    """
    _sweep()
    sweep_uploads()
    control.sweep()
    gone = restorable()
    if not gone or control.going_on():
        return
    for removed in gone:
        folder = Path(removed.dataset.folder)
        used = any(known.folder == removed.dataset.folder for known in dataset_book().all())
        with suppress(DatasetError):  # a job that needs it was asked for just now; another start will do it
            dataset_book().settle(removed.id, ask=_asking())
            if is_own_folder(removed.dataset) and folder.is_dir() and not folder.is_symlink() and not used:
                rmtree(folder, ignore_errors=True)  # which follows no link
                _forget_pixels()
                if folder.exists():  # somebody holds a file of it
                    dataset_book().unsettle(removed.id)


def _sweep() -> None:
    """Deletes what processes left unfinished that were killed while they took photos in or kept what they found out."""
    marks = {str(job.inputs.get("mark")) for job in control.going_on() if job.kind == KIND}
    at_work = {f"{copy_in.UNFINISHED}{mark}" for mark in marks}
    files.sweep(settings().datasets_dir, copy_in.UNFINISHED, older_than=ABANDONED, needed=at_work)
    sweep_unnamed(older_than=ABANDONED, needed=marks)
    registry().sweep()
    for folder in (settings().cache_dir, settings().audits_dir):
        files.sweep(folder, files.UNFINISHED, older_than=ABANDONED)


def _forget_pixels() -> None:
    """Deletes the decoded photos, those that were removed among them; those that are still there are read again."""
    for path in settings().cache_dir.glob("grey-*"):
        with suppress(OSError):
            path.unlink()
