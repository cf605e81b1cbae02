"""Whether photos are still like others: chance is not called a change, and a lamp that grows dark is found."""

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.judging.watch.drift import Drift, drift, level
from tests.bench.watching_drift import by_day, by_part, by_photo

NOTHING = np.zeros(1)


def compare(known: NDArray[np.float64], new: NDArray[np.float64], *, tolerance: float = 0.0, alpha: float) -> Drift:
    values = np.concatenate([known, new])
    table = values[:, None] if values.ndim == 1 else values
    fresh = np.arange(len(values)) >= len(known)
    tolerated = np.full(table.shape[1], tolerance)
    return drift(table, np.arange(len(values)), fresh, tolerance=tolerated, alpha=alpha)


def test_without_a_change_alarms_come_at_most_as_often_as_was_allowed() -> None:
    random, alarms = np.random.default_rng(0), 0
    for _ in range(600):
        alarms += compare(random.normal(size=30), random.normal(size=15), alpha=0.05).alarm
    assert 0.01 < alarms / 600 < 0.06


def test_lines_that_do_not_change_keep_the_stated_run_length_though_castings_have_copies() -> None:
    found = by_part(40, 10)
    assert found.looks == 400
    assert found.alarms == 0


def test_photos_taken_for_independent_trials_alarm_of_nothing_again_and_again() -> None:
    found = by_photo(5, 3)
    assert found.alarms > 1


def test_light_of_four_fifths_is_found_in_the_first_sixty_parts() -> None:
    found = by_part(10, 1, factor=0.8)
    assert found.alarms == 10


def test_a_lamp_that_is_never_quite_the_same_raises_no_alarm_day_by_day_and_a_dark_one_does() -> None:
    assert by_day(20).alarms == 0
    assert by_day(5, factor=0.8).alarms == 5


def test_what_is_tolerated_is_not_told() -> None:
    random = np.random.default_rng(3)
    known, new = random.normal(150, 1, 200), random.normal(147, 1, 60)
    assert compare(known, new, alpha=0.01).alarm
    found = compare(known, new, tolerance=6.0, alpha=0.01)
    assert not found.alarm
    assert found.distance == pytest.approx(0.0, abs=0.02)


def test_it_says_which_way() -> None:
    random = np.random.default_rng(4)
    known = random.normal(size=100)
    assert compare(known, random.normal(2, 1, 50), alpha=0.01).rises
    assert not compare(known, random.normal(-2, 1, 50), alpha=0.01).rises


def test_one_of_several_columns_is_enough() -> None:
    random = np.random.default_rng(5)
    known, new = random.normal(size=(100, 4)), random.normal(size=(50, 4))
    assert not compare(known, new, alpha=0.01).alarm
    new[:, 2] += 3
    assert compare(known, new, alpha=0.01).alarm


def test_the_same_values_give_the_same_answer() -> None:
    random = np.random.default_rng(6)
    known, new = random.normal(size=50), random.normal(0.5, 1, 50)
    assert compare(known, new, alpha=0.01) == compare(known, new, alpha=0.01)


def test_too_few_days_for_so_rare_an_alarm_raise_none() -> None:
    values, day = np.repeat([1.0, 1, 1, 1, 9], 20)[:, None], np.repeat(np.arange(5), 20)
    assert not drift(values, day, day == 4, tolerance=NOTHING, alpha=level(looks=100, tests=4)).alarm
    assert drift(values, np.arange(100), day == 4, tolerance=NOTHING, alpha=level(looks=100, tests=4)).alarm
