"""The commands about long work: what goes on and what ended, in words and as values; stopping, and resuming."""

import pytest

from casting_core.commands.jobs import SHOWN
from casting_core.jobs import control, process
from casting_core.jobs.queue import TAKEN_OUT
from casting_core.jobs.work import do
from casting_core.records.jobs import Job, State
from tests.core.commands.answers import answered, refused, said
from tests.core.jobs.counting import KINDS, asked


@pytest.fixture
def three() -> tuple[int, int, int]:
    """A job that has finished, one that failed, and one that waits."""
    numbers = asked(2), asked(2), asked(2)
    do(numbers[0], KINDS)
    control.log().end(numbers[1], State.FAILED, message="the disk is full \x1b[2J")
    return numbers


@pytest.fixture(autouse=True)
def nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the jobs that a process would have been started for."""
    started: list[int] = []

    def start(job: Job, **_: object) -> int:
        started.append(job.id)
        return 1

    monkeypatch.setattr("casting_core.jobs.process.start", start)
    return started


def test_where_nobody_has_asked_for_anything_that_is_said() -> None:
    assert said("jobs", "list").stdout == "No long work was asked for yet.\n"
    assert answered("jobs", "list") == {"jobs": []}


@pytest.mark.usefixtures("three")
def test_what_goes_on_and_what_ended_is_listed_the_newest_first() -> None:
    listed = answered("jobs", "list")["jobs"]
    assert [(job["id"], job["state"]) for job in listed] == [(3, "waiting"), (2, "failed"), (1, "finished")]
    assert (listed[2]["kind"], listed[2]["actor"], listed[2]["result"]["counted"]) == ("count", "Anna", 2)
    lines = said("jobs", "list").stdout.splitlines()
    assert [line.split()[:4] for line in lines] == [
        ["3", "count", "waiting", "numbers"],
        ["2", "count", "failed", "numbers"],
        ["1", "count", "finished", "numbers"],
    ]
    assert lines[1].endswith("the disk is full ?[2J"), "a message drives no terminal"


def test_one_job_is_shown_with_what_was_asked_for_and_what_came_of_it(three: tuple[int, int, int]) -> None:
    shown = answered("jobs", "show", three[0])
    assert (shown["id"], shown["inputs"], shown["attempt"]) == (1, {"to": 2}, 1)
    text = said("jobs", "show", three[0]).stdout
    assert "by Anna" in text
    assert "counted    2" in text
    assert "not yet" in said("jobs", "show", three[2]).stdout
    assert "no job 9 (known: 1 to 3)" in refused("jobs", "show", 9)


def test_a_job_in_line_is_taken_out_and_one_that_is_over_cannot_be_stopped(three: tuple[int, int, int]) -> None:
    assert said("jobs", "stop", three[2]).stdout == "Count 3 is stopped.\n"
    assert control.find(three[2]).message == TAKEN_OUT
    assert "count 3 cannot be stopped: it is stopped" in refused("jobs", "stop", three[2])
    assert answered("jobs", "stop", asked())["state"] == "stopped"


def test_a_job_at_work_is_asked_to_stop() -> None:
    number = asked()
    lock = process.hold(number)
    control.log().begin(number, pid=1)
    assert said("jobs", "stop", number).stdout == f"Asked count {number} to stop.\n"
    assert answered("jobs", "show", number)["wish"] == "stop"
    lock.release()


def test_a_job_that_failed_is_resumed_and_one_with_a_result_is_not(
    three: tuple[int, int, int], nothing_is_started: list[int]
) -> None:
    control.stop(three[2])
    assert said("jobs", "resume", three[1]).stdout == "Count 2 is waiting.\n"
    assert 2 in nothing_is_started
    assert answered("jobs", "resume", three[2])["attempt"] == 2
    assert "cannot be resumed: it is finished and came to a result" in refused("jobs", "resume", three[0])


def test_more_than_a_page_of_jobs_is_listed_only_where_all_are_wanted() -> None:
    for _ in range(SHOWN + 2):
        asked()
    assert len(answered("jobs", "list")["jobs"]) == SHOWN
    assert len(answered("jobs", "list", "--all")["jobs"]) == SHOWN + 2


def test_the_command_that_does_a_job_is_for_processes_and_named_nowhere() -> None:
    assert "work" not in said("jobs", "--help").stdout.split("Commands:")[1]
    assert "no job 9" in refused("jobs", "work", 9)
    assert "nothing here can do a job of the kind 'count'" in refused("jobs", "work", asked())
