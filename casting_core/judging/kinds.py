"""Which kind of defect a reject shows, learned from photos whose kinds people have named.

A linear classifier on the numbers that the network has of a photo anyway, so it costs nothing at inspection. What it
says is a suggestion: it has only ever seen the kinds that were named, and calls each defect one of them.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.errors import ModelError

LEAST = 3  # castings that a kind must have been named on, to be learned
FREEDOM = 0.002  # scikit-learn's C; as many numbers as photos, so little of it
FOLDS = 3  # of castings, by which it is found out how sure the classifier may be
SHARPEST = 20.0  # times its logits may be stretched

Embeddings = NDArray[np.floating]  # (n, d)


@dataclass(frozen=True, kw_only=True, eq=False)
class Kinds:
    """The kinds a version knows; made by ``learn``."""

    names: tuple[str, ...]
    mean: NDArray[np.float64]  # (d,)
    scale: NDArray[np.float64]  # (d,)
    weights: NDArray[np.float64]  # (d, kinds)
    bias: NDArray[np.float64]  # (kinds,)

    def probabilities(self, embeddings: Embeddings) -> NDArray[np.float64]:
        """How probable each kind is of each photo, if it is defective and of one of these kinds: (n, kinds).

        Raises ``ModelError`` where the embeddings are of another network.
        """
        if embeddings.shape[1] != len(self.mean):
            raise ModelError("the model's kinds of defect do not fit its network")
        logits = (np.asarray(embeddings, dtype=np.float64) - self.mean) / self.scale @ self.weights + self.bias
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def suggest(self, embeddings: Embeddings) -> tuple[list[str], NDArray[np.float64]]:
        """The most probable kind of each photo, and how probable it is, (n,)."""
        found = self.probabilities(embeddings)
        return [self.names[number] for number in found.argmax(axis=1)], found.max(axis=1)

    def to_bytes(self) -> bytes:
        """The kinds as a numpy archive."""
        packed = io.BytesIO()
        np.savez_compressed(
            packed, names=np.array(self.names), mean=self.mean, scale=self.scale, weights=self.weights, bias=self.bias
        )
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Kinds":
        """The way back; ``ModelError`` where the bytes are no such archive, or its arrays do not fit each other."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as stored:
                names = tuple(str(name) for name in stored["names"])
                arrays = {name: np.asarray(stored[name], dtype=np.float64) for name in NUMBERS}
        except Exception as error:  # zipfile, struct and numpy each have their own words for damaged
            raise ModelError("the model's kinds of defect cannot be read") from error
        (numbers,) = arrays["mean"].shape or (0,)
        shapes = {name: array.shape for name, array in arrays.items()}
        if shapes != {"mean": (numbers,), "scale": (numbers,), "weights": (numbers, len(names)), "bias": (len(names),)}:
            raise ModelError("the model's kinds of defect cannot be read: their numbers do not fit each other")
        if len(names) < 2 or not all(np.isfinite(array).all() for array in arrays.values()):
            raise ModelError("the model's kinds of defect cannot be read: there are no two kinds, or no numbers")
        return cls(names=names, **arrays)


NUMBERS = ("mean", "scale", "weights", "bias")


def learn(embeddings: Embeddings, kinds: Sequence[str], castings: NDArray[np.int64]) -> Kinds | None:
    """Learns kinds from defective photos, each of one named kind; ``None`` where fewer than two can be learned.

    Args:
        embeddings: what the network makes of the photos, (n, d).
        kinds: the kind of each; empty where nobody named it.
        castings: the casting of each; a casting counts once in its kind, however many photos it has.
    """
    named = np.array(kinds)
    known = [kind for kind in sorted(set(kinds) - {""}) if len(np.unique(castings[named == kind])) >= LEAST]
    if len(known) < 2:
        return None
    chosen = np.isin(named, known)
    seen, truth, owners = np.asarray(embeddings, dtype=np.float64)[chosen], named[chosen], castings[chosen]
    stretch = _stretch(seen, truth, owners, known)
    found = _fitted(seen, truth, owners, known)
    return Kinds(**{**vars(found), "weights": found.weights * stretch, "bias": found.bias * stretch})


def _fitted(seen: Embeddings, truth: NDArray[np.str_], castings: NDArray[np.int64], known: Sequence[str]) -> Kinds:
    from sklearn.linear_model import LogisticRegression  # a second that whoever only asks need not wait

    mean, spread = seen.mean(axis=0), seen.std(axis=0)
    scale = np.maximum(spread, 0.01 * spread.mean() + 1e-9)
    _, places, copies = np.unique(castings, return_inverse=True, return_counts=True)
    model = LogisticRegression(C=FREEDOM, class_weight="balanced", max_iter=500)
    model.fit((seen - mean) / scale, truth, sample_weight=1 / copies[places])
    weights, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn has then one row, for the second
        weights, bias = np.hstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    order = [model.classes_.tolist().index(kind) for kind in known]
    return Kinds(names=tuple(known), mean=mean, scale=scale, weights=weights[:, order], bias=bias[order])


def _stretch(seen: Embeddings, truth: NDArray[np.str_], castings: NDArray[np.int64], known: Sequence[str]) -> float:
    """How much surer the classifier may be than it is, by castings that it has not learned from.

    Temperature scaling (Guo et al. 2017): the stretch of all logits under which those castings are likeliest.
    """
    from scipy.optimize import minimize_scalar
    from sklearn.model_selection import StratifiedGroupKFold

    logs, right = np.zeros((len(seen), len(known))), np.array([known.index(kind) for kind in truth.tolist()])
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for learned, judged in folds.split(seen, right, castings):
        if len(set(truth[learned])) < len(known):  # chance took a kind away: nothing can be said
            return 1.0
        found = _fitted(seen[learned], truth[learned], castings[learned], known)
        logs[judged] = np.log(found.probabilities(seen[judged]) + 1e-12)

    def surprise(log_stretch: float) -> float:
        stretched = logs * np.exp(log_stretch)
        own = stretched[np.arange(len(stretched)), right]
        return float(np.mean(np.logaddexp.reduce(stretched, axis=1) - own))

    limit = np.log(SHARPEST)
    return float(np.exp(minimize_scalar(surprise, bounds=(-limit, limit), method="bounded").x))
