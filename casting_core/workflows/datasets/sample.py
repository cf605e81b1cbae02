"""The drawn sample that an installation begins with: drawn by a job, once, whoever opens the first page."""

from collections.abc import Callable
from pathlib import Path

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.domain import Progress
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, State
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_known, remember_castings
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.stores import dataset_book

SAMPLE = "Drawn sample"
KIND = "sample"


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
        from casting_core.data.drawing.synthetic import (
            write_sample,
        )  # SciPy is slow to come, and the first page needs it not

        write_sample(folder, report=report)
    if known:
        return known[0]
    sample = NamedDataset(name=SAMPLE, folder=str(folder), rule=names_of(ClassRule()))
    moved = any(dataset.name == SAMPLE and not Path(dataset.folder).exists() for dataset in dataset_book().all())
    dataset_book().put(sample) if moved else dataset_book().add(sample)
    for gone in removed:
        dataset_book().settle(gone.id)
    return sample


def start_sample(*, again: bool = False, actor: str = "") -> Job:
    """Asks for the sample and returns at once; of many who ask at once one asks."""
    folder = str(settings().sample_dir)
    request = Request(kind=KIND, inputs={"again": again}, about=SAMPLE, subject=folder, actor=actor)
    return control.ask(request, once=True)


def find_sample() -> Job | None:
    """The job that draws the sample, or drew it last; none where nobody has asked for it."""
    return next(iter(control.known(kind=KIND, subject=str(settings().sample_dir), most=1)), None)


def sample_wanted() -> bool:
    """Whether the sample has to be drawn, and nobody has said otherwise: then it is begun by whoever comes first."""
    if not sample_missing() or sample_removed():
        return False
    drawn = find_sample()
    return drawn is None or drawn.state in (State.LOST, State.FINISHED)  # what failed or was stopped is asked for


def draw_sample(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job of the sample does: it draws, names and reads it, and remembers what was drawn as one casting."""
    again = bool(inputs.values["again"])
    named = ensure_sample(counted(report, should_stop, "Drawing sample castings", end=0.8), again=again)
    if named is None:
        return {"name": None}
    step = counted(report, should_stop, "Reading photos", start=0.8)
    dataset = open_dataset(named.folder, report=step)
    if not casting_known(dataset):
        from casting_core.data.drawing.synthetic import read_castings

        drawn = read_castings(dataset.root)
        readable = dataset.photos[dataset.photos["photo"] != ""]
        of_photo = readable.set_index("photo")["path"].map(drawn)
        if not of_photo.isna().any():  # somebody has put photos of their own beside the drawn ones
            remember_castings(dataset, of_photo.astype(int))
    return {"name": named.name}


DRAWN = Kind(title="Sample", work=draw_sample)
