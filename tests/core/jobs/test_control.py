"""Asking for jobs, in line and beside it; stopping, resuming and finding them; and what the dead leave behind."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casting_core.errors import JobError, StoppedError
from casting_core.jobs import control, process
from casting_core.jobs.queue import TAKEN_OUT
from casting_core.jobs.work import do
from casting_core.records import jobs as rows
from casting_core.records.database.access import connect
from casting_core.records.jobs import JobLog, State, dataset_in
from casting_core.settings import ROOT, settings
from tests.core.jobs.counting import KINDS, asked, counter, over, request, until

HOUR = 3600.0  # seconds
posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX knows this way to die, and such scripts")


def waiting_for(file: Path, *, heavy: bool = True, subject: str = "") -> int:
    """A job whose process waits until there is this file."""
    return control.ask(request(kind="wait", heavy=heavy, subject=subject, file=str(file))).id


def at_work(job: int) -> int:
    """The number of the job's process, once it works and has said so."""
    found = until(lambda now: now.state.over or now.doing, job)
    assert found.state is State.WORKING, found
    assert found.pid is not None
    return found.pid


@posix
@pytest.mark.usefixtures("counters")
def test_what_is_asked_for_is_done_by_a_process_of_its_own() -> None:
    job = until(over, control.ask(request(3)).id)
    assert (job.state, job.result) == (State.FINISHED, {"counted": 3, "here": 3, "attempt": 1, "by": "Anna"})
    assert job.pid not in (None, os.getpid())
    assert control.find(job.id) == job
    assert [known.id for known in control.known(kind="count")] == [job.id]
    assert control.going_on() == []


def test_a_job_that_ends_between_two_looks_is_not_taken_for_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    job, _ = control.queue().ask(request(1), starting=True)
    control.log().begin(job.id, pid=os.getpid())

    def ends_now(_job: int) -> bool:
        control.log().end(job.id, State.FINISHED, result={"counted": 1})
        return False

    monkeypatch.setattr(process, "held", ends_now)
    assert control.find(job.id).state is State.FINISHED


@posix
@pytest.mark.usefixtures("counters")
def test_heavy_jobs_wait_in_one_line_and_light_ones_go_on_beside_them(tmp_path: Path) -> None:
    first, second = waiting_for(tmp_path / "go"), waiting_for(tmp_path / "go")
    at_work(first)
    light = control.ask(request(2, heavy=False)).id
    assert until(over, light).state is State.FINISHED
    assert control.find(second).in_line
    assert [job.id for job in control.in_line(control.going_on())] == [second]
    (tmp_path / "go").touch()
    assert [until(over, job).state for job in (first, second)] == [State.FINISHED] * 2
    one, other = control.find(first), control.find(second)
    assert one.ended is not None
    assert other.started is not None
    assert other.started >= one.ended, "one at a time"


@posix
@pytest.mark.usefixtures("counters")
def test_workers_of_one_search_are_at_work_at_the_same_time(tmp_path: Path) -> None:
    workers = [waiting_for(tmp_path / "go", subject="study") for _ in range(2)]
    other = waiting_for(tmp_path / "go", subject="another study")
    assert len({at_work(job) for job in workers}) == 2
    assert control.find(other).in_line
    (tmp_path / "go").touch()
    assert until(over, other).state is State.FINISHED


@posix
@pytest.mark.usefixtures("counters")
def test_of_five_who_ask_at_once_for_the_same_one_has_it_done(tmp_path: Path) -> None:
    wanted = request(kind="wait", heavy=False, subject="sample", file=str(tmp_path / "go"))
    with ThreadPoolExecutor(5) as pool:
        assert {job.id for job in pool.map(lambda _: control.ask(wanted, once=True), range(5))} == {1}
    (tmp_path / "go").touch()
    assert until(over, 1).result == {"attempt": 1}


@posix
@pytest.mark.usefixtures("counters")
def test_a_job_whose_process_was_killed_is_lost_at_once_and_begins_anew(tmp_path: Path) -> None:
    job = waiting_for(tmp_path / "go", heavy=False)
    os.kill(at_work(job), signal.SIGKILL)
    found = until(lambda now: now.state is State.LOST, job)
    assert found.heartbeat is not None
    assert control.log().find(job).state is State.WORKING, "its heartbeat alone would not have told that yet"
    (tmp_path / "go").touch()
    assert control.resume(job).attempt == 2
    assert until(over, job).result == {"attempt": 2}


@posix
@pytest.mark.usefixtures("counters")
def test_a_job_that_hangs_is_lost_and_its_process_is_ended_when_it_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "SILENCE", 2.0)
    job, next_one = waiting_for(tmp_path / "go"), asked(1)
    hangs = at_work(job)
    os.kill(hangs, signal.SIGSTOP)
    until(lambda now: now.state is State.LOST, job)
    assert process.held(job), "it is there"
    assert control.start_next() is None, "it may wake up, and two would work at once"
    control.queue().withdraw(next_one)
    (tmp_path / "go").touch()
    control.resume(job)
    monkeypatch.setattr(rows, "SILENCE", 20.0)
    assert until(over, job).result == {"attempt": 2}
    assert control.find(job).pid != hangs


@pytest.mark.parametrize("set_by", [-HOUR, HOUR])
def test_a_clock_that_is_set_leaves_no_dead_job_working_and_no_living_one_lost(
    monkeypatch: pytest.MonkeyPatch, set_by: float
) -> None:
    """Between that moment and its next beat a job's heartbeat lies an hour away; its lock tells that it lives."""
    dead, living, hangs = asked(), asked(), asked()
    locks = {number: process.hold(number) for number in (dead, living, hangs)}
    for number in locks:
        control.log().begin(number, pid=os.getpid())
    now = JobLog(connect(settings().database_url), clock=lambda: time.time() + set_by)
    monkeypatch.setattr(control, "log", lambda: now)
    monkeypatch.setattr(time, "sleep", lambda _seconds: now.beat(living))  # what happens meanwhile
    locks[dead].release()  # as when it was killed
    assert [control.find(number).state for number in locks] == [State.LOST, State.WORKING, State.LOST]
    assert [job.id for job in control.going_on()] == [living]
    for number in (living, hangs):
        locks[number].release()


def test_a_job_that_hangs_is_waited_for_once_and_not_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    number, waits = asked(), list[float]()
    lock = process.hold(number)
    control.log().begin(number, pid=os.getpid())
    late = JobLog(connect(settings().database_url), clock=lambda: time.time() + HOUR)
    monkeypatch.setattr(control, "log", lambda: late)
    monkeypatch.setattr(time, "sleep", waits.append)
    assert [control.find(number).state for _ in range(3)] == [State.LOST] * 3
    assert waits == [control.WORD]
    late.beat(number)
    assert control.find(number).state is State.WORKING
    lock.release()


@pytest.mark.usefixtures("counters")
@posix
def test_a_job_of_a_kind_that_nobody_knows_fails_with_a_sentence_and_holds_up_nobody(tmp_path: Path) -> None:
    first = waiting_for(tmp_path / "go")
    strange, last = (control.ask(request(2, kind=kind)).id for kind in ("teleport", "count"))
    (tmp_path / "go").touch()
    assert until(over, last).state is State.FINISHED
    job = control.find(strange)
    assert control.find(first).state is State.FINISHED
    assert job.state is State.FAILED
    assert "nothing here can do a job of the kind 'teleport' (known: count, wait, break)" in job.message


def test_a_job_in_line_that_is_stopped_leaves_the_line() -> None:
    number = asked()
    control.stop(number)
    job = control.find(number)
    assert (job.state, job.message) == (State.STOPPED, TAKEN_OUT)
    with pytest.raises(JobError, match="count 1 cannot be stopped: it is stopped"):
        control.stop(number)


@posix
@pytest.mark.usefixtures("counters")
def test_a_job_at_work_that_is_stopped_ends_and_can_be_taken_up_again(tmp_path: Path) -> None:
    job = waiting_for(tmp_path / "go")
    at_work(job)
    control.stop(job)
    ended = until(over, job)
    assert (ended.state, ended.resumable) == (State.STOPPED, True)
    (tmp_path / "go").touch()
    control.resume(job)
    assert until(over, job).result == {"attempt": 2}
    with pytest.raises(JobError, match="wait 1 cannot be resumed: it is finished and came to a result"):
        control.resume(job)


def test_a_python_that_is_not_there_is_the_reason_why_it_failed_and_the_next_one_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    first, second = asked(), asked()
    assert control.start_next() is None
    for number in (first, second):
        job = control.find(number)
        assert job.state is State.FAILED
        assert "cannot be started: No such file" in job.message
    assert control.ask(request(heavy=False)).state is State.FAILED


def test_a_process_that_never_comes_up_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "ROOT", tmp_path)  # where there is no such program
    monkeypatch.delenv("PYTHONPATH", raising=False)
    job = until(over, control.ask(request()).id)
    assert job.state is State.FAILED
    assert "ended before it began; its log is" in job.message
    assert Path(job.message.partition("its log is ")[2]).is_file()


def test_a_terminal_waits_for_its_turn_says_so_and_is_told_when_it_is_taken_out() -> None:
    first = asked()
    assert control.queue().claim() is not None
    lock = process.hold(first)
    control.log().begin(first, pid=os.getpid())
    own, told = control.ask_here(request()).id, list[str]()

    def tell(text: str) -> None:
        told.append(text)
        control.stop(own)

    with pytest.raises(StoppedError, match="count 2 was taken out of the line before its turn"):
        control.take_turn(own, tell=tell)
    assert told == ["Count 2 waits for its turn: one at work, 0 in line before it"]
    lock.release()
    process.hold(own).release()


def test_a_light_job_at_a_terminal_waits_for_no_turn() -> None:
    asked()
    own = control.ask_here(request(1, heavy=False)).id
    control.take_turn(own, tell=pytest.fail)
    assert do(own, KINDS)["counted"] == 1


def test_what_a_job_uses_is_known_as_long_as_it_goes_on() -> None:
    wanted = request()
    used = dataset_in("/photos")
    number = control.queue().ask(type(wanted)(**{**vars(wanted), "uses": (used,)}))[0].id
    assert [job.id for job in control.using(used)] == [number]
    assert control.using(dataset_in("/others")) == []
    control.stop(number)
    assert control.using(used) == []


def test_sweeping_takes_what_the_dead_left_and_nothing_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    finished, failed, long_ago, waits = (asked() for _ in range(4))
    log = control.log()
    log.end(finished, State.FINISHED, result={})
    log.end(failed, State.FAILED)
    log.end(long_ago, State.FAILED)
    monkeypatch.setattr(control, "_lately", lambda job: job.id != long_ago)
    for number in (finished, failed, long_ago, waits, 99):
        process.folder_of(number).mkdir(parents=True)
        process.hold(number).release()
        process.log_of(number).touch()
    held = process.hold(finished)
    control.sweep()
    left = {path.name for path in process.jobs_dir().iterdir()}
    assert {f"{number}.log" for number in (finished, failed, long_ago, waits, 99)} <= left, "logs are for people"
    assert {str(finished), f"{finished}.lock"} <= left, "its process is still clearing up"
    assert {str(failed), f"{failed}.lock", str(waits), f"{waits}.lock"} <= left, "they can be resumed, or begin"
    assert not {str(long_ago), f"{long_ago}.lock", "99", "99.lock"} & left
    held.release()
    control.sweep()
    assert not (process.jobs_dir() / str(finished)).exists()


def test_files_of_a_job_that_came_to_nothing_are_kept_for_a_week() -> None:
    log = control.log()
    lately, long_ago = asked(), asked()
    log.end(lately, State.FAILED)
    with connect(settings().database_url).begin() as connection:
        before = time.time() - control.KEPT - HOUR
        connection.exec_driver_sql(f"UPDATE jobs SET state = 'failed', asked = {before} WHERE id = {long_ago}")
    for number in (lately, long_ago):
        process.folder_of(number).mkdir(parents=True)
    control.sweep()
    assert [process.folder_of(number).is_dir() for number in (lately, long_ago)] == [True, False]


@posix
def test_a_server_that_was_killed_leaves_its_jobs_at_work(tmp_path: Path) -> None:
    told = (
        f"import sys; sys.executable = {str(counter(tmp_path))!r}\n"
        "from casting_core.jobs import control\n"
        "from tests.core.jobs.counting import request\n"
        f"[control.ask(request(kind='wait', file={str(tmp_path / 'go')!r})) for _ in range(2)]\n"
        "print('asked', flush=True)\n"
        "import time; time.sleep(1000)\n"
    )
    with subprocess.Popen([sys.executable, "-c", told], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "asked\n"
        server.kill()
    at_work(1)
    assert control.find(2).in_line
    (tmp_path / "go").touch()
    assert [until(over, job).state for job in (1, 2)] == [State.FINISHED] * 2
