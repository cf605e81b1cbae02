"""What the simplest methods reach on the same castings: a network that is not better than these has learned nothing.

Their settings were fixed before any product was seen, so they are the same for all.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from casting_core.data.imaging.alignment.choice import unaligned
from casting_core.learning.inputs.photos import Photos, limit_per_casting
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks.backbone import network as backbone
from casting_core.learning.networks.backbone.views import NumberViews

BINS = 64  # of grey levels
Method = Callable[[Photos, Photos], NDArray[np.float64]]


def by_guess(learned: Photos, judged: Photos) -> NDArray[np.float64]:
    """The share of defective photos, of every photo alike."""
    return np.full(len(judged), float(learned.labels.mean()))


def by_grey_histogram(learned: Photos, judged: Photos) -> NDArray[np.float64]:
    """How many pixels have which grey level, and nothing of where they are: a support vector machine on 64 bins."""
    model = make_pipeline(StandardScaler(), SVC(class_weight="balanced"))
    model.fit(_histograms(learned), learned.labels)
    return _squashed(model.decision_function(_histograms(judged)))


def by_frozen_backbone(learned: Photos, judged: Photos) -> NDArray[np.float64]:
    """A public network as it is, and a logistic regression on what it makes of each photo."""
    views = not_aligned(learned)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, class_weight="balanced", max_iter=500))
    model.fit(views.take(learned.rows), learned.labels)
    return _squashed(model.decision_function(views.take(judged.rows)))


BASELINES: dict[str, Method] = {
    "guess": by_guess,
    "grey histogram": by_grey_histogram,
    "frozen public network": by_frozen_backbone,
}
QUICK = (by_guess, by_grey_histogram)  # those that need no network


def not_aligned(photos: Photos) -> NumberViews:
    """What the public network makes of photos that are not aligned."""
    alignment = unaligned([photos.pixels[row] for row in limit_per_casting(photos, most=1).rows.tolist()], fills=True)
    return NumberViews(Views(photos.pixels, alignment), backbone.build(alignment, details=False))


def _histograms(photos: Photos) -> NDArray[np.float64]:
    edges = np.linspace(0, 256, BINS + 1)
    counts = (np.histogram(photos.pixels[row], edges)[0] for row in photos.rows.tolist())
    return np.stack([one / one.sum() for one in counts])


def _squashed(decision: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores 0..1, in the order of the decision, and 0.5 where it changes sides."""
    return np.asarray(1.0 / (1.0 + np.exp(-decision)), dtype=np.float64)
