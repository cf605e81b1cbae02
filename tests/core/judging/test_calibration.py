"""Calibration: scores are stretched and shifted until they mean what they say, and few castings move them little."""

import numpy as np
import pytest

from casting_core.judging.calibration import Calibration, casting_weights, fit, fit_to_sound, logit


def castings_with_scores(number: int, *, stretch: float, shift: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Castings with two photos each whose true logit is ``stretch`` times the network's, and ``shift``."""
    rng = np.random.default_rng(2)
    said = rng.normal(0, 2, number)
    truth = (rng.random(number) < 1 / (1 + np.exp(-(stretch * said + shift)))).astype(int)
    scores = 1 / (1 + np.exp(-said))
    return np.repeat(scores, 2), np.repeat(truth, 2), np.repeat(np.arange(number), 2)


def test_scores_that_overstate_are_drawn_to_the_middle() -> None:
    scores, labels, castings = castings_with_scores(4000, stretch=0.5, shift=0.0)
    found = fit(scores, labels, castings)
    assert found.stretch == pytest.approx(0.5, abs=0.05)
    assert found.shift == pytest.approx(0.0, abs=0.1)


def test_scores_that_lean_to_one_side_are_shifted_back() -> None:
    scores, labels, castings = castings_with_scores(4000, stretch=1.0, shift=1.5)
    balanced = fit(scores, labels, castings)
    right = ((balanced(scores) >= 0.5) == labels).mean()
    assert balanced.shift > 0.3
    assert right >= ((scores >= 0.5) == labels).mean() - 0.05


def test_few_castings_move_the_scores_little_and_one_class_not_at_all() -> None:
    scores, labels = np.array([0.4, 0.45, 0.2, 0.1]), np.array([1, 1, 0, 0])
    few = fit(scores, labels, np.arange(4))
    assert 0.5 < few.stretch < 2
    assert abs(few.shift) < 1.5
    assert fit(scores, np.ones(4, int), np.arange(4)) == Calibration()


def test_scores_keep_their_order_and_their_ends() -> None:
    scores = np.array([0.0, 1e-9, 0.3, 0.7, 1.0])
    made = Calibration(stretch=1.3, shift=-0.4)(scores)
    assert (np.diff(made) >= 0).all()
    assert 0 < made[0] < made[-1] < 1
    assert Calibration()(np.array([0.25])) == pytest.approx([0.25])
    assert np.isfinite(logit(scores)).all()


def test_a_casting_with_many_photos_counts_once_and_both_classes_alike() -> None:
    castings, labels = np.array([0] * 300 + [1, 2, 3]), np.array([1.0] * 300 + [1, 0, 0])
    weights = casting_weights(labels, castings)
    assert weights[:300].sum() == pytest.approx(weights[300])
    assert weights[labels == 1].sum() == pytest.approx(weights[labels == 0].sum())


def sound_castings(rng: np.random.Generator, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores of sound castings with one to six photos each, and the casting of each photo."""
    castings = np.repeat(np.arange(number), rng.integers(1, 7, number))
    logits = rng.normal(-4, 1.5, number)[castings] + rng.normal(0, 0.3, len(castings))
    return 1 / (1 + np.exp(-logits)), castings


def test_no_more_sound_castings_are_rejected_than_were_allowed() -> None:
    """The next casting, over many sets of 29: about as often as allowed, and with many photos no more often."""
    rng, rejected = np.random.default_rng(5), []
    for _ in range(1500):
        scores, castings = sound_castings(rng, 30)
        held_out = castings < 29
        found = fit_to_sound(scores[held_out], castings[held_out], false_alarms=0.1)
        rejected.append(found(scores[~held_out]).max() >= 0.5)
    assert 0.08 < np.mean(rejected) < 0.12


def test_of_too_few_sound_castings_none_is_rejected() -> None:
    scores, castings = sound_castings(np.random.default_rng(1), 5)
    found = fit_to_sound(scores, castings, false_alarms=0.05)
    assert found(scores).max() == pytest.approx(0.5, abs=1e-3)
    assert found(scores).max() < 0.5


def test_sound_castings_that_are_all_alike_do_not_stretch_scores_without_end() -> None:
    found = fit_to_sound(np.full(8, 0.2), np.arange(8), false_alarms=0.05)
    assert 1 <= found.stretch <= 40
    assert found(np.array([0.2, 0.9])).tolist() == pytest.approx([0.5, 1.0], abs=1e-3)
