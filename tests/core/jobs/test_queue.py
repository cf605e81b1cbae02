"""The line of runs: one works, the others wait in order, and of many who start the next one exactly one wins."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from casting_core.errors import RunError
from casting_core.jobs.run_queue import TAKEN_OUT, RunQueue, line
from casting_core.records.run_log import SILENCE, Process, Run, RunLog, State

TERMINAL = Process(pid=4, born=900.0)


class Machine:
    """A machine whose clock and processes a test sets."""

    def __init__(self, engine: Engine, name: str = "") -> None:
        self.now, self.name, self.processes = 1000.0, name, set[int]()
        self.log = RunLog(engine, clock=lambda: self.now)
        self.queue = RunQueue(engine, machine=name, alive=lambda run: run.pid in self.processes, clock=lambda: self.now)

    def ask(self, by: Process | None = None) -> int:
        self.now += 1
        return self.log.ask(dataset="castings", folder="there", rule={}, recipe={}, machine=self.name, by=by).id

    def claimed(self, own: int | None = None) -> int | None:
        run = self.queue.claim(own)
        return run.id if run else None

    def in_line(self) -> list[int]:
        return [run.id for run in line(self.log.runs())]


@pytest.fixture
def machine(engine: Engine) -> Machine:
    return Machine(engine)


def test_one_works_and_the_others_wait_in_order(machine: Machine) -> None:
    first, second, third = (machine.ask() for _ in range(3))
    assert machine.in_line() == [first, second, third]
    assert machine.claimed() == first
    assert machine.claimed() is None, "its process is being started"
    machine.log.begin(first, pid=1)
    assert machine.claimed() is None, "it works"
    assert machine.in_line() == [second, third]
    machine.log.end(first, State.FAILED, message="no photos")
    assert machine.claimed() == second
    machine.log.end(second, State.FAILED, message="it cannot be started")
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
    machine.log.begin(first, pid=1)
    machine.processes.add(1)
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
    machine.now += SILENCE + 1
    assert machine.log.find(first).state is State.LOST
    assert machine.claimed() == second


def test_a_terminal_waits_its_turn_and_nobody_takes_its_run_from_it(machine: Machine) -> None:
    first = machine.ask()
    assert machine.claimed() == first
    own = machine.ask(by=TERMINAL)
    later = machine.ask()
    assert machine.claimed(own) is None
    machine.log.end(first, State.FINISHED, model="v1")
    assert machine.claimed() is None, "it is the terminal's turn"
    assert machine.claimed(own) == own
    machine.log.begin(own, pid=TERMINAL.pid, born=TERMINAL.born)
    machine.log.end(own, State.FINISHED, model="v2")
    assert machine.claimed() == later


def test_a_terminal_that_was_closed_waits_no_more(machine: Machine) -> None:
    own, later = machine.ask(by=TERMINAL), machine.ask()
    assert machine.in_line() == [own, later]
    machine.processes.add(TERMINAL.pid)  # halted, perhaps; it has begun nothing
    machine.now += SILENCE + 1
    assert machine.in_line() == [later]
    assert machine.claimed() == later


def test_a_run_can_be_taken_out_of_the_line_but_not_once_it_has_begun(machine: Machine) -> None:
    first, second = machine.ask(), machine.ask()
    machine.queue.withdraw(second)
    run = machine.log.find(second)
    assert (run.state, run.message) == (State.STOPPED, TAKEN_OUT)
    assert machine.claimed() == first
    with pytest.raises(RunError, match=f"run {first} does not wait any more: it is waiting"):
        machine.queue.withdraw(first)
    assert machine.claimed() is None


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED, State.LOST])
def test_a_run_that_is_resumed_joins_the_end_of_the_line_as_if_new(machine: Machine, state: State) -> None:
    first = machine.ask()
    machine.claimed()
    machine.log.begin(first, pid=1)
    if state is State.LOST:
        machine.log.silence(first)
    else:
        machine.log.end(first, state, message="broke off")
    second = machine.ask()
    machine.now += 1
    run = machine.queue.rejoin(first)
    assert (run.state, run.message, run.pid, run.ended) == (State.WAITING, "", None, None)
    assert run.started == 1001.0, "that it began before is not forgotten"
    assert machine.in_line() == [second, first]
    with pytest.raises(RunError, match=f"run {first} cannot be resumed: it is waiting"):
        machine.queue.rejoin(first)


def test_a_run_that_made_a_version_is_not_resumed(machine: Machine) -> None:
    first = machine.ask()
    machine.log.begin(first, pid=1)
    machine.log.end(first, State.STOPPED, model="v3")
    with pytest.raises(RunError, match=f"run {first} cannot be resumed: it is stopped and made v3"):
        machine.queue.rejoin(first)


def test_a_run_is_resumed_where_its_checkpoint_lies(engine: Engine) -> None:
    here, there = Machine(engine, "here"), Machine(engine, "there")
    run = here.ask()
    here.log.end(run, State.STOPPED)
    with pytest.raises(RunError, match="made on the machine 'here'; resume it there"):
        there.queue.rejoin(run)


def test_a_run_of_before_there_were_lines_is_still_read(machine: Machine) -> None:
    run: Run = machine.log.find(machine.ask())
    assert line([run])[0].id == run.id
