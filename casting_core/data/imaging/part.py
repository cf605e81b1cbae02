"""The part in one photo: how it lies against the usual one, how evenly it is lit, how it looks in whatever turn.

A part of which nothing is known fills the photo.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.data.imaging.alignment.placement import Placement, Window, whole_photo
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.measures import Detail, detail
from casting_core.data.imaging.thumbnails import thumbnail

ROWS, COLUMNS = 24, 64  # of the small strip of a round part: its radius, and once around
FACE = 20  # rows of it that surely lie on the part; those beyond its outermost ring follow
WAVES = 17  # around the part: how often blades, bosses and letters come round
SECTOR = 8  # columns of an eighth of the part
SIDE = 48  # pixels of the small view of any other part


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundPart:
    """Where the usual part was found in one photo, and what it looks like there."""

    alignment: Alignment
    placement: Placement
    photo: Grey  # (size, size)

    @property
    def agreement(self) -> float:
        """How well it agrees with the usual part, at most 1; 1 where nothing is known of that."""
        return self.placement.confidence

    @cached_property
    def proportions(self) -> tuple[float, float]:
        """How many times as large as the usual part it is seen, and how many times as long as wide that is seen."""
        longest, shortest = np.linalg.svd(self._turn @ np.linalg.inv(usual(self.alignment)), compute_uv=False)
        return float(np.sqrt(longest * shortest)), float(longest / max(shortest, 1e-6))

    @cached_property
    def widening(self) -> float:
        """How much wider than high it is seen, as a logarithm."""
        reach = self._turn @ self._turn.T
        return float(np.log(max(reach[0, 0], 1e-6) / max(reach[1, 1], 1e-6)) / 2)

    @cached_property
    def detail(self) -> Detail:
        """What the finest detail of the photo says of how it was taken."""
        return detail(self.photo)

    @property
    def _turn(self) -> NDArray[np.float64]:
        return np.asarray(self.placement.matrix[:, :2], dtype=np.float64)

    @cached_property
    def view(self) -> Grey:
        """The photo in the form that networks see, shape ``alignment.shape``."""
        return self.alignment.view(self.photo, self.placement)

    @cached_property
    def small(self) -> NDArray[np.float32]:
        """The part as it lies always, in few pixels: the strip of a round one, the window of any other."""
        shape = (COLUMNS, ROWS) if self.alignment.kind is Kind.ROUND else (SIDE, SIDE)
        return np.asarray(cv2.resize(self.view, shape, interpolation=cv2.INTER_AREA), dtype=np.float32)

    @cached_property
    def unevenness(self) -> tuple[float, float]:
        """How much brighter one half is than the other, and all of it than its darkest eighth; logarithms."""
        around = self._around
        halves = _windows(around, len(around) // 2)
        eighths = _windows(around, len(around) // 8)
        brighter = float(np.abs(np.log((halves + 1) / (np.roll(halves, len(around) // 2) + 1))).max())
        return brighter, float(-np.log((eighths.min() + 1) / (around.mean() + 1)))

    @property
    def _around(self) -> NDArray[np.float64]:
        """Its light once around its middle."""
        if self.alignment.kind is Kind.ROUND:
            return np.asarray(self.small[:FACE].mean(axis=0), dtype=np.float64)
        return np.bincount(_ANGLES.ravel(), self.small.ravel(), COLUMNS) / _AT_ANGLE

    @cached_property
    def look(self) -> NDArray[np.float64]:
        """What it looks like whatever its light, of length 1 or 0; of a round part whatever way it is turned, too."""
        if self.alignment.kind is not Kind.ROUND:
            return thumbnail(self.photo)
        waves = np.fft.rfft(self.small, axis=1)[:, :WAVES] / COLUMNS
        profile = waves[:, 0].real - waves[:, 0].real.mean()
        seen = np.concatenate([profile, np.abs(waves[:, 1:]).ravel()])
        return np.asarray(seen / max(float(np.linalg.norm(seen)), 1e-9), dtype=np.float64)


def find_part(photo: Grey, alignment: Alignment) -> FoundPart:
    """The part in a photo of the alignment's size."""
    return FoundPart(alignment=alignment, placement=alignment.place(photo), photo=photo)


def usual(alignment: Alignment) -> NDArray[np.float64]:
    """From the usual part's own plane to the photo, without its place: shape (2, 2)."""
    if alignment.kind is Kind.ROUND:
        return np.eye(2) * alignment.radius * alignment.size / 2
    window = Window(*alignment.window).matrix if alignment.window else whole_photo(alignment.size).matrix
    return np.asarray(window[:, :2], dtype=np.float64)


def _windows(around: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """The mean of so many neighbours from each place on, once around."""
    sums = np.concatenate([[0.0], np.cumsum(np.concatenate([around, around[:columns]]))])
    return np.asarray((sums[columns:] - sums[:-columns])[: len(around)] / columns)


_DOWN, _ACROSS = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
_ANGLES = ((np.arctan2(_DOWN, _ACROSS) + np.pi) / (2 * np.pi) * COLUMNS).astype(int) % COLUMNS
_AT_ANGLE = np.maximum(np.bincount(_ANGLES.ravel(), minlength=COLUMNS), 1)
