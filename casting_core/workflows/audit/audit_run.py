"""An audit as a process of its own: its start, how far it is, the wish that it stop, and its end.

Everything lies in one small file per folder, replaced in one step. Whether the process lives is told by a lock that it
holds, and that the system takes from it however it ends; so nobody waits for a process that crashed.
"""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from casting_core.errors import CastingError, DatasetError, written
from casting_core.jobs import background
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.audit.audit import Audit, audit, audits_dir
from casting_core.workflows.datasets.opening import open_dataset, rule_of

START_LIMIT = 30.0  # seconds a process may take to come up
PULSE = 0.5  # seconds between two looks at the wish, and at least between two notes of how far it is
SOON = 5.0  # seconds the process waits for its lock, should a page just be trying it
STOPPED = "stopped before its end; nothing was kept"


class State(StrEnum):
    """Where an audit stands. ``LOST`` is never written: it is what one is called whose process has gone."""

    WORKING = "working"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True)
class AuditRun:
    """One audit as its process writes it down."""

    dataset: NamedDataset
    asked: float  # seconds since 1970
    state: State = State.WORKING
    doing: str = "Starting"
    share: float = 0.0  # how far it is, 0 to 1
    up: bool = False  # whether its process has come up
    unwanted: bool = False  # whether somebody has called it off since
    message: str = ""  # why it failed


def start_audit(dataset: NamedDataset) -> None:
    """Starts an audit as a process of its own and returns at once; where one is going on, that one goes on."""
    with written(audits_dir()), _starting(dataset):
        found = find_audit(dataset)
        if found and found.state is State.WORKING:
            return
        _wish(dataset).unlink(missing_ok=True)
        run = AuditRun(dataset=dataset, asked=time.time())
        _note(run)
        try:
            _launch(run)
        except OSError as error:
            reason = f"its process cannot be started: {error.strerror or error}"
            _note(replace(run, state=State.FAILED, message=reason))


def find_audit(dataset: NamedDataset) -> AuditRun | None:
    """The audit of this dataset that is going on, or the last one's end; none where nobody asked for one."""
    run = _read(_place(dataset))
    if run is None or run.state is not State.WORKING:
        return run
    if _held(dataset) or (not run.up and time.time() - run.asked < START_LIMIT):
        return replace(run, unwanted=_wish(dataset).exists())
    run = _read(_place(dataset)) or run  # it may have come to its end while we looked
    return replace(run, state=State.LOST) if run.state is State.WORKING else run


def cancel_audit(dataset: NamedDataset) -> None:
    """Says that nobody wants this audit any more; its process looks twice a second."""
    with written(audits_dir()):
        audits_dir().mkdir(parents=True, exist_ok=True)
        _wish(dataset).touch()


def work(noted: Path, *, listen: Callable[[str, float], None] = lambda _doing, _share: None) -> Audit:
    """Does, in this process, the audit that is noted down there; however it ends, its end is written down."""
    run = _read(noted)
    if run is None:
        raise DatasetError(f"no audit is noted down in {str(noted)!r}")
    try:
        held = FileLock(_lock(run.dataset)).acquire(timeout=SOON)
    except Timeout as error:
        raise DatasetError("an audit of this dataset is going on already") from error
    with held:
        return _Work(run, listen).do()


class _Work:
    """One audit in its process: what it is doing is written down, at most twice a second."""

    def __init__(self, run: AuditRun, listen: Callable[[str, float], None]) -> None:
        self._run, self._listen = replace(run, up=True), listen
        self._noted = self._looked = 0.0
        self._stop = False

    def do(self) -> Audit:
        _note(self._run)
        try:
            dataset = open_dataset(
                self._run.dataset.folder,
                rule=rule_of(self._run.dataset.rule),
                report=self._read,
            )
            made = audit(dataset, report=self._report, should_stop=self._should_stop)
        except BaseException as error:
            self._end(error)
            raise
        _note(replace(self._run, state=State.FINISHED, share=1.0))
        return made

    def _read(self, _done: int, _total: int) -> None:
        if self._should_stop():
            raise DatasetError(f"the audit was {STOPPED}")
        self._report("Reading photos", 0.0)

    def _end(self, error: BaseException) -> None:
        if self._stop or isinstance(error, KeyboardInterrupt):
            _note(replace(self._run, state=State.STOPPED, message=STOPPED))
            return
        said = "not enough memory" if isinstance(error, MemoryError) else f"{type(error).__name__}: {error}".strip(": ")
        _note(replace(self._run, state=State.FAILED, message=str(error) if isinstance(error, CastingError) else said))

    def _report(self, doing: str, share: float) -> None:
        self._listen(doing, share)
        self._run = replace(self._run, doing=doing, share=share)
        if time.monotonic() - self._noted >= PULSE:
            self._noted = time.monotonic()
            _note(self._run)

    def _should_stop(self) -> bool:
        if time.monotonic() - self._looked >= PULSE:
            self._looked = time.monotonic()
            self._stop = self._stop or _wish(self._run.dataset).exists()
        return self._stop


def _launch(run: AuditRun) -> None:
    place = _place(run.dataset)
    log = place.with_suffix(".log")
    log.unlink(missing_ok=True)  # what an earlier audit said
    background.start("audit", "--noted", str(place.resolve()), output=log, after=lambda: _gone(run, place))


def _gone(run: AuditRun, place: Path) -> None:
    """The process of this audit has gone; one that never came up could not say so itself."""
    if _read(place) == run:
        reason = f"its process ended before it began; its log is {place.with_suffix('.log')}"
        _write(replace(run, state=State.FAILED, message=reason), place)


def _place(dataset: NamedDataset) -> Path:
    told = json.dumps([dataset.folder, dataset.rule], sort_keys=True)
    return audits_dir() / f"run-{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.json"


def _lock(dataset: NamedDataset) -> Path:
    return _place(dataset).with_suffix(".lock")


def _wish(dataset: NamedDataset) -> Path:
    return _place(dataset).with_suffix(".stop")


def _starting(dataset: NamedDataset) -> FileLock:
    """Held while an audit is started: of two people who click at once, the second finds the first one's audit."""
    with written(audits_dir()):
        audits_dir().mkdir(parents=True, exist_ok=True)
    return FileLock(_place(dataset).with_suffix(".start"))


def _held(dataset: NamedDataset) -> bool:
    """Whether a process holds the lock of this audit."""
    with written(audits_dir()):
        try:
            with FileLock(_lock(dataset)).acquire(timeout=0):
                return False
        except Timeout:
            return True


def _note(run: AuditRun) -> None:
    _write(run, _place(run.dataset))


def _write(run: AuditRun, place: Path) -> None:
    beside = place.with_name(f"{place.name}.{uuid4().hex}")
    with written(place.parent):
        beside.write_text(json.dumps(asdict(run)), "utf-8")
        beside.replace(place)


def _read(place: Path) -> AuditRun | None:
    try:
        return _AS_JSON.validate_json(place.read_bytes())
    except (OSError, ValidationError):
        return None


_AS_JSON = TypeAdapter(AuditRun)
