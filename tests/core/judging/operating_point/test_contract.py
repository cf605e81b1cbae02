"""A contract about escapes: proven where it holds, kept by what is proven, and not proven by photos."""

import math

import numpy as np
import pytest
from scipy import stats

from casting_core.judging.operating_point import contract
from casting_core.judging.operating_point.castings import Castings, Counting, castings_of
from casting_core.judging.operating_point.contract import Contract

# Photos of each of 85 defective castings, spread as in the public data set: a few castings have most of the photos.
COPIES = np.round(np.geomspace(1, 339, 85)).astype(int)
PROMISED, SURE, DRAWN = 0.10, 0.95, 1500


def castings(defective: list[float], ok: list[float]) -> Castings:
    return Castings(defective=np.sort(defective), ok=np.sort(ok))


@pytest.mark.parametrize(("share", "fewest"), [(0.05, 59), (0.02, 149), (0.01, 299), (0.005, 598), (0.001, 2995)])
def test_so_many_castings_without_an_escape_prove_a_share(share: float, fewest: int) -> None:
    wanted = Contract(share=share, confidence=0.95)
    assert contract.further(0, 0, wanted) == fewest
    assert contract.further(0, fewest - 1, wanted) == 1
    assert contract.further(0, fewest, wanted) == 0


@pytest.mark.parametrize("wrong", [0, 1, 3, 10])
def test_the_p_value_is_that_of_the_binomial_test(wrong: int) -> None:
    reference = stats.binomtest(wrong, 85, 0.1, alternative="less").pvalue
    assert contract.p_value(wrong, 85, 0.1) == pytest.approx(reference)


def test_what_is_missing_is_enough_and_no_more() -> None:
    wanted = Contract(share=0.05, confidence=0.95)
    more = contract.further(2, 40, wanted)
    assert contract.p_value(2, 40 + more, 0.05) <= 0.05 < contract.p_value(2, 40 + more - 1, 0.05)


def test_a_proven_threshold_stops_as_few_ok_castings_as_can_be_and_lies_between_the_classes() -> None:
    threshold, proven = contract.choose(
        castings([0.8] * 58 + [0.9] * 2, [0.1] * 20 + [0.3]), Contract(share=0.05, confidence=0.95)
    )
    assert threshold is not None
    assert 0.5 < threshold < 0.6  # the middle between the highest ok casting and the lowest defective one
    assert proven.castings == 60
    assert proven.further == 0


def test_it_gives_up_escapes_only_as_far_as_the_contract_allows() -> None:
    defective, ok = [0.2] * 2 + [0.9] * 98, [0.4] * 30
    threshold, _ = contract.choose(castings(defective, ok), Contract(share=0.10, confidence=0.95))
    assert threshold is not None
    assert threshold > 0.4  # two escapes of a hundred keep 10 %, and no ok casting is stopped
    threshold, _ = contract.choose(castings(defective, ok), Contract(share=0.04, confidence=0.95))
    assert threshold is not None
    assert threshold <= 0.2  # they would not keep 4 %


def test_too_few_castings_prove_nothing_and_it_is_said_how_many_it_takes() -> None:
    threshold, proven = contract.choose(castings([0.9] * 20, [0.1]), Contract(share=0.05, confidence=0.95))
    assert threshold is None
    assert proven.further == 39
    assert not len(proven.thresholds)


def test_a_casting_that_escapes_at_every_threshold_asks_for_more_of_the_others() -> None:
    _, proven = contract.choose(castings([0.0] + [0.9] * 19, [0.1]), Contract(share=0.05, confidence=0.95))
    assert proven.wrong == 1
    assert proven.further == 73  # 93 castings with one escape


@pytest.mark.parametrize(("share", "confidence"), [(0.0, 0.95), (1.0, 0.95), (0.05, 0.0), (0.05, 1.0)])
def test_what_cannot_be_promised_is_refused(share: float, confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Contract(share=share, confidence=confidence)


def broken(counting: str) -> float:
    """The share of drawn calibration sets whose contract does not hold.

    Each casting has a hardness of its own, and its photos score around it; what is promised is about one photo of each
    further casting, whose escapes are known exactly at each threshold, for hardness and noise are normal.
    """
    random, bad = np.random.default_rng(11), 0
    wanted = Contract(share=PROMISED, confidence=SURE)
    for _ in range(DRAWN):
        sizes = random.permutation(COPIES)
        owners = np.repeat(np.arange(len(sizes)), sizes)
        logits = random.normal(2.0, 1.5, len(sizes))[owners] + random.normal(0, 0.4, len(owners))
        scores = 1 / (1 + np.exp(-logits))
        labels = np.ones(len(scores), dtype=int)
        who = np.arange(len(scores)) if counting == "photos" else owners
        rule = Counting.ONE_PHOTO if counting == "one photo" else Counting.ANY_PHOTO
        proven = contract.escapes(castings_of(scores, labels, who, counting=rule), wanted)
        if len(proven.thresholds):
            last = float(proven.thresholds[-1])
            truth = stats.norm.cdf(math.log(last / (1 - last)), 2.0, math.hypot(1.5, 0.4))
            bad += truth > PROMISED
    return bad / DRAWN


def test_a_contract_is_broken_in_at_most_5_percent_of_drawn_sets_and_far_more_often_by_photos() -> None:
    by_castings, by_photos = broken("one photo"), broken("photos")
    assert by_castings <= 0.05
    assert broken("any photo") <= by_castings  # the stricter rule promises less
    assert by_photos > 0.25
