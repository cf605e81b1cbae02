"""Which few photos are worth comparing with a photo: an inverted index of visual words that also votes for the turn.

A word is a pair of nearest centres, one for each half of a descriptor (product quantisation, Jegou et al. 2011). The
number of words grows with the number of features, so that a word stays rare and a look-up costs the same in a large
set as in a small one. Features of two copies differ in direction by one and the same angle, those of others by any:
votes count only with others of the same angle (weak geometric consistency, Jegou et al. 2008).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import tau

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from casting_core.data.imaging.features import Features

STRONGEST = 320  # features of a photo that vote
SHARING = 4  # features that share one word, on average
COMMON = 200  # features that share a word that is not asked
MOST_CENTRES = 512  # of each half
SAMPLE = 50  # features for each centre, to learn the centres from
ROUNDS = 6  # of learning them
TURNS = 12  # bins of the angle between two photos

Halves = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A photo that may show the same casting as the one asked about."""

    photo: int
    mirrored: bool


class Index:
    """All photos by their visual words. Made once from the features of every photo; the same for the same photos."""

    def __init__(self, photos: Sequence[Features]) -> None:
        total = sum(min(len(photo), STRONGEST) for photo in photos)
        side = int(np.clip(np.sqrt(total / SHARING), 8, MOST_CENTRES))
        self._photos = photos
        self._centres = _centres(photos, side=side)
        self._side = side
        self._own = words = [self._words(photo, mirrored=False) for photo in photos]
        counts = np.array([len(found) for found in words], dtype=np.int64)
        self._starts = np.zeros(side * side + 1, dtype=np.int64)
        flat = np.concatenate([*words, np.zeros(0, dtype=np.int64)])
        order = np.argsort(flat, kind="stable")
        np.cumsum(np.bincount(flat, minlength=side * side), out=self._starts[1:])
        self._holders = np.repeat(np.arange(len(photos)), counts)[order]
        self._angles = np.concatenate([np.zeros(0, np.float32), *(photo.angles[:STRONGEST] for photo in photos)])[order]
        often = np.diff(self._starts)  # what the product itself shows is in every photo, and tells none from another
        self._weights = np.where(often > COMMON, 0.0, 1 / np.sqrt(np.maximum(often, 1)))

    def near(self, photo: int, most: int, *, among: NDArray[np.bool_] | None = None) -> list[Candidate]:
        """What got the most votes, best first: at most ``most``, only photos marked in ``among``, never itself."""
        votes = np.concatenate([self._votes(photo, mirrored=mirrored) for mirrored in (False, True)])
        own = np.arange(len(self._photos)) == photo
        votes[np.tile(own if among is None else own | ~among, 2)] = 0
        chosen = np.argpartition(-votes, min(most, len(votes)) - 1)[:most]
        chosen = chosen[np.lexsort((chosen, -votes[chosen]))]
        return [
            Candidate(photo=int(at) % len(self._photos), mirrored=bool(at >= len(self._photos)))
            for at in chosen
            if votes[at] > 0
        ]

    def _votes(self, photo: int, *, mirrored: bool) -> NDArray[np.float64]:
        """For each photo, the votes of the angle that got the most."""
        asked = self._photos[photo]
        words = self._words(asked, mirrored=True) if mirrored else self._own[photo]
        lengths = np.diff(self._starts)[words] * (self._weights[words] > 0)
        which = np.repeat(np.arange(len(words)), lengths)
        at = np.arange(len(which)) + np.repeat(self._starts[words] - np.cumsum(lengths) + lengths, lengths)
        own = asked.angles[:STRONGEST][which]
        turn = self._angles[at] + own if mirrored else self._angles[at] - own
        bins = np.floor(turn * (TURNS / tau)).astype(np.int64) % TURNS
        cast = np.bincount(
            self._holders[at] * TURNS + bins,
            weights=self._weights[words[which]],
            minlength=len(self._photos) * TURNS,
        ).reshape(-1, TURNS)
        return np.asarray((cast + np.roll(cast, 1, axis=1)).max(axis=1), dtype=np.float64)

    def _words(self, photo: Features, *, mirrored: bool) -> NDArray[np.int64]:
        vectors = photo.vectors(mirrored=mirrored)[:STRONGEST]
        left, right = (_nearest(vectors[:, half * 64 : half * 64 + 64], self._centres[half]) for half in range(2))
        return left * self._side + right


def _centres(photos: Sequence[Features], *, side: int) -> Halves:
    """The centres of either half, learnt from features spread evenly over the photos."""
    voting = np.cumsum([0, *(min(len(photo), STRONGEST) for photo in photos)])
    drawn = np.linspace(0, voting[-1], min(int(voting[-1]), side * SAMPLE), endpoint=False).astype(np.int64)
    holders = np.searchsorted(voting, drawn, side="right") - 1
    if not len(drawn):
        return np.zeros((1, 64), dtype=np.float32), np.zeros((1, 64), dtype=np.float32)
    rows = zip(holders.tolist(), (drawn - voting[holders]).tolist(), strict=True)
    vectors = np.stack([photos[photo].descriptors[row] for photo, row in rows]).astype(np.float32)
    return _learn(vectors[:, :64], side), _learn(vectors[:, 64:], side)


def _learn(vectors: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Lloyd's k-means. The library's own adds up in any order, so its centres would differ from run to run."""
    centres = vectors[np.linspace(0, len(vectors), min(side, len(vectors)), endpoint=False).astype(np.int64)]
    for _ in range(ROUNDS):
        found = _nearest(vectors, centres)
        held = csr_matrix((np.ones(len(found), np.float32), (found, np.arange(len(found)))), (len(centres), len(found)))
        counts = np.bincount(found, minlength=len(centres))[:, None]
        centres = np.where(counts > 0, (held @ vectors) / np.maximum(counts, 1), centres).astype(np.float32)
    return centres


def _nearest(vectors: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.asarray(np.argmax(vectors @ centres.T - (centres**2).sum(axis=1) / 2, axis=1), dtype=np.int64)
