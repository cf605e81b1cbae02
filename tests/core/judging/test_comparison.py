"""Two versions on the same castings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from casting_core.judging.comparison import Paired


def paired(n: int, *, only_now: int = 0, only_new: int = 0, both: int = 0) -> Paired:
    return Paired(n=n, now=both + only_now, new=both + only_new, only_now=only_now, only_new=only_new)


@pytest.mark.parametrize(("now", "new"), [(0, 5), (3, 9), (4, 4), (1, 0)])
def test_the_p_value_is_that_of_the_exact_test(now: int, new: int) -> None:
    reference = stats.binomtest(now, now + new, 0.5).pvalue
    assert paired(100, only_now=now, only_new=new).p_value == pytest.approx(reference)
    assert paired(100).p_value == 1.0


def test_the_bound_stays_wide_where_no_casting_tells_them_apart() -> None:
    z = stats.norm.ppf(0.95)
    lower, upper = paired(85).difference
    assert upper == pytest.approx(z**2 / (85 + z**2))  # Tango's interval with no discordant pair
    assert lower == pytest.approx(-upper)
    assert paired(0).difference == (-1.0, 1.0)


@given(n=st.integers(1, 200), now=st.integers(0, 20), new=st.integers(0, 20), both=st.integers(0, 20))
def test_the_bounds_hold_what_was_found_and_turn_with_the_versions(n: int, now: int, new: int, both: int) -> None:
    n = max(n, now + new + both)
    one, other = paired(n, only_now=now, only_new=new, both=both), paired(n, only_now=new, only_new=now, both=both)
    lower, upper = one.difference
    assert lower - 1e-9 <= (new - now) / n <= upper + 1e-9
    if n > now + new or now == new:
        assert other.difference == pytest.approx((-upper, -lower), abs=1e-6)


def test_the_bounds_hold_the_truth_as_often_as_they_say() -> None:
    random, n, truth = np.random.default_rng(5), 85, 0.02
    chances = [0.03, 0.05, 0.92]  # only the one in production, only the new one, both alike
    drawn = random.multinomial(n, chances, size=600)
    bounds = [paired(n, only_now=int(now), only_new=int(new)).difference for now, new, _ in drawn]
    assert np.mean([upper < truth for _, upper in bounds]) <= 0.07
    assert np.mean([lower > truth for lower, _ in bounds]) <= 0.07


def test_numbers_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match="does not add up"):
        Paired(n=10, now=3, new=3, only_now=1, only_new=2)
