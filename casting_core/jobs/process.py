"""The process of a job: how it is started, how anybody can tell that it lives, and how it is ended.

It outlives the page, the tab and the server that asked for it. People wait for pages, and nobody waits for an epoch; so
it takes what time others leave it. As long as it lives it holds a lock, which the system takes from it however it ends:
no clock and no number of a process has to be believed.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

import psutil
from filelock import FileLock, Timeout

from casting_core.errors import JobError, written
from casting_core.jobs import standby
from casting_core.records.jobs import Job
from casting_core.settings import ROOT, settings

WORKER = "casting_core.commands.jobs"  # alone: importing every other command, too, takes seconds on a busy machine
NICENESS = 10  # of 19, POSIX's word for stepping back; Windows knows classes instead
LIGHT_NICENESS = 3  # of jobs that people wait for before a page, such as an import, while a run is at work
AGAIN = 0.2  # seconds; Linux changes the rank of a session no more than ten times a second
TRIES = 10
SOON = 30.0  # seconds a process waits for its lock, should somebody just be trying it
LOOKS, MOMENT = 3, 0.002  # tries and seconds between them: somebody else may just be looking, too
FREE = 3 * 2**30  # bytes of memory without which nothing is loaded that nobody may need
KILL_LIMIT = 60.0  # seconds until a process that was killed must have gone


def jobs_dir() -> Path:
    """Where jobs keep their files, logs and locks."""
    return settings().data_dir / "jobs"


def folder_of(job: int) -> Path:
    """Where a job keeps what it needs until its end; runs of an older program keep theirs elsewhere."""
    before = settings().data_dir / "runs" / str(job)
    return before if before.is_dir() else jobs_dir() / str(job)


def log_of(job: int) -> Path:
    """Where the process of a job writes what it prints; one that was done at a terminal has no such file."""
    return jobs_dir() / f"{job}.log"


def start(job: Job, *, environment: Mapping[str, str], after: Callable[[], None]) -> int:
    """Starts the process that does a job, in the background, and returns its number.

    ``after`` is called once it has gone, however it went, if this process still lives then. Raises ``JobError`` where
    it cannot be started.
    """
    with written(jobs_dir()):
        jobs_dir().mkdir(parents=True, exist_ok=True)
    try:
        process = standby.take(job.id, job.kind, environment) or _launch(job, environment)
    except OSError as error:
        raise JobError(f"{job.kind} {job.id} cannot be started: {error.strerror or error}") from error
    niceness = _niceness(job.heavy)

    def see_it_go() -> None:
        _rank_session(process, niceness)
        process.wait()  # or it stays as a zombie
        after()

    threading.Thread(target=see_it_go, name=f"end of job {job.id}", daemon=True).start()
    return process.pid


def stand_by(kind: str, *, environment: Mapping[str, str]) -> None:
    """Begins a process that loads what heavy jobs of this kind need, and waits for one.

    Nothing where one waits already, or where memory is short.
    """
    if standby.there(kind, environment) or psutil.virtual_memory().available < FREE:
        return
    with suppress(OSError):  # then the next job begins with a process of its own
        waits = _spawn(["stand-by", kind], True, environment, stdin=subprocess.PIPE, printed=subprocess.DEVNULL)
        standby.keep(waits, kind, environment)


def _launch(job: Job, environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    with log_of(job.id).open("ab") as printed:
        return _spawn(["work", str(job.id)], job.heavy, environment, stdin=subprocess.DEVNULL, printed=printed)


def _spawn(
    what: Sequence[str], heavy: bool, environment: Mapping[str, str], *, stdin: int, printed: "int | IO[bytes]"
) -> "subprocess.Popen[bytes]":
    apart: dict[str, Any] = {"start_new_session": True}  # closing the server's terminal does not end it
    if os.name == "nt":
        flags = ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP", "BELOW_NORMAL_PRIORITY_CLASS")
        apart = {"creationflags": sum(getattr(subprocess, flag) for flag in flags)}
    process = subprocess.Popen(
        [sys.executable, "-m", WORKER, *what],
        stdin=stdin,
        stdout=printed,
        stderr=printed,
        cwd=ROOT,
        env=environment,
        **apart,
    )
    if os.name == "posix":
        with suppress(psutil.Error):  # it may be over already
            psutil.Process(process.pid).nice(_niceness(heavy))  # before it has threads: each has a rank of its own
    return process


def _niceness(heavy: bool) -> int:
    return NICENESS if heavy else LIGHT_NICENESS


def write_to_log(job: int) -> None:
    """Lets what this process prints from now on go to the file of a job."""
    with written(log_of(job)), log_of(job).open("ab") as printed:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(printed.fileno(), stream.fileno())


def _rank_session(process: "subprocess.Popen[bytes]", niceness: int) -> None:
    """Linux on desks gives each session the same time, however its processes rank; so the session steps back too."""
    rank = Path(f"/proc/{process.pid}/autogroup")
    for _ in range(TRIES):
        if not rank.is_file() or process.poll() is not None:
            return
        try:
            rank.write_text(str(niceness))
        except OSError:
            time.sleep(AGAIN)
        else:
            return


def hold(job: int) -> FileLock:
    """Takes the lock that says that this process does the job; ``JobError`` where another process holds it.

    It is given back by ``release``, or by the system when this process ends. Who has it may take it once more.
    """
    with written(jobs_dir()):
        jobs_dir().mkdir(parents=True, exist_ok=True)
    lock = _lock(jobs_dir(), job)
    try:
        lock.acquire(timeout=SOON)
    except Timeout as error:
        raise JobError(f"another process is at work on job {job} already") from error
    return lock


def held(job: int) -> bool:
    """Whether a living process does, or waits at a terminal to do, this job."""
    own = _lock(jobs_dir(), job)
    if own.is_locked:
        return True
    if not Path(own.lock_file).exists():
        return False
    for _ in range(LOOKS):
        with suppress(Timeout), FileLock(own.lock_file).acquire(timeout=0):
            return False
        time.sleep(MOMENT)
    return True


@cache
def _lock(folder: Path, job: int) -> FileLock:
    """The one lock of this process for a job; taken twice, it must be given back twice."""
    return FileLock(folder / f"{job}.lock", thread_local=False)


def kill(job: Job) -> None:
    """Ends the process of a job that does not answer; ``JobError`` where it cannot be ended."""
    if job.pid is None or job.pid == os.getpid() or not held(job.id):
        return
    try:
        found = psutil.Process(job.pid)
        if not any("casting_core" in word for word in found.cmdline()):  # numbers of processes come again
            return
        found.kill()
        found.wait(KILL_LIMIT)
    except psutil.NoSuchProcess:
        return
    except psutil.Error as error:
        raise JobError(f"process {job.pid} of {job.kind} {job.id} does not answer, and cannot be ended") from error
