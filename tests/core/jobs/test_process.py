"""The process of a job steps back for the pages that people wait for, and a lock tells whether it lives."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from casting_core.errors import JobError
from casting_core.jobs import process
from casting_core.records.jobs import Job, JobLog
from casting_core.settings import ROOT, settings
from tests.core.jobs.counting import PATIENCE, asked

HOLDS = """
import sys, time
from casting_core.jobs import process
lock = process.hold(int(sys.argv[1]))
print("held", flush=True)
time.sleep(1000)
"""


@pytest.fixture
def job(log: JobLog) -> Job:
    """A job that nobody does, of a kind that nobody knows: its process ends at once."""
    return log.find(asked())


@pytest.fixture
def holder(job: Job) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock of this job."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(job.id)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        yield other
        other.kill()


@pytest.mark.skipif(os.name != "posix", reason="Windows ranks processes by classes, set as they start")
def test_it_steps_back_prints_to_its_file_and_its_end_is_heard(job: Job) -> None:
    over = threading.Event()
    process.jobs_dir().mkdir(parents=True)
    process.log_of(job.id).write_text("before\n", encoding="utf-8")
    number = process.start(job, environment=os.environ, after=over.set)
    started = psutil.Process(number)
    assert started.nice() == process.NICENESS
    assert os.getsid(number) == number, "closing a terminal ends all of its session"
    assert over.wait(PATIENCE)
    assert not psutil.pid_exists(number), "it stays as a zombie"
    printed = process.log_of(job.id).read_text(encoding="utf-8")
    assert printed.startswith("before\n"), "what an earlier process printed is kept"
    assert "nothing here can do a job of the kind 'count'" in printed


@pytest.mark.skipif(os.name != "posix", reason="Windows ranks processes by classes, set as they start")
def test_what_people_wait_for_goes_before_what_only_takes_long(log: JobLog) -> None:
    light, over = log.find(asked(heavy=False)), threading.Event()
    number = process.start(light, environment=os.environ, after=over.set)
    assert psutil.Process(number).nice() == process.LIGHT_NICENESS < process.NICENESS
    assert over.wait(PATIENCE)


@pytest.mark.skipif(not Path("/proc/self/autogroup").is_file(), reason="this system does not rank sessions")
def test_its_session_steps_back_too(job: Job) -> None:
    seen, over = "", threading.Event()
    number = process.start(job, environment=os.environ, after=over.set)
    until = time.monotonic() + PATIENCE
    while f"nice {process.NICENESS}" not in seen and not over.is_set() and time.monotonic() < until:
        try:
            seen = Path(f"/proc/{number}/autogroup").read_text("ascii")
        except OSError:  # it has gone
            break
    assert f"nice {process.NICENESS}" in seen
    assert over.wait(PATIENCE)


def test_a_process_that_cannot_be_started_is_said(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(subprocess, "Popen", forbidden)
    with pytest.raises(JobError, match="count 1 cannot be started: Permission denied"):
        process.start(job, environment=os.environ, after=lambda: None)


def test_a_job_that_nobody_does_is_held_by_nobody(job: Job) -> None:
    assert not process.held(job.id)
    lock = process.hold(job.id)
    assert process.held(job.id)
    assert process.held(job.id), "looking takes nothing away"
    lock.release()
    assert not process.held(job.id)


def test_who_waits_at_a_terminal_takes_the_lock_once_more_to_do_the_job(job: Job) -> None:
    first, second = process.hold(job.id), process.hold(job.id)
    second.release()
    assert process.held(job.id)
    first.release()
    assert not process.held(job.id)


def test_two_processes_never_do_one_job(
    job: Job, holder: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    assert holder.poll() is None
    assert process.held(job.id)
    monkeypatch.setattr(process, "SOON", 0.1)
    with pytest.raises(JobError, match="another process is at work on job 1 already"):
        process.hold(job.id)


def test_however_a_process_ends_its_lock_is_free_at_once(job: Job, holder: "subprocess.Popen[str]") -> None:
    assert process.held(job.id)
    holder.kill()
    holder.wait()
    assert not process.held(job.id)


def test_a_process_that_does_not_answer_is_ended_and_no_other_one_with_its_number(
    job: Job, holder: "subprocess.Popen[str]"
) -> None:
    assert holder.poll() is None
    other = replace(job, id=job.id + 1, pid=holder.pid)  # nobody holds its lock: the number is somebody else's by now
    process.kill(other)
    assert holder.poll() is None, "it is not ours to end"
    process.kill(replace(job, pid=holder.pid))
    holder.wait()
    process.kill(replace(job, pid=holder.pid))  # it has gone already
    assert not process.held(job.id)


def test_a_process_never_ends_itself(job: Job) -> None:
    lock = process.hold(job.id)
    process.kill(replace(job, pid=os.getpid()))
    assert process.held(job.id)
    lock.release()


def test_runs_of_an_older_program_keep_their_files_where_they_were(job: Job) -> None:
    before = settings().data_dir / "runs" / str(job.id)
    assert process.folder_of(job.id) == process.jobs_dir() / str(job.id)
    before.mkdir(parents=True)
    assert process.folder_of(job.id) == before
