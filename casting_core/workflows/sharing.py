"""Versions and photos that several machines share: each machine's folders kept in step with the object store.

One process of a machine does it, its worker; pages, commands and the service see folders of this machine only, and
never wait for a store. What a folder holds is on record in the database from the moment it is seen here, so nothing is
lost where the store is away: it is written once the store is back. What is not here yet is brought as soon as it can.
"""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from casting_core import files
from casting_core.data.importing import copy_in
from casting_core.errors import CastingError, JobError, SettingsError
from casting_core.jobs import control, process
from casting_core.jobs.worker import Folders
from casting_core.object_store import ObjectStore, sum_of
from casting_core.records.chain import Kind
from casting_core.records.jobs import Job, dataset_in
from casting_core.records.registry import DELETED, NAMED, POINTER, UNFINISHED
from casting_core.records.shared import Files, SharedFolder
from casting_core.records.version_files import CARD, LARGEST
from casting_core.settings import settings
from casting_core.workflows.stores import dataset_book, ledger, registry, shared_book

MODEL, DATASET, JOB = "model", "dataset", "job"
OF_A_VERSION = frozenset({*LARGEST, DELETED})


class Keeper:
    """Keeps the folders of this machine in step with the store. One process of a machine has one."""

    def __init__(self) -> None:
        if settings().database_url.startswith("sqlite"):
            raise SettingsError("CASTING_STORE is for several machines, which share a PostgreSQL: CASTING_DATABASE_URL")
        self._store = ObjectStore(settings().store, settings().cache_dir / "store")
        self.here: set[str] = set()  # folders of datasets that are whole on this machine
        self._written: dict[str, Files] = {}  # of jobs, what the store holds
        self._jobs: dict[int, Files] = {}  # what was brought for jobs to be taken up again

    def look(self) -> str:
        """Tells what is new here, brings what is new elsewhere; what could not be done, in words, or nothing."""
        self._tell()
        self._tell_jobs()
        wrong = []
        for folder in shared_book().all():
            goal = place_of(folder.name)
            if goal is None:
                continue
            of_job = folder.name.startswith(JOB)
            for step in (self._write_job, self._bring_job) if of_job else (self._write, self._bring):
                try:
                    step(folder, goal)
                except CastingError as error:
                    wrong.append(f"{folder.name}: {error}")
        self._follow_production()
        return wrong[0] + (f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else "") if wrong else ""

    def fits(self, job: Job) -> bool:
        """Whether all photos that a job needs are on this machine, and what it can be taken up again from."""
        if job.attempt > 1 and self._jobs.get(job.id) is None and shared_book().has(f"{JOB}/{job.id}"):
            return False
        ours = {f"{dataset_in('')}{folder}" for folder in self.here}
        kept = dataset_in(str(settings().datasets_dir.resolve()))
        return all(what in ours for what in job.uses if what.startswith(kept))

    def _tell(self) -> None:
        """Puts on record what folders of this machine hold that nobody has told of."""
        known = {folder.name: folder.files for folder in shared_book().all()}
        for folder in _folders(settings().model_dir, unfinished=UNFINISHED):
            if not NAMED.fullmatch(folder.name):
                continue
            name, deleted = f"{MODEL}/{folder.name}", (folder / DELETED).is_file()
            told = known.get(name, {})
            if (CARD in told and not deleted) or DELETED in told or not (deleted or (folder / CARD).is_file()):
                continue
            held = _held(folder, [DELETED] if deleted else [file for file in LARGEST if (folder / file).is_file()])
            shared_book().write(name, lambda _before, held=held: held, machine=settings().machine)  # type: ignore[misc]
        for dataset in dataset_book().all():
            folder = Path(dataset.folder)
            if folder.parent != settings().datasets_dir.resolve() or not folder.is_dir():
                continue
            name = f"{DATASET}/{folder.name}"
            new = [path for path in _paths(folder) if path not in known.get(name, {})]
            if new:
                held = _held(folder, new)
                shared_book().write(name, lambda before, held=held: {**before, **held}, machine=settings().machine)  # type: ignore[misc]

    def _tell_jobs(self) -> None:
        """Puts on record what jobs that are done here can be taken up again from."""
        for job in control.going_on():
            folder = process.folder_of(job.id)
            if job.anywhere and job.machine == settings().machine and job.pid is not None and folder.is_dir():
                held = {path: self._store.keep(folder / path) for path in _paths(folder)}
                if held:
                    shared_book().write(f"{JOB}/{job.id}", lambda _before, held=held: held, machine=job.machine)  # type: ignore[misc]

    def _write_job(self, folder: SharedFolder, _goal: Path) -> None:
        """Writes what a job can be taken up again from, and removes what is older, or of a job that is over."""
        before = self._written.get(folder.name, {})
        if not folder.stored and all(self._store.put_kept(sha256) for sha256, _ in folder.files.values()):
            shared_book().stored(folder)
            self._written[folder.name] = folder.files
        if _over(folder.name):
            before, folder = {**before, **folder.files}, replace(folder, files={})
            shared_book().forget(folder.name)
        needed = {sha256 for one in shared_book().all() for sha256, _ in one.files.values()}
        for sha256, _ in before.values():
            if sha256 not in needed:
                self._store.remove(sha256)

    def _bring_job(self, folder: SharedFolder, goal: Path) -> None:
        """Brings what a job can be taken up again from that waits for somebody to go on."""
        job = control.find(int(folder.name.partition("/")[2]))
        if not job.in_line or not job.anywhere:
            self._jobs.pop(job.id, None)
        elif folder.machine == settings().machine and goal.is_dir():  # what lies here is as new, or newer
            self._jobs[job.id] = folder.files
        elif folder.files and self._jobs.get(job.id) != folder.files:
            for path, (sha256, size) in folder.files.items():
                if not (goal / path).is_file() or sum_of(goal / path) != sha256:
                    self._store.get(sha256, size, goal / path)
            self._jobs[job.id] = folder.files

    def _write(self, folder: SharedFolder, goal: Path) -> None:
        """Writes what the store lacks of a folder, as far as this machine has it."""
        if folder.stored:
            return
        elsewhere = False
        for path, (sha256, _) in folder.files.items():
            if (goal / path).is_file():
                self._store.put(goal / path, sha256)
            elif not self._store.has(sha256):
                elsewhere = True  # the machine that has it writes it
        if not elsewhere:
            shared_book().stored(folder)

    def _bring(self, folder: SharedFolder, goal: Path) -> None:
        """Brings what this machine lacks of a folder; a new one gets its name once it is whole."""
        if folder.name.startswith(MODEL) and CARD not in folder.files:  # deleted elsewhere, or only a name so far
            if DELETED not in folder.files or (goal / DELETED).is_file():
                return
            with suppress(FileNotFoundError):
                (goal / CARD).unlink()  # from now on there is no such version
            self._fetch(folder.files, goal)
            for path in goal.iterdir():
                if path.name != DELETED and path.is_file():
                    path.unlink()
            return
        missing = {path: told for path, told in folder.files.items() if not (goal / path).is_file()}
        if (goal / DELETED).is_file() and folder.name.startswith(MODEL):
            return
        if missing and goal.is_dir():
            self._fetch(missing, goal)
        elif missing:
            beside = goal.parent / f"{UNFINISHED if folder.name.startswith(MODEL) else copy_in.UNFINISHED}{uuid4().hex}"
            try:
                self._fetch(missing, beside)
                beside.rename(goal)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        if folder.name.startswith(DATASET):
            self.here.add(str(goal))

    def _fetch(self, wanted: Files, goal: Path) -> None:
        for path, (sha256, size) in wanted.items():
            self._store.get(sha256, size, goal / path)
        for sha256, _ in wanted.values():
            self._store.forget(sha256)

    def _follow_production(self) -> None:
        """Lets this machine's pointer say what the last promotion said, wherever it was decided."""
        for row in ledger().rows(kinds=[Kind.PROMOTION], newest=1):
            with suppress(CastingError):
                if row.about in registry().names() and registry().production() != row.about:
                    files.replace(settings().model_dir / POINTER, f"{row.about}\n{row.values.get('before', '')}\n")


def folders() -> Folders | None:
    """What a worker does to keep folders in step; none where nothing is shared through a store."""
    if not settings().store:
        return None
    keeper = Keeper()
    return Folders(look=keeper.look, fits=keeper.fits)


def place_of(name: str) -> Path | None:
    """Where a shared folder lies on this machine; none for a name that no folder of ours has."""
    kind, _, own = name.partition("/")
    if kind == MODEL and NAMED.fullmatch(own):
        return settings().model_dir / own
    if kind == JOB and own.isdecimal():
        return process.folder_of(int(own))
    if kind == DATASET and NAMED.fullmatch(own):
        return settings().datasets_dir.resolve() / own
    return None


def missing() -> list[str]:
    """What machines do not all have yet, a sentence each; empty where nothing is shared, or all is well."""
    if not settings().store:
        return []
    told = []
    for folder in shared_book().all():
        goal = place_of(folder.name)
        if goal is None or not folder.files or folder.name.startswith(JOB):
            continue
        here = all((goal / path).is_file() for path in folder.files)
        what = folder.name.replace("/", " ", 1)
        if not here and folder.stored:
            told.append(f"{what} is in the store and is being brought to this machine")
        elif not here:
            told.append(f"{what} is on the machine {folder.machine!r} alone, until that has written it into the store")
        elif not folder.stored:
            told.append(f"{what} is not in the store yet; it is written as soon as the store can be reached")
    return told


def _over(name: str) -> bool:
    """Whether a job will not be taken up again."""
    try:
        job = control.find(int(name.partition("/")[2]))
    except JobError:  # its row has gone
        return True
    return job.ended is not None and (not job.resumable or time.time() - job.ended > control.KEPT)


def _folders(folder: Path, *, unfinished: str) -> list[Path]:
    if not folder.is_dir():
        return []
    found = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.is_symlink()]
    return [path for path in found if not path.name.startswith(unfinished)]


def _paths(folder: Path) -> list[str]:
    """The files in a folder, by their paths in it; links and what is being written are left out."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    paths = (path.relative_to(folder) for path in found)
    return [path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)]


def _held(folder: Path, paths: Iterable[str]) -> Files:
    return {path: (sum_of(folder / path), (folder / path).stat().st_size) for path in paths}
