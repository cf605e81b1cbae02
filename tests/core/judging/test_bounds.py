"""What castings prove: bounds are exact, castings are the trials, and 95 % of datasets keep the promise."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binomtest

from casting_core.domain import ClassOutcome, KindOutcome
from casting_core.judging.bounds import CONFIDENCE, kind_outcomes, outcomes, upper_bound

# Photos per casting of the public casting data: 1 to 339, median 36 (defective), and the few ok castings.
DEFECTIVE = np.array([
    1, 2, 2, 3, 4, 4, 6, 8, 9, 10, 12, 12, 14, 15, 16, 18, 18, 20, 21, 22, 24, 24, 25, 26, 27, 28, 28, 30, 30, 31,
    32, 33, 34, 34, 35, 35, 36, 36, 36, 36, 36, 37, 37, 38, 38, 39, 40, 40, 41, 42, 43, 44, 45, 46, 47, 48, 50,
    52, 54, 55, 56, 58, 60, 64, 66, 70, 72, 75, 80, 84, 90, 96, 108, 120, 132, 144, 180, 216, 252, 339,
])  # fmt: skip
OK = np.array([6, 24, 36, 60, 72, 90, 108, 120, 132, 144, 150, 168, 180, 204, 240, 300, 339])
DATASETS = 20_000


@pytest.mark.parametrize(
    ("wrong", "castings", "upper"),
    [(0, 453, 0.0066), (1, 453, 0.0104), (3, 453, 0.0170), (0, 59, 0.0495), (0, 29, 0.0981), (2, 29, 0.2016)],
)
def test_bounds_are_those_of_the_tables(wrong: int, castings: int, upper: float) -> None:
    assert upper_bound(wrong, castings) == pytest.approx(upper, abs=5e-5)
    exact = binomtest(wrong, castings, alternative="less").proportion_ci(CONFIDENCE, method="exact").high
    assert upper_bound(wrong, castings) == pytest.approx(exact, abs=1e-9)


def test_nothing_is_proven_by_no_casting_or_by_wrong_ones_only() -> None:
    assert upper_bound(0, 0) == upper_bound(7, 7) == 1.0
    with pytest.raises(ValueError, match="8 of 7 castings"):
        upper_bound(8, 7)


def test_more_castings_prove_more() -> None:
    assert upper_bound(0, 10) > upper_bound(0, 100) > upper_bound(0, 1000) > 0


def test_a_casting_is_wrong_if_one_of_its_photos_is_and_photos_count_for_nothing_else() -> None:
    labels = np.array([1] * 100 + [1, 1, 0, 0, 0])
    predicted = np.array([1] * 99 + [0] + [1, 1, 0, 0, 1])
    castings = np.array([5] * 100 + [6, 6, 7, 8, 8])
    found = outcomes(labels, predicted, castings)
    assert found.defective == ClassOutcome(n=2, wrong=1, upper=upper_bound(1, 2))
    assert found.ok == ClassOutcome(n=2, wrong=1, upper=upper_bound(1, 2))
    assert found.both_ways == 0


def test_a_casting_labelled_both_ways_counts_in_neither_class_and_is_said() -> None:
    found = outcomes(np.array([1, 0, 1, 0]), np.array([0, 0, 1, 0]), np.array([1, 1, 2, 3]))
    assert (found.defective.n, found.defective.wrong, found.ok.n, found.both_ways) == (1, 0, 1, 1)


def drawn(
    sizes: NDArray[np.int64], hard: float, chance: float, rng: np.random.Generator
) -> tuple[NDArray[np.int64], float]:
    """How many castings go wrong in each of many datasets with so many photos a casting, and the true rate.

    Photos of one casting are alike: a share ``hard`` of castings loses each photo with an even chance, others with
    ``chance``. So photos are far from independent, as copies are.
    """
    p_hard, p_easy = 1 - 0.5**sizes, 1 - (1 - chance) ** sizes
    of_casting = hard * p_hard + (1 - hard) * p_easy  # of being judged wrongly in at least one photo
    wrong = rng.random((DATASETS, len(sizes))) < of_casting
    return wrong.sum(axis=1), float(of_casting.mean())


@pytest.mark.parametrize("sizes", [DEFECTIVE, OK, DEFECTIVE[::8], OK[:3]], ids=["defective", "ok", "ten", "three"])
@pytest.mark.parametrize(("hard", "chance"), [(0.0, 1e-5), (0.02, 1e-5), (0.05, 1e-4), (0.1, 1e-3), (0.3, 1e-3)])
def test_the_bound_covers_the_true_rate_of_castings_in_95_of_100_datasets(
    sizes: NDArray[np.int64], hard: float, chance: float
) -> None:
    wrong, true = drawn(sizes, hard, chance, np.random.default_rng(7))
    uppers = np.array([upper_bound(number, len(sizes)) for number in range(len(sizes) + 1)])
    covered = float((uppers[wrong] >= true).mean())
    assert covered >= CONFIDENCE - 3 * np.sqrt(CONFIDENCE * (1 - CONFIDENCE) / DATASETS)


def test_a_share_of_photos_with_castings_as_trials_would_not_cover() -> None:
    """What the bound on castings replaces: the same datasets, judged by their share of photos."""
    rng, sizes, hard = np.random.default_rng(7), DEFECTIVE, 0.05
    castings = rng.random((DATASETS // 10, len(sizes))) < hard
    photos = np.maximum(1, np.round(0.3 * sizes))  # that such a casting loses
    of_photos = (castings * photos).sum(axis=1) / sizes.sum()
    uppers = np.array([upper_bound(number, len(sizes)) for number in range(len(sizes) + 1)])
    by_photos = uppers[np.round(of_photos * len(sizes)).astype(int)]
    assert (by_photos >= hard).mean() < 0.9
    assert (uppers[castings.sum(axis=1)] >= hard).mean() >= CONFIDENCE - 0.015


def test_castings_are_counted_kind_by_kind() -> None:
    kinds = ["crack", "crack", "crack, blowhole", "blowhole", ""]
    found = kind_outcomes(
        kinds, np.array([1, 0, 1, 1, 1]), np.array([1, 1, 2, 3, 4]), ["crack", "", "crack", "crack", ""]
    )
    assert found == {
        "blowhole": KindOutcome(n=2, wrong=0, upper=upper_bound(0, 2), found=2, named=1),
        "crack": KindOutcome(n=2, wrong=1, upper=upper_bound(1, 2), found=2, named=2),
    }
    assert kind_outcomes(["", ""], np.array([1, 1]), np.array([1, 2])) == {}
    assert kind_outcomes(["crack"], np.array([1]), np.array([1]))["crack"].named is None
