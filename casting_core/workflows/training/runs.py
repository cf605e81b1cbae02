"""Runs: the jobs that train one network each. Asking for one, finding them, stopping one, and taking one up again."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casting_core.errors import CastingError, DatasetError, JobError, RunError
from casting_core.jobs import control, process
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.epochs import checkpoint
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, Request, State, Wish, dataset_in
from casting_core.settings import settings

KIND = "run"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One training as its job tells it; times are seconds since 1970, UTC."""

    id: int
    dataset: str  # its name when the run was asked for
    folder: str
    rule: dict[str, list[str]]
    recipe: dict[str, Any]
    parent: str  # the version whose mistakes asked for it; empty where none did
    missed: tuple[str, ...]  # photos of castings that it missed, to be learned from more often; sha256
    missed_times: int  # as often as the others
    model: str | None  # the version it made
    asked: float
    queued: float
    started: float | None
    heartbeat: float | None
    ended: float | None
    state: State
    wish: Wish
    message: str  # why it failed
    machine: str
    actor: str
    in_line: bool
    resumable: bool
    doing: str

    @classmethod
    def of(cls, job: Job) -> "Run":
        """The run that a job is."""
        own = {name: job.inputs[name] for name in ("dataset", "folder", "rule", "recipe")}
        same = (
            "id", "asked", "queued", "started", "heartbeat", "ended", "state", "wish", "message", "machine", "actor",
            "in_line", "resumable", "doing",
        )  # fmt: skip
        return cls(
            **own,
            parent=job.inputs.get("parent", ""),  # older programs did not say
            missed=tuple(job.inputs.get("missed", ())),
            missed_times=job.inputs.get("missed_times", 1),
            model=(job.result or {}).get("model"),
            **{name: getattr(job, name) for name in same},
        )


@dataclass(frozen=True, kw_only=True)
class Parent:
    """The version that a run is to better, and what of its misses it is to learn from more often."""

    name: str = ""  # empty: none
    missed: tuple[str, ...] = ()  # photos, by sha256; those that the run does not learn from change nothing
    times: int = 1  # as often as the others


NOBODY = Parent()


def start_run(dataset: NamedDataset, recipe: Recipe, *, actor: str = "", parent: Parent = NOBODY) -> Run:
    """Asks for a training as a process of its own and returns at once; ``parent`` is the version it is to better.

    It begins now, or waits in line until those before it have ended. Raises ``RunError`` where it cannot be started.
    """
    run = Run.of(control.ask(_request(dataset, recipe, actor, parent=parent)))
    if run.state is State.FAILED:
        raise RunError(run.message)
    return run


def stand_by() -> None:
    """Lets a process load TensorFlow, so that a run that is started within some minutes begins at once."""
    with suppress(CastingError):  # whoever starts the run hears of it
        control.stand_by(KIND)


def start_again(run: Run, *, actor: str = "") -> Run:
    """Starts the same training once more, on the photos and labels as they are now; errors as for ``start_run``."""
    parent = Parent(name=run.model or run.parent, missed=run.missed, times=run.missed_times)
    return start_run(dataset_of(run), Recipe.model_validate(run.recipe), actor=actor, parent=parent)


def dataset_of(run: Run) -> NamedDataset:
    """The photos that a run learns from, as they were named."""
    return NamedDataset(name=run.dataset, folder=run.folder, rule=run.rule)


def note_run(dataset: NamedDataset, recipe: Recipe, *, actor: str = "", parent: Parent = NOBODY) -> Run:
    """Notes down a training at the end of the line without starting anything."""
    return Run.of(control.queue().ask(_request(dataset, recipe, actor, parent=parent))[0])


def note_run_here(dataset: NamedDataset, recipe: Recipe, *, actor: str = "") -> Run:
    """Notes down a training that this process will do, once ``jobs.control.take_turn`` says that it may."""
    return Run.of(control.ask_here(_request(dataset, recipe, actor)))


def find_run(run: int) -> Run:
    """One run as it stands now; ``JobError`` where there is none of this number."""
    job = control.find(run)
    if job.kind != KIND:
        raise JobError(f"job {run} is no run: it is of the kind {job.kind!r}")
    return Run.of(job)


def all_runs() -> list[Run]:
    """All runs as they stand now, the newest first."""
    return [Run.of(job) for job in control.known(kind=KIND)]


def in_line(runs: Sequence[Run]) -> list[Run]:
    """Those of the runs that wait for their turn on this machine, or for a worker, the next one first."""
    waiting = [run for run in runs if run.in_line and run.machine in ("", settings().machine)]
    return sorted(waiting, key=lambda run: (run.queued, run.id))


def stop(run: int, wish: Wish) -> None:
    """Notes down that a person wants a run to end, and what is to be kept of it."""
    control.stop(run, wish)


def resume(run: int) -> Run:
    """Puts a run that broke off, or was stopped, at the end of the line; it goes on behind its last finished epoch.

    Raises ``CastingError`` where it cannot be resumed, or its photos have gone.
    """
    _check_photos(find_run(run))
    return Run.of(control.resume(run))


def resume_here(run: int) -> Run:
    """The same for a terminal, which does the run itself once it is its turn."""
    _check_photos(find_run(run))
    return Run.of(control.resume_here(run))


def log_file(run: int) -> Path:
    """Where the process of a run writes what it prints."""
    return process.log_of(run)


def run_folder(run: int) -> Path:
    """Where a run keeps its checkpoint until its version is registered."""
    return process.folder_of(run)


def epochs_kept(run: int) -> int:
    """How many epochs a run that is resumed need not do again."""
    return checkpoint.epochs_in(run_folder(run))


def _request(dataset: NamedDataset, recipe: Recipe, actor: str, *, parent: Parent = NOBODY) -> Request:
    asked: dict[str, Any] = {"dataset": dataset.name, "folder": dataset.folder, "rule": dataset.rule}
    asked["parent"] = parent.name
    if parent.missed:
        asked |= {"missed": list(parent.missed), "missed_times": parent.times}
    return Request(
        kind=KIND,
        inputs=asked | {"recipe": recipe.model_dump(mode="json")},
        about=dataset.name,
        uses=(dataset_in(dataset.folder),),
        actor=actor,
        heavy=True,
        travels=True,
    )


def _check_photos(run: Run) -> None:
    if run.resumable and not Path(run.folder).is_dir():  # of others the line says why
        raise DatasetError(
            f"run {run.id} cannot be resumed: its photos have gone, there is no folder {run.folder!r}; put them "
            "back, or start a new run"
        )
