"""Workers take what may be done anywhere, each job once; what one cannot end it puts back for the next one."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from casting_core.errors import JobError, TakenError
from casting_core.jobs import control, process
from casting_core.jobs.pulse import Pulse
from casting_core.jobs.queue import Queue
from casting_core.jobs.worker import do_jobs
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import jobs
from casting_core.records.jobs import Job, JobLog, Request, State
from casting_core.settings import ROOT, settings
from casting_core.workflows.jobs import waits
from tests.core.jobs.counting import PATIENCE, over, request, until

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX knows SIGTERM, and such scripts")
WORKS = (
    "import json, sys; sys.executable = sys.argv[1]; from casting_core.jobs import worker; worker.SILENT = 1.0; "
    "print(json.dumps(worker.do_jobs(['count', 'wait'], grace=float(sys.argv[2]))))"
)
Begin = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked for here waits for workers."""
    monkeypatch.setenv("CASTING_WORKERS", "elsewhere")
    settings.cache_clear()


@pytest.fixture
def worker(counters: None) -> Iterator[Begin]:  # noqa: ARG001 - the processes of jobs know the kinds of tests
    """Begins a worker in a process of its own."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*, machine: str = "", grace: float = 0.0) -> "subprocess.Popen[str]":
        environment = os.environ | {"CASTING_MACHINE": machine}
        command = [_python(), "-c", WORKS, sys.executable, str(grace)]
        made = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        begun.append(made)
        return made

    yield begin
    for made in begun:
        made.kill()
        made.wait()
        assert made.stdout is not None
        made.stdout.close()


def _python() -> str:
    """The interpreter itself, which the script of ``counters`` starts."""
    return Path(sys.executable).read_text().split('"')[1]


def at_work(job: int) -> Job:
    """The job once its process works and has said so."""
    found = until(lambda now: now.state.over or now.doing, job)
    assert found.state is State.WORKING, found
    return found


def asked_for(file: Path, *, heavy: bool = True) -> int:
    """A job that ends once there is this file."""
    return control.ask(request(kind="wait", heavy=heavy, file=str(file))).id


def queues(engine: Engine, *names: str) -> list[Queue]:
    return [Queue(engine, machine=name, alive=lambda _job: True) for name in names]


def test_of_many_workers_each_takes_another_job_and_none_is_taken_twice(engine: Engine) -> None:
    (asking,) = queues(engine, "dashboard")
    asked = [asking.ask(Request(kind="run", inputs={}, heavy=True), anywhere=True)[0].id for _ in range(12)]
    other = asking.ask(Request(kind="audit", inputs={}, heavy=True), anywhere=True)[0]
    assert other.machine == ""
    assert asking.claim() is None, "it is for workers to do"
    workers = queues(engine, "one", "two", "three", "four")
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda place: workers[place % 4].take(["run"], heavy=True), range(16)))
    found = [job for job in taken if job is not None]
    assert sorted(job.id for job in found) == asked
    assert {job.machine for job in found} <= {"one", "two", "three", "four"}
    assert not any(job.in_line for job in found)


def test_what_another_worker_is_taking_is_passed_over(new_in_postgresql: Callable[[], str]) -> None:
    engine = connect(new_in_postgresql())
    one, two = queues(engine, "one", "two")
    asked = [one.ask(Request(kind="run", inputs={}), anywhere=True)[0].id for _ in range(2)]
    with writing(engine) as connection:  # the first one's row is held, as by a worker that takes it
        connection.execute(update(jobs).where(jobs.c.id == asked[0]).values(doing="being taken"))
        passed_over = two.take(["run"], heavy=False)
    assert passed_over is not None
    assert passed_over.id == asked[1]
    engine.dispose()


def test_a_job_that_was_put_back_keeps_its_place_and_the_former_process_hears_that_it_was_taken(
    engine: Engine,
) -> None:
    asking, one, two = queues(engine, "dashboard", "one", "two")
    first, later = (asking.ask(Request(kind="run", inputs={}), anywhere=True)[0].id for _ in range(2))
    log = JobLog(engine)
    assert one.take(["run"], heavy=False) is not None
    begun = log.begin(first, pid=1)
    pulse = Pulse(log, first, attempt=begun.attempt)
    pulse.require_own()
    assert one.put_back(begun)
    assert not one.put_back(begun), "it is another attempt by now"
    again = two.take(["run"], heavy=False)
    with pytest.raises(JobError, match="cannot begin"):
        log.begin(first, pid=3, machine="one")
    assert again is not None
    assert (again.id, again.machine, again.attempt, again.pid) == (first, "two", 2, None)
    with pytest.raises(TakenError, match=f"another process has taken up job {first}"):
        pulse.require_own()
    log.end(first, State.FINISHED, result={"model": "v1"}, attempt=begun.attempt)
    assert log.find(first).state is State.WAITING, "who was too late writes no end"
    log.begin(first, pid=2)
    log.end(first, State.FINISHED, result={"model": "v2"}, attempt=again.attempt)
    assert log.find(first).result == {"model": "v2"}
    assert log.find(later).state is State.WAITING


@pytest.mark.usefixtures("elsewhere")
def test_what_is_asked_for_waits_for_a_worker_and_says_so() -> None:
    heavy, light = control.ask(request()), control.ask(request(heavy=False))
    assert [job.id for job in control.in_line(control.going_on())] == [heavy.id]
    assert (heavy.in_line, light.in_line) == (True, True)
    assert control.start_next() is None
    assert waits(heavy, []).startswith("waits for a worker, and no worker is there")
    control.stop(heavy.id)
    assert control.find(heavy.id).state is State.STOPPED
    assert control.resume(heavy.id).in_line


@posix
@pytest.mark.usefixtures("elsewhere", "counters")
def test_a_worker_does_what_waits_and_ends_when_it_was_asked_to_do_no_more() -> None:
    asked = [control.ask(request(3, heavy=heavy)).id for heavy in (True, False, True)]
    assert do_jobs(["count"], once=True) == {"begun": 3, "put back": 0}
    assert [control.find(job).result for job in asked] == [{"counted": 3, "here": 3, "attempt": 1, "by": "Anna"}] * 3
    assert control.workers() == []
    (row,) = control.known(kind="worker")
    assert row.state is State.FINISHED


@posix
@pytest.mark.usefixtures("elsewhere")
def test_a_worker_that_is_ended_puts_back_what_it_does_and_another_one_goes_on(tmp_path: Path, worker: Begin) -> None:
    job = asked_for(tmp_path / "go")
    first = worker()
    begun = at_work(job)
    with pytest.raises(JobError, match="is at work on the machine '' already"):
        do_jobs(["count"])
    assert waits(begun, control.workers()) == "waits for a worker that has time"
    first.send_signal(signal.SIGTERM)
    said, _ = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    assert json.loads(said) == {"begun": 1, "put back": 1}
    found = control.find(job)
    assert (found.state, found.attempt, found.in_line) == (State.WAITING, 2, True)
    assert not process.held(job)
    worker()
    (tmp_path / "go").touch()
    assert until(over, job).result == {"attempt": 2}


@posix
@pytest.mark.usefixtures("elsewhere")
def test_a_worker_that_is_ended_lets_a_job_come_to_its_end(tmp_path: Path, worker: Begin) -> None:
    job = asked_for(tmp_path / "go")
    ending = worker(grace=PATIENCE)
    at_work(job)
    ending.send_signal(signal.SIGTERM)
    (row,) = control.workers()
    until(lambda now: now.doing.startswith("Ends"), row.id)
    assert ending.poll() is None
    (tmp_path / "go").touch()
    said, _ = ending.communicate(timeout=PATIENCE)
    assert (ending.returncode, json.loads(said)) == (0, {"begun": 1, "put back": 0})
    assert control.find(job).result == {"attempt": 1}


@posix
@pytest.mark.usefixtures("elsewhere")
def test_a_job_whose_process_is_killed_is_begun_again_by_itself(tmp_path: Path, worker: Begin) -> None:
    job = asked_for(tmp_path / "go")
    worker()
    pid = at_work(job).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda now: now.attempt == 2, job)
    (tmp_path / "go").touch()
    assert until(over, job).result == {"attempt": 2}


@posix
@pytest.mark.usefixtures("elsewhere")
def test_a_machine_that_dies_loses_nothing_another_one_goes_on(
    tmp_path: Path, worker: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = asked_for(tmp_path / "go")
    dies = worker(machine="one")
    pid = at_work(job).pid
    assert pid is not None
    dies.kill()
    os.kill(pid, signal.SIGKILL)
    until(lambda _: not process.held(job), job)
    with writing(connect(settings().database_url)) as connection:  # a minute later, by the clock of the test
        connection.execute(update(jobs).values(heartbeat=jobs.c.heartbeat - 120))
    monkeypatch.setenv("CASTING_MACHINE", "dashboard")
    settings.cache_clear()
    assert control.workers() == []
    assert control.find(job).state is State.LOST
    worker(machine="two")
    until(lambda now: now.machine == "two", job)
    (tmp_path / "go").touch()
    assert until(over, job).result == {"attempt": 2}
