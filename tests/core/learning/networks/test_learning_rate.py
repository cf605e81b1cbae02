"""The learning rate: a short way up, then constant, down to nothing, or down to a level."""

import pytest

from casting_core.learning.networks.optimizers import learning_rate
from casting_core.learning.recipes.choices import Schedule

PEAK, STEPS = 0.01, 200


def rates(schedule: Schedule) -> list[float]:
    """At the start, at the peak, halfway, and after the last step."""
    rate = learning_rate(schedule, peak=PEAK, steps=STEPS)
    assert not isinstance(rate, float)
    return [float(rate(step)) for step in (0, 10, 100, 200)]


def test_a_constant_rate_is_its_peak() -> None:
    assert learning_rate(Schedule.CONSTANT, peak=PEAK, steps=STEPS) == PEAK


def test_a_cosine_rises_in_a_twentieth_of_the_steps_and_falls_to_nothing() -> None:
    start, peak, halfway, end = rates(Schedule.COSINE)
    assert [start, peak] == pytest.approx([PEAK / 10, PEAK])
    assert 0.4 * PEAK < halfway < 0.6 * PEAK
    assert end == pytest.approx(0, abs=1e-8)


def test_a_level_rate_comes_to_two_fifths_of_its_peak_halfway_and_stays() -> None:
    _, peak, halfway, end = rates(Schedule.LEVEL)
    assert [peak, halfway, end] == pytest.approx([PEAK, 0.4 * PEAK, 0.4 * PEAK])


@pytest.mark.parametrize("schedule", Schedule)
def test_one_step_is_enough_for_every_schedule(schedule: Schedule) -> None:
    rate = learning_rate(schedule, peak=PEAK, steps=1)
    assert 0 < (rate if isinstance(rate, float) else float(rate(0))) <= PEAK
