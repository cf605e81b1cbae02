"""Limits of the share of rejects: those of Laney's paper, wide enough for shifts that are not all alike."""

import numpy as np
import pytest

from casting_core.judging.watch.laney import LEAST, chart


def test_limits_are_those_worked_out_by_hand() -> None:
    found = chart([10, 20] * 6, [100] * 12)
    assert found is not None
    # centre 0.15; one share spreads by sqrt(0.15 * 0.85 / 100) = 0.035707, so z is -1.40028 and 1.40028 in turn;
    # the moving range is 2.80056, over 1.128 that is 2.48276; 3 * 0.035707 * 2.48276 = 0.265957
    assert found.centre == pytest.approx(0.15)
    assert found.varies == pytest.approx(2.48276, abs=1e-4)
    assert found.upper[0] == pytest.approx(0.15 + 0.265957, abs=1e-5)
    assert found.lower[0] == 0
    assert not found.outside.any()


def test_shares_that_vary_by_chance_alone_get_the_limits_of_an_ordinary_chart() -> None:
    found = chart(np.random.default_rng(0).binomial(500, 0.04, 400).tolist(), [500] * 400)
    assert found is not None
    assert found.varies == pytest.approx(1.0, abs=0.1)


def test_heats_that_are_not_alike_alarm_no_more_often_than_chance_does() -> None:
    random = np.random.default_rng(1)
    share = random.beta(8, 192, 300)  # 4 %, and far more spread than chance alone brings with 3,000 parts
    found = chart(random.binomial(3000, share).tolist(), [3000] * 300)
    assert found is not None
    ordinary = 3 * np.sqrt(found.centre * (1 - found.centre) / 3000)
    assert (np.abs(found.share - found.centre) > ordinary).mean() > 0.3
    assert found.outside.mean() < 0.03


def test_a_shift_with_three_times_the_rejects_lies_outside() -> None:
    found = chart([4, 5, 4, 6, 5, 4, 5, 6, 4, 5, 5, 4, 5, 30], [100] * 14)
    assert found is not None
    assert found.outside.tolist() == [False] * 13 + [True]


def test_shifts_without_parts_have_no_share_and_change_no_limit() -> None:
    full, with_gaps = chart([1, 2] * 8, [50] * 16), chart([1, 0, 2] * 8, [50, 0, 50] * 8)
    assert full is not None
    assert with_gaps is not None
    assert with_gaps.varies == pytest.approx(full.varies)
    assert np.isnan(with_gaps.share[1])
    assert not with_gaps.outside[1]


def test_there_are_no_limits_of_few_shifts_or_without_a_reject() -> None:
    assert chart([1] * (LEAST - 1), [10] * (LEAST - 1)) is None
    assert chart([0] * 20, [10] * 20) is None
    assert chart([10] * 20, [10] * 20) is None
