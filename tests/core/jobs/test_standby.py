"""A process that has loaded what a heavy job needs does the next one, once; otherwise it goes, and nobody misses it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import psutil
import pytest

from casting_core.jobs import control, process, standby
from casting_core.records.jobs import Job, JobLog, State
from casting_core.settings import ROOT, settings
from tests.core.jobs.counting import asked
from tests.patience import PATIENCE, until

KIND = "audit"  # which loads nothing
BEGINS = f"""
import os, psutil
from casting_core.jobs import process
process.FREE = 0
process.stand_by({KIND!r}, environment=os.environ)
print(psutil.Process().children()[0].pid)
"""


@pytest.fixture(autouse=True)
def nobody_waits_afterwards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """However little memory this machine has."""
    monkeypatch.setattr(process, "FREE", 0)
    yield
    standby.dismiss()


@pytest.fixture
def job(log: JobLog) -> Job:
    """A job of that kind, which knows nothing of its photos, so that it ends at once and says why."""
    return log.find(asked(kind=KIND))


def waiting() -> psutil.Process:
    """The one process that was begun, and waits."""
    (found,) = begun_here()
    return found


def begun_here() -> list[psutil.Process]:
    """All that this process has begun and that wait; tests before this one may have left others at work."""
    return [one for one in psutil.Process().children() if stands_by(one)]


def stands_by(one: psutil.Process) -> bool:
    """Whether a process is one that stands by."""
    try:
        return "stand-by" in one.cmdline()
    except psutil.Error:
        return False


def done(job: Job, environment: "os._Environ[str] | dict[str, str] | None" = None) -> int:
    """Starts a job and waits for the end of its process; the number of that process."""
    over = threading.Event()
    number = process.start(job, environment=os.environ if environment is None else environment, after=over.set)
    assert over.wait(PATIENCE)
    return number


def test_it_does_the_next_job_of_its_kind_and_prints_to_the_file_of_that_job(job: Job, log: JobLog) -> None:
    process.stand_by(KIND, environment=os.environ)
    process.stand_by(KIND, environment=os.environ)  # one is enough
    begun = waiting()
    assert begun.nice() == process.NICENESS
    assert done(job) == begun.pid
    assert "KeyError" in process.log_of(job.id).read_text("utf-8")
    assert log.find(job.id).state is State.FAILED
    assert not standby.there(KIND, os.environ)


def test_other_kinds_and_other_settings_have_processes_of_their_own(job: Job, log: JobLog) -> None:
    process.stand_by(KIND, environment=os.environ)
    begun = waiting()
    assert done(log.find(asked())) != begun.pid
    assert done(job, {**os.environ, "CASTING_MACHINE": "other"}) != begun.pid
    assert standby.there(KIND, os.environ)
    process.stand_by("import", environment=os.environ)  # there is one at most
    until(lambda: not begun.is_running())


def test_one_that_was_killed_is_not_missed(job: Job) -> None:
    process.stand_by(KIND, environment=os.environ)
    begun = waiting()
    begun.kill()
    until(lambda: not standby.there(KIND, os.environ))
    assert done(job) != begun.pid
    assert "KeyError" in process.log_of(job.id).read_text("utf-8")


def test_it_goes_when_nobody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standby, "IDLE", 0.01)
    process.stand_by(KIND, environment=os.environ)
    until(lambda: not standby.there(KIND, os.environ) and not begun_here())


def test_it_goes_with_the_process_that_began_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BEGINS], cwd=ROOT, check=True, timeout=PATIENCE, stdout=subprocess.PIPE, text=True
    )
    until(lambda: not psutil.pid_exists(int(done.stdout)))


@pytest.mark.parametrize("why", ["a heavy job is at work", "others do the work", "memory is short", "nobody wants one"])
def test_none_is_begun_where(why: str, monkeypatch: pytest.MonkeyPatch, job: Job) -> None:
    if why != "a heavy job is at work":
        control.queue().withdraw(job.id)
    if why == "others do the work":
        monkeypatch.setenv("CASTING_WORKERS", "elsewhere")
        settings.cache_clear()
    if why == "nobody wants one":
        monkeypatch.setenv("CASTING_STAND_BY", "0")
        settings.cache_clear()
    if why == "memory is short":
        monkeypatch.setattr(process, "FREE", 2**60)
    control.stand_by(KIND)
    assert not begun_here()
