"""An import as a job: what a browser sent is put down first, then a process takes it in that may be stopped."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from casting_core import roles
from casting_core.data.importing import archives
from casting_core.data.importing.copy_in import Choices, Taken
from casting_core.data.importing.sources import Folder, Source
from casting_core.data.importing.staging import Staged
from casting_core.domain import Label
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs, Kind, Result, ShouldStop
from casting_core.jobs.pulse import counted
from casting_core.records.jobs import Job, Request, dataset_in
from casting_core.roles import Write
from casting_core.settings import settings
from casting_core.wording import count
from casting_core.workflows.datasets.importing import Imported, add_folder, import_photos
from casting_core.workflows.stores import dataset_book

KIND = "import"


class Form(StrEnum):
    """In what form photos lie where an import finds them."""

    ZIP = "zip file"
    FILES = "files that a browser sent"
    FOLDER = "folder"


@dataclass(frozen=True, kw_only=True)
class Found:
    """Where the photos of an import lie."""

    form: Form
    path: Path  # on this machine
    ours: bool = False  # put down here for this import, and gone after it


def new_upload() -> Path:
    """A place for what a browser sent; it is not there yet."""
    roles.require(Write.IMPORT)
    return uploads_dir() / uuid4().hex


def uploads_dir() -> Path:
    """Where files wait that a browser sent."""
    return settings().data_dir / "uploads"


def start_import(found: Found, *, name: str, choices: Choices, new: bool, chosen: str = "", actor: str = "") -> Job:
    """Asks for an import into the dataset of this name, or into a new one, and returns at once.

    ``chosen`` is one of several sets that lie side by side. A folder becomes a new dataset where it
    lies; everything else is copied.
    """
    inputs = {
        "form": found.form.value,
        "path": str(found.path),
        "ours": found.ours,
        "name": name,
        "choices": {key: None if label is None else int(label) for key, label in choices.items()},
        "new": new,
        "chosen": chosen,
        "mark": uuid4().hex[:8],  # of the new dataset's folder: taken up again, it goes on in the same one
    }
    uses = () if new else (dataset_in(dataset_book().find(name).folder),)
    return control.ask(Request(kind=KIND, inputs=inputs, about=name, subject=name, uses=uses, actor=actor))


def last_import(name: str) -> tuple[int, int]:
    """The newest finished import into the dataset of this name, whoever asked for it: number and attempt, or zeros.

    Whoever keeps what was read of the photos has to read again when it changes.
    """
    done = (job for job in control.known(kind=KIND, subject=name, most=10) if job.result is not None)
    return max(((job.id, job.attempt) for job in done), default=(0, 0))


def imported(job: Job) -> Imported:
    """What came of an import that has finished; ``DatasetError`` where its dataset has gone since."""
    result = job.result or {}
    refused = tuple((str(path), str(reason)) for path, reason in result.get("refused", ()))
    counts = {name: int(result.get(name, 0)) for name in ("new", "known", "left_out", "masks")}
    return Imported(dataset=dataset_book().find(str(result.get("name"))), taken=Taken(**counts, refused=refused))


def take_in_photos(inputs: Inputs, report: Callable[[object], None], should_stop: ShouldStop) -> Result:
    """What the job of an import does; the numbers of photos, and why files were refused."""
    values = inputs.values
    choices, name, path = _choices(values["choices"]), values["name"], Path(values["path"])
    chosen = values.get("chosen", "")  # an import of before there were sets has none
    if values["new"] and values["form"] == Form.FOLDER:
        step = counted(report, should_stop, "Reading photos")
        done = add_folder(path, name=name, choices=choices, chosen=chosen, report=step)
    else:
        step = counted(report, should_stop, "Taking photos in")
        mark = values["mark"] if values["new"] else None
        with _opened(values["form"], path) as source:
            options = {"chosen": chosen, "report": step, "mark": mark, "room": values["mark"]}
            done = import_photos(source, name=name, choices=choices, **options)
    if values["ours"]:
        forget_upload(path)
    taken = done.taken
    refused = [list(pair) for pair in taken.refused]
    counts = {"new": taken.new, "known": taken.known, "left_out": taken.left_out, "masks": taken.masks}
    return {"name": done.dataset.name, "refused": refused} | counts


def forget_upload(path: Path) -> None:
    """Removes what a browser sent, file or folder."""
    if path.is_dir():
        rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sweep_uploads() -> None:
    """Removes what browsers sent and nobody took in for as long as jobs are kept to be resumed."""
    if not uploads_dir().is_dir():
        return
    needed = {job.inputs["path"] for job in control.going_on() if job.kind == KIND}
    for path in uploads_dir().iterdir():
        if str(path) not in needed and time.time() - path.stat().st_mtime > control.KEPT:
            forget_upload(path)


@contextmanager
def _opened(form: str, path: Path) -> Iterator[Source]:
    match form:
        case Form.ZIP:
            with archives.opened(path) as archive:
                yield archive
        case Form.FILES:
            yield Staged(path)
        case _:
            yield Folder(path)


def _choices(written: Mapping[str, int | None]) -> dict[str, Label | None]:
    return {key: None if label is None else Label(label) for key, label in written.items()}


def _outcome(result: Result) -> str:
    new, known, left_out, masks = (int(result.get(name, 0)) for name in ("new", "known", "left_out", "masks"))
    refused = len(result.get("refused", ()))
    words = [f"{count(new, 'photo')} taken in"]
    words += [f"{known:,} were there already"] * bool(known)
    words += [f"{left_out:,} left out"] * bool(left_out)
    words += [f"{count(refused, 'file')} could not be read"] * bool(refused)
    words += [f"{count(masks, 'mask')} kept"] * bool(masks)
    return ", ".join(words)


IMPORT = Kind(title="Import", work=take_in_photos, outcome=_outcome)
