"""The line of jobs: one works, the others wait in order, and of many who start the next one exactly one wins."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from casting_core.errors import JobError
from casting_core.jobs.queue import TAKEN_OUT, Queue, line
from casting_core.records.jobs import SILENCE, START_LIMIT, Job, JobLog, Request, State

TERMINAL = 4  # the number of its process
HOUR = 3600.0  # seconds


class Machine:
    """A machine whose clock and processes a test sets."""

    def __init__(self, engine: Engine, name: str = "") -> None:
        self.now, self.name, self.processes = 1000.0, name, set[int | None]()
        self.log = JobLog(engine, clock=lambda: self.now)
        self.queue = Queue(engine, machine=name, alive=lambda job: job.pid in self.processes, clock=lambda: self.now)

    def ask(self, kind: str = "run", *, subject: str = "", heavy: bool = True, by: int | None = None) -> int:
        """The number of a job that is asked for, by a terminal where ``by`` is given."""
        self.now += 1
        request = Request(kind=kind, inputs={}, subject=subject, heavy=heavy)
        number = self.queue.ask(request, starting=by is not None or not heavy)[0].id
        if by is not None:
            self.queue.wait_here(number, pid=by)
        return number

    def begin(self, job: int, *, pid: int) -> None:
        """Its process has come up."""
        self.log.begin(job, pid=pid)
        self.processes.add(pid)

    def end(self, job: int, state: State, **values: object) -> None:
        """It is over, and its process has gone."""
        self.processes.discard(self.log.find(job).pid)
        self.log.end(job, state, **values)  # type: ignore[arg-type]

    def claimed(self, own: int | None = None) -> int | None:
        """The number of the job that this claim made ours to start."""
        job = self.queue.claim(own)
        return job.id if job else None

    def in_line(self) -> list[int]:
        """The numbers of those that wait, the next one first."""
        return [job.id for job in line(self.log.jobs())]


@pytest.fixture
def machine(engine: Engine) -> Machine:
    return Machine(engine)


def test_one_works_and_the_others_wait_in_order(machine: Machine) -> None:
    first, second, third = (machine.ask() for _ in range(3))
    assert machine.in_line() == [first, second, third]
    assert machine.claimed() == first
    assert machine.claimed() is None, "its process is being started"
    machine.begin(first, pid=1)
    assert machine.claimed() is None, "it works"
    assert machine.in_line() == [second, third]
    machine.end(first, State.FAILED, message="no photos")
    assert machine.claimed() == second
    machine.end(second, State.FAILED, message="it cannot be started")
    assert machine.claimed() == third


def test_of_many_who_start_the_next_one_one_wins(machine: Machine) -> None:
    machine.ask(), machine.ask()
    with ThreadPoolExecutor(8) as pool:
        assert sorted(filter(None, pool.map(lambda _: machine.claimed(), range(16)))) == [1]


def test_each_machine_has_a_line_of_its_own(engine: Engine) -> None:
    here, there = Machine(engine, "here"), Machine(engine, "there")
    one, other = here.ask(), there.ask()
    assert (here.claimed(), there.claimed()) == (one, other)


def test_a_run_that_is_lost_holds_up_nobody_unless_its_process_is_there(machine: Machine) -> None:
    first, second = machine.ask(), machine.ask()
    assert machine.claimed() == first
    machine.begin(first, pid=1)
    machine.now += SILENCE + 1  # the machine slept
    assert machine.log.find(first).state is State.LOST
    assert machine.claimed() is None, "two would work at once when it wakes up"
    machine.log.beat(first)
    assert machine.log.find(first).state is State.WORKING
    machine.now += SILENCE + 1
    machine.processes.clear()  # killed
    assert machine.claimed() == second


def test_a_process_that_never_comes_up_holds_up_nobody(machine: Machine) -> None:
    first, second = machine.ask(), machine.ask()
    assert machine.claimed() == first
    machine.now += START_LIMIT + 1
    assert machine.log.find(first).state is State.LOST
    assert machine.claimed() == second


def test_a_terminal_waits_its_turn_and_nobody_takes_its_run_from_it(machine: Machine) -> None:
    first = machine.ask()
    assert machine.claimed() == first
    own = machine.ask(by=TERMINAL)
    later = machine.ask()
    assert machine.claimed(own) is None
    machine.end(first, State.FINISHED, result={"model": "v1"})
    assert machine.claimed() is None, "it is the terminal's turn"
    assert machine.claimed(own) == own
    machine.begin(own, pid=TERMINAL)
    machine.end(own, State.FINISHED, result={"model": "v2"})
    assert machine.claimed() == later


def test_a_terminal_that_was_closed_waits_no_more(machine: Machine) -> None:
    own, later = machine.ask(by=TERMINAL), machine.ask()
    assert machine.in_line() == [own, later]
    machine.processes.add(TERMINAL)  # halted, perhaps; it has begun nothing
    machine.now += SILENCE + 1
    assert machine.in_line() == [later]
    assert machine.claimed() == later


def test_a_run_can_be_taken_out_of_the_line_but_not_once_it_has_begun(machine: Machine) -> None:
    first, second = machine.ask(), machine.ask()
    machine.queue.withdraw(second)
    run = machine.log.find(second)
    assert (run.state, run.message) == (State.STOPPED, TAKEN_OUT)
    assert machine.claimed() == first
    with pytest.raises(JobError, match=f"run {first} does not wait any more: it is waiting"):
        machine.queue.withdraw(first)
    assert machine.claimed() is None


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED, State.LOST])
def test_a_run_that_is_resumed_joins_the_end_of_the_line_as_if_new(machine: Machine, state: State) -> None:
    first = machine.ask()
    machine.claimed()
    machine.begin(first, pid=1)
    if state is State.LOST:
        machine.now += SILENCE + 1
    else:
        machine.end(first, state, message="broke off")
    second = machine.ask()
    machine.now += 1
    job = machine.queue.rejoin(first)
    assert (job.state, job.message, job.pid, job.ended, job.attempt) == (State.WAITING, "", None, None, 2)
    assert job.started == 1001.0, "that it began before is not forgotten"
    assert machine.in_line() == [second, first]
    with pytest.raises(JobError, match=f"run {first} cannot be resumed: it is waiting"):
        machine.queue.rejoin(first)


def test_a_run_that_made_a_version_is_not_resumed(machine: Machine) -> None:
    first = machine.ask()
    machine.begin(first, pid=1)
    machine.end(first, State.STOPPED, result={"model": "v3"})
    with pytest.raises(JobError, match=f"run {first} cannot be resumed: it is stopped and came to a result"):
        machine.queue.rejoin(first)


def test_a_job_is_resumed_where_its_files_lies(engine: Engine) -> None:
    here, there = Machine(engine, "here"), Machine(engine, "there")
    run = here.ask()
    here.end(run, State.STOPPED)
    with pytest.raises(JobError, match="made on the machine 'here'; resume it there"):
        there.queue.rejoin(run)


def test_a_job_whose_process_has_gone_is_resumed_though_its_heartbeat_is_fresh(machine: Machine) -> None:
    first = machine.ask()
    machine.claimed()
    machine.begin(first, pid=1)
    with pytest.raises(JobError, match="cannot be resumed: it is working"):
        machine.queue.rejoin(first)
    assert machine.queue.rejoin(first, lost=True).state is State.WAITING


def test_heavy_jobs_without_a_subject_are_alone_whatever_their_kind(machine: Machine) -> None:
    one, _ = machine.ask("worker"), machine.ask("worker")
    assert (machine.claimed(), machine.claimed()) == (one, None)


def test_workers_of_one_study_go_on_beside_each_other_and_all_else_waits(machine: Machine) -> None:
    one, two, run, other = (
        machine.ask(kind, subject=subject)
        for kind, subject in (("worker", "first"), ("worker", "first"), ("run", ""), ("worker", "second"))
    )
    assert (machine.claimed(), machine.claimed(), machine.claimed()) == (one, two, None)
    machine.begin(one, pid=1)
    machine.begin(two, pid=2)
    machine.end(one, State.FINISHED, result={})
    assert machine.claimed() is None, "one of them is still at work"
    machine.end(two, State.FINISHED, result={})
    assert (machine.claimed(), machine.claimed()) == (run, None)
    machine.begin(run, pid=3)
    machine.end(run, State.FINISHED, result={})
    assert machine.claimed() == other


def test_light_jobs_wait_for_nobody_and_nobody_waits_for_them(machine: Machine) -> None:
    audit, run, other = machine.ask("audit", heavy=False), machine.ask(), machine.ask("audit", heavy=False)
    assert machine.in_line() == [run]
    machine.begin(audit, pid=1)
    assert (machine.claimed(), machine.claimed()) == (run, None)
    machine.begin(other, pid=2)
    assert machine.log.find(other).state is State.WORKING


def test_five_who_ask_at_once_for_the_same_work_get_one_job(machine: Machine) -> None:
    def ask(_: int) -> tuple[Job, bool]:
        return machine.queue.ask(Request(kind="sample", inputs={}, subject="there"), starting=True, once=True)

    with ThreadPoolExecutor(5) as pool:
        got = list(pool.map(ask, range(5)))
    assert {job.id for job, _ in got} == {1}
    assert sum(new for _, new in got) == 1
    machine.begin(1, pid=1)
    assert ask(0)[1] is False, "it goes on"
    assert machine.queue.ask(Request(kind="sample", inputs={}, subject="elsewhere"), once=True)[0].id == 2
    machine.end(1, State.FINISHED, result={})
    assert ask(0)[0].id == 3, "what has ended is asked for anew"


def test_work_whose_process_was_killed_is_asked_for_anew(machine: Machine) -> None:
    request = Request(kind="audit", inputs={}, subject="there")
    first, _ = machine.queue.ask(request, starting=True, once=True)
    machine.begin(first.id, pid=1)
    machine.processes.clear()
    assert machine.queue.ask(request, starting=True, once=True)[1]


def test_a_clock_put_back_an_hour_holds_up_no_line_and_starts_nothing_twice(machine: Machine) -> None:
    first, second = machine.ask(), machine.ask()
    assert machine.claimed() == first
    machine.begin(first, pid=1)
    machine.now -= HOUR
    assert machine.claimed() is None, "its process is there, whatever the clock says"
    machine.log.beat(first)
    assert machine.log.find(first).state is State.WORKING
    machine.processes.clear()  # killed in the hour that comes again
    assert machine.claimed() == second


def test_a_process_that_was_being_started_when_the_clock_was_put_back_holds_up_nobody(machine: Machine) -> None:
    first, second = machine.ask(), machine.ask()
    assert machine.claimed() == first
    machine.now -= HOUR
    assert machine.claimed() == second


def test_a_terminal_goes_on_waiting_when_the_clock_is_put_back(machine: Machine) -> None:
    first, own = machine.ask(), machine.ask(by=TERMINAL)
    machine.claimed()
    machine.begin(first, pid=1)
    machine.now -= HOUR
    assert machine.claimed(own) is None
    assert machine.in_line() == [own]
    machine.end(first, State.FINISHED, result={})
    assert machine.claimed(own) == own
