"""The running bound on escapes: it may be looked at after every part."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from casting_core.judging.bounds import upper_bound
from casting_core.judging.watch.escape_bound import CONFIDENCE, A, B, upper
from tests.bench.watching_drift import ever_below


@pytest.mark.parametrize("truth", [0.01, 0.05])
def test_looked_at_after_every_part_it_is_below_the_truth_in_at_most_one_of_twenty_audits(truth: float) -> None:
    assert ever_below(truth, 400, 400) <= 1 - CONFIDENCE


def test_a_bound_for_a_fixed_number_of_parts_breaks_its_promise_when_it_is_looked_at_so() -> None:
    assert ever_below(0.05, 400, 400, fixed=True) > 2 * (1 - CONFIDENCE)


@pytest.mark.parametrize(("escaped", "looked"), [(0, 50), (3, 300), (40, 100)])
def test_it_lies_where_the_mixture_is_twenty_times_as_likely_as_the_bound(escaped: int, looked: int) -> None:
    bound = upper(escaped, looked)

    def likely(p: float) -> float:
        return float(p**escaped * (1 - p) ** (looked - escaped))

    mixture = quad(lambda p: likely(p) * beta.pdf(p, A, B), 0, 1, points=[0.001, 0.01, escaped / looked], limit=500)[0]
    assert mixture / likely(bound) == pytest.approx(1 / (1 - CONFIDENCE), rel=1e-2)


def test_it_costs_little_against_a_bound_that_may_be_looked_at_once() -> None:
    for escaped, looked in ((0, 100), (0, 300), (2, 500)):
        assert upper_bound(escaped, looked) < upper(escaped, looked) < 1.7 * upper_bound(escaped, looked)


def test_it_falls_with_each_sound_part_and_rises_with_each_escape() -> None:
    sound = [upper(0, looked) for looked in range(1, 200)]
    assert sound == sorted(sound, reverse=True)
    assert upper(1, 100) > upper(0, 100)


def test_nothing_looked_at_proves_nothing() -> None:
    assert upper(0, 0) == 1
    assert upper(5, 5) == 1


def test_more_escapes_than_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2 parts"):
        upper(3, 2)


def test_the_prior_was_chosen_for_rare_escapes() -> None:
    assert pytest.approx(0.01) == A / (A + B)
    assert np.isfinite(upper(0, 10_000_000))
