"""How long a job still takes is told from how fast it was lately; a machine gets busy, and free again."""

import pytest

from casting_core.jobs.progress import LOOKED_BACK, SOONEST, Pace
from tests.core.jobs.counting import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock=clock)


def worked(pace: Pace, clock: Clock, *, to: float, rate: float, since: float = 0.0) -> float | None:
    """What is said at the end of work that went on evenly, told of each second; ``rate`` is a share per second."""
    left, share = None, since
    while share < to - 1e-9:
        clock.now += 1
        share = min(to, share + rate)
        left = pace.seconds_left(share)
    return left


def test_steady_work_takes_as_long_for_the_rest_as_it_has_taken_so_far(pace: Pace, clock: Clock) -> None:
    pace.seconds_left(0.0)
    assert worked(pace, clock, to=0.25, rate=0.01) == pytest.approx(75)
    assert worked(pace, clock, to=0.9, rate=0.01, since=0.25) == pytest.approx(10)


def test_nothing_is_promised_before_it_can_be_told(pace: Pace, clock: Clock) -> None:
    assert pace.seconds_left(0.0) is None
    clock.now += 1
    assert pace.seconds_left(SOONEST / 2) is None
    clock.now += 1
    assert pace.seconds_left(SOONEST) is not None


def test_on_a_machine_that_got_busy_the_rate_of_the_last_while_counts(pace: Pace, clock: Clock) -> None:
    """Half of the work at full speed, then at a tenth of it: the mean of both would promise far too little."""
    pace.seconds_left(0.0)
    worked(pace, clock, to=0.5, rate=0.01)
    seconds = 2 * LOOKED_BACK
    left = worked(pace, clock, to=0.5 + 0.001 * seconds, rate=0.001, since=0.5)
    assert left == pytest.approx((0.5 - 0.001 * seconds) / 0.001, rel=0.01)


def test_on_a_machine_that_is_free_again_too(pace: Pace, clock: Clock) -> None:
    pace.seconds_left(0.0)
    worked(pace, clock, to=0.2, rate=0.001)
    assert worked(pace, clock, to=0.9, rate=0.01, since=0.2) == pytest.approx(10, rel=0.01)


def test_work_that_stands_still_takes_longer_and_longer_until_nobody_can_tell(pace: Pace, clock: Clock) -> None:
    pace.seconds_left(0.0)
    before = worked(pace, clock, to=0.5, rate=0.05)
    said = []
    for _ in range(int(3 * LOOKED_BACK)):
        clock.now += 1
        said.append(pace.seconds_left(0.5))
    told = [left for left in said if left is not None]
    assert before is not None
    assert told == sorted(told)
    assert told[0] > before
    assert said[-1] is None


def test_work_that_begins_anew_forgets_what_was(pace: Pace, clock: Clock) -> None:
    pace.seconds_left(0.0)
    worked(pace, clock, to=0.9, rate=0.3)
    assert pace.seconds_left(0.0) is None
    assert worked(pace, clock, to=0.5, rate=0.01) == pytest.approx(50, rel=0.05)


def test_what_is_done_takes_no_more_time(pace: Pace, clock: Clock) -> None:
    pace.seconds_left(0.0)
    clock.now += 10
    assert pace.seconds_left(1.0) == 0.0
