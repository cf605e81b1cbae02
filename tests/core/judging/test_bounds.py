"""What a share proves: the bounds are exact, and castings are what counts."""

import pytest

from casting_core.judging.bounds import bounds


@pytest.mark.parametrize(
    ("right", "castings", "low", "high"),
    [
        (1.0, 20, 0.8316, 1.0),  # tables of Clopper and Pearson, both sides, 95 %
        (0.9, 20, 0.6830, 0.9877),
        (0.0, 10, 0.0, 0.3085),
        (0.5, 2, 0.0126, 0.9874),
    ],
)
def test_bounds_are_those_of_the_tables(right: float, castings: int, low: float, high: float) -> None:
    assert bounds(right, castings) == pytest.approx((low, high), abs=1e-4)


def test_a_share_between_two_numbers_of_castings_gets_the_wider_bounds() -> None:
    low, high = bounds(0.925, 20)  # 18.5 castings
    assert (low, high) == (bounds(0.9, 20)[0], bounds(0.95, 20)[1])


def test_more_castings_prove_more_and_none_prove_nothing() -> None:
    widths = [high - low for low, high in (bounds(0.9, castings) for castings in (10, 100, 1000))]
    assert widths == sorted(widths, reverse=True)
    assert bounds(1.0, 0) == (0.0, 1.0)
