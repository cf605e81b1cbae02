"""Doing a job: however it ends, its end is written down, its files are dealt with, and the next one begins."""

import pytest

from casting_core.errors import JobError, StoppedError
from casting_core.jobs import control, process
from casting_core.jobs.progress import Doing
from casting_core.jobs.work import BY_HAND, NO_MEMORY, do
from casting_core.records.jobs import JobLog, State, Wish
from casting_core.workflows.kinds import KINDS as REAL
from tests.core.jobs.counting import KINDS, asked, over, until


def texts(log: JobLog, job: int) -> list[str]:
    return [body["text"] for _, _, body in log.events(job)]


def test_a_job_comes_to_its_result_and_leaves_no_files(log: JobLog) -> None:
    number, heard = asked(3), list[object]()
    assert do(number, KINDS, listen=heard.append) == {"counted": 3, "here": 3, "attempt": 1, "by": "Anna"}
    job = log.find(number)
    assert (job.state, job.result) == (State.FINISHED, {"counted": 3, "here": 3, "attempt": 1, "by": "Anna"})
    assert (job.doing, job.share) == ("Counting 2", 1.0)
    assert texts(log, number) == ["0", "1", "2"]
    assert [event.share for event in heard if isinstance(event, Doing)] == pytest.approx([1 / 3, 2 / 3, 1])
    assert not process.folder_of(number).exists()
    assert not process.held(number)


@pytest.mark.parametrize(
    ("how", "error", "state", "message"),
    [
        ("memory", MemoryError, State.FAILED, NO_MEMORY),
        ("bug", ZeroDivisionError, State.FAILED, "ZeroDivisionError: by zero"),
        ("hand", KeyboardInterrupt, State.STOPPED, BY_HAND),
    ],
)
def test_however_a_job_ends_its_end_is_written_down_and_its_lock_is_free(
    log: JobLog, how: str, error: type[BaseException], state: State, message: str
) -> None:
    number = asked(kind="break", how=how)
    with pytest.raises(error):
        do(number, KINDS)
    job = log.find(number)
    assert (job.state, job.message, job.result) == (state, message, None)
    assert job.ended is not None
    assert not process.held(number)


def test_a_job_that_failed_goes_on_where_it_was(log: JobLog) -> None:
    number = asked(5, fails_at=3)
    with pytest.raises(JobError, match="3 cannot be counted"):
        do(number, KINDS)
    assert (log.find(number).state, log.find(number).message) == (State.FAILED, "3 cannot be counted")
    assert process.folder_of(number).is_dir(), "it is kept to be resumed"
    control.queue().rejoin(number)
    assert do(number, KINDS) == {"counted": 5, "here": 2, "attempt": 2, "by": "Anna"}
    assert texts(log, number) == ["0", "1", "2", "3", "4"]


def test_a_new_job_takes_up_no_files_of_one_with_its_number_in_another_database(log: JobLog) -> None:
    number = asked(2)
    process.folder_of(number).mkdir(parents=True)
    (process.folder_of(number) / "lines").write_text("0\n1\n")
    assert do(number, KINDS)["here"] == 2
    assert log.find(number).attempt == 1


def test_a_job_that_somebody_stopped_is_stopped_and_not_failed(log: JobLog) -> None:
    number = asked(10**6)

    def listen(_event: object) -> None:
        if not texts(log, number):
            control.stop(number)

    with pytest.raises(StoppedError):
        do(number, KINDS, listen=listen)
    assert log.find(number).state is State.STOPPED
    assert log.find(number).resumable


def test_a_job_that_failed_for_it_was_stopped_is_called_stopped(log: JobLog) -> None:
    number = asked(10**6, fails_at=1)

    def listen(_event: object) -> None:
        log.wish(number, Wish.STOP)

    with pytest.raises(JobError):
        do(number, KINDS, listen=listen)
    assert log.find(number).state is State.STOPPED


def test_a_result_that_came_though_somebody_stopped_it_is_kept(log: JobLog) -> None:
    kinds = {"count": KINDS["count"].__class__(title="Count", work=lambda *_: {"stopped": True})}
    number = asked()
    do(number, kinds)
    assert (log.find(number).state, log.find(number).result) == (State.STOPPED, {"stopped": True})
    assert not log.find(number).resumable


def test_a_job_of_a_kind_that_nobody_knows_is_left_as_it_is_and_named(log: JobLog) -> None:
    number = asked(kind="teleport")
    with pytest.raises(JobError, match=r"no.*job of the kind 'teleport' \(known: run, search worker, .*\)"):
        do(number, REAL)
    assert log.find(number).state is State.WAITING


def test_a_job_that_is_over_is_not_done_again(log: JobLog) -> None:
    number = asked()
    do(number, KINDS)
    with pytest.raises(JobError, match="count 1 cannot begin: it is finished already"):
        do(number, KINDS)
    assert not process.held(number)
    assert log.find(number).result is not None


@pytest.mark.usefixtures("counters")
@pytest.mark.parametrize("how", ["it finishes", "it fails"])
def test_the_end_of_a_job_starts_the_next_one_in_line(how: str) -> None:
    first = asked(2, fails_at=None if how == "it finishes" else 1)
    second = asked(2)
    try:
        do(first, KINDS)
    except JobError:
        assert how == "it fails"
    assert until(over, second).state is State.FINISHED
