"""How long a job still takes is told from how fast it was lately, within a factor of two; else it is not told."""

from collections.abc import Iterable

import numpy as np
import pytest

from casting_core.jobs.progress import LOOKED_BACK, Pace, seconds_for
from tests.core.jobs.counting import Clock

FACTOR = 2.0  # what is told may be wrong by
BEAT = 0.5  # seconds between two looks


def told(steps: Iterable[float], *, even_from: float = 0.0) -> list[tuple[float, float, float]]:
    """What is told of work whose steps take so many seconds: the moment, what is said to be left, and what is.

    Up to the share ``even_from`` it is work of another kind than behind it.
    """
    took = list(steps)
    clock, said = Clock(), []
    pace = Pace(clock=clock)
    began, over = clock.now, float(sum(took))
    pace.see(0.0, even=even_from == 0.0)
    passed = 0.0
    for number, seconds in enumerate(took, 1):
        ends_at = passed + seconds
        while passed + BEAT < ends_at:
            passed += BEAT
            clock.now = began + passed
            if (left := pace.seconds_left()) is not None:
                said.append((passed, left, over - passed))
        passed = ends_at
        clock.now, share = began + passed, number / len(took)
        pace.see(share, even=share > even_from)
        if (left := pace.seconds_left()) is not None:
            said.append((passed, left, over - passed))
    return said


def wrong(said: list[tuple[float, float, float]], *, since: float = 0.0) -> list[tuple[float, float, float]]:
    """What was wrong by more than the factor; two seconds more or less are nobody's promise."""
    return [
        (at, left, true)
        for at, left, true in said
        if at >= since and not true / FACTOR - 2.0 <= left <= FACTOR * true + 2.0
    ]


def test_steady_work_takes_as_long_for_the_rest_as_it_has_taken_so_far() -> None:
    said = told([1.0] * 100)
    assert said[0][0] <= 12.0, "it is told early"
    assert all(left == pytest.approx(true, abs=1.5) for _, left, true in said)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("length", [0.3, 2.0, 40.0])
def test_on_a_busy_machine_what_is_told_is_right_within_a_factor_of_two(seed: int, length: float) -> None:
    """Each step is slowed down by whatever else goes on: now hardly, now to a third."""
    busy = np.random.default_rng(seed).uniform(1.0, 3.0, size=120)
    said = told(length * busy)
    assert len(said) > 10
    assert wrong(said) == []


def test_where_the_machine_gets_busy_nothing_is_told_until_the_new_pace_is_known() -> None:
    """Half of the work at full speed, then at a tenth of it: the mean of both would promise far too little."""
    said = told([1.0] * 100 + [10.0] * 100)
    settled = 100.0 + 2 * LOOKED_BACK
    assert any(at > settled for at, _, _ in said)
    assert wrong(said, since=settled) == []
    assert not [at for at, _, _ in said if 100.0 + 25.0 < at < 100.0 + 0.6 * LOOKED_BACK]


def test_where_it_gets_free_again_too() -> None:
    said = told([10.0] * 30 + [1.0] * 300)
    assert any(at > 300.0 + 2 * LOOKED_BACK for at, _, _ in said)
    assert wrong(said, since=300.0 + 2 * LOOKED_BACK) == []


def test_steps_of_very_different_lengths_say_nothing() -> None:
    assert told([1.0, 30.0, 2.0, 60.0, 1.0, 90.0] * 2) == []


def test_as_long_as_other_work_is_still_to_come_nothing_is_told() -> None:
    """Nine tenths of a job are quick; nobody knows what the last tenth takes before it has begun."""
    said = told([1.0] * 180 + [20.0] * 20, even_from=0.9)
    assert said[0][0] > 180.0
    assert wrong(said) == []


def test_nothing_is_promised_before_it_can_be_told() -> None:
    said = told([20.0] * 1000)
    assert said[0][0] >= said[0][2] / 40, "a minute says nothing of hours"
    clock = Clock()
    pace = Pace(clock=clock)
    assert pace.seconds_left() is None
    for share in (0.0, 0.2, 0.4):
        clock.now += 20
        pace.see(share)
        assert pace.seconds_left() is None


def test_work_that_stands_still_is_no_longer_told_a_time_that_was_right_before() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    for share in np.arange(0.0, 0.5, 0.02):
        clock.now += 1
        pace.see(float(share))
    before = pace.seconds_left()
    assert before == pytest.approx(26, abs=3)
    for _ in range(int(LOOKED_BACK)):
        clock.now += 1
    assert pace.seconds_left() is None


def test_work_that_begins_anew_forgets_what_was() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.0):
        clock.now += 5
        pace.see(share)
    assert pace.seconds_left() is None
    for share in np.arange(0.02, 0.5, 0.02):
        clock.now += 1
        pace.see(float(share))
    assert pace.seconds_left() == pytest.approx(26, abs=3)


def test_work_whose_share_does_not_grow_with_time_is_never_told_a_time() -> None:
    assert told([1.0] * 100, even_from=1.0) == []


def test_what_is_done_is_told_no_time() -> None:
    clock = Clock()
    pace = Pace(clock=clock)
    for share in np.linspace(0.0, 1.0, 21):
        clock.now += 1
        pace.see(float(share))
    assert pace.seconds_left() is None


@pytest.mark.parametrize("seed", range(4))
def test_steps_that_others_have_taken_tell_of_those_to_come(seed: int) -> None:
    took = np.random.default_rng(seed).uniform(5.0, 15.0, size=30)
    for done in range(4, 29):
        left = seconds_for(30 - done, took[:done].tolist())
        if left is not None:
            assert took[done:].sum() / FACTOR <= left <= FACTOR * took[done:].sum(), done


@pytest.mark.parametrize("took", [[], [5.0] * 3, [5.0, 5.0, 20.0, 20.0], [0.0] * 4])
def test_too_few_steps_or_uneven_ones_tell_nothing(took: list[float]) -> None:
    assert seconds_for(10, took) is None
