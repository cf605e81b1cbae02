"""The loss: what smoothed labels change in it, and what they do not."""

import numpy as np
import pytest

from casting_core.learning.networks.loss import smoothed_cross_entropy

LABELS = np.array([[1.0], [0.0]], dtype=np.float32)


def lost(share: float, *scores: float) -> list[float]:
    """What each of two photos adds, the first one defective."""
    return [
        float(one) for one in smoothed_cross_entropy(share)(LABELS, np.array(scores, dtype=np.float32)[:, np.newaxis])
    ]


def test_without_smoothing_it_is_the_cross_entropy() -> None:
    assert lost(0, 0.8, 0.1) == pytest.approx([-np.log(0.8), -np.log(0.9)], rel=1e-5)


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_scores_exactly_as_sure_as_the_labels_have_no_loss(share: float) -> None:
    assert lost(share, 1 - share / 2, share / 2) == pytest.approx([0, 0], abs=1e-5)
    assert min(lost(share, 0.999, 0.001)) > 0.01, "surer scores have one"


def test_a_wrong_label_pulls_less() -> None:
    wrong = 0.001
    plain, gentle = lost(0, wrong, 0.5)[0], lost(0.1, wrong, 0.5)[0]
    assert gentle < 0.95 * plain
