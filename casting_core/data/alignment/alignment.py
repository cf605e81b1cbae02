"""How the photos of one kind of part are brought into one form, learned once from its photos and kept with a model.

``round``: the part's rings are found, and its face is unwound into a strip from the middle to beyond the rim, so that
turning, tilt, shear and size vanish. ``free``: the photo stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.alignment import rings
from casting_core.data.alignment.placement import Placement, whole_photo
from casting_core.data.images import Grey

ROUND_FROM = 0.5  # median share of edges on rings from which a part is called round; other parts stay near 0.3
LOOKS = 60  # photos from which an alignment is learned
ROWS, COLUMNS = 128, 448  # of a strip: the radius, and once around
BEYOND = 1.15  # times the outermost ring: flash and burrs stand out there
FAINT = 0.03  # of the strongest ring of a profile; below it there is no ring
UNSURE = 0.5  # of the usual confidence; below it the part was not found


class Kind(StrEnum):
    """How photos are aligned."""

    ROUND = "round"
    FREE = "free"


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """How photos of one size are brought into one form."""

    kind: Kind
    reason: str  # why this kind, in a sentence
    size: int  # pixels of a photo, both sides
    profile: list[float] = field(default_factory=list)  # of the usual part; none where it is free
    radius: float = 0.0  # half sides of a photo: where a usual part's strip ends
    least: float = 0.0  # confidence below which the part was not found

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a view."""
        return (ROWS, COLUMNS) if self.kind is Kind.ROUND else (self.size, self.size)

    def place(self, grey: Grey) -> Placement:
        """Where the part lies in a photo of shape (size, size)."""
        if self.kind is Kind.FREE:
            return whole_photo(self.size)
        edges = rings.find_edges(grey)
        found = rings.find_rings(edges)
        times, agreement = rings.scale(rings.profile(edges, found), np.asarray(self.profile))
        return _placement(found, times * self.radius, found.share * max(agreement, 0.0), self.size)

    def found(self, placement: Placement) -> bool:
        """Whether the part was found well enough to say anything about it."""
        return placement.confidence >= self.least

    def view(self, grey: Grey, placement: Placement) -> Grey:
        """The photo in the form that networks see, shape ``self.shape``.

        Rows of a strip go from the middle outwards, columns once around; beyond the photo its edge goes on.
        """
        if self.kind is Kind.FREE:
            return _cut_out(grey, placement)
        x, y = _strip(placement)
        return cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a model's card; ``Alignment.of`` is the way back."""
        return dict(vars(self))

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Alignment":
        """The alignment in a card."""
        return cls(**{**values, "kind": Kind(values["kind"])})


def free(size: int, *, reason: str) -> Alignment:
    """No alignment: photos stay as they are."""
    return Alignment(kind=Kind.FREE, reason=reason, size=size)


def learn(photos: Sequence[Grey], *, wanted: Kind | None = None) -> Alignment:
    """The alignment for parts as in these photos, all (size, size); ``wanted`` overrules what they look like.

    No more than ``LOOKS`` of them are looked at.
    """
    size = photos[0].shape[0]
    if wanted is Kind.FREE:
        return free(size, reason="Chosen by hand")
    edges = [rings.find_edges(photos[place]) for place in _spread(len(photos))]
    found = [rings.find_rings(one) for one in edges]
    share = float(np.median([one.share for one in found]))
    told = f"{share:.0%} of a photo's edges lie on rings about one middle"
    if wanted is None and share < ROUND_FROM:
        return free(size, reason=f"Not round: only {told}, in the median")
    profiles = np.array([rings.profile(*one) for one in zip(edges, found, strict=True)])
    usual = _usual(profiles)
    agreement = np.array([rings.scale(one, usual)[1] for one in profiles])
    return Alignment(
        kind=Kind.ROUND,
        reason="Chosen by hand" if wanted else f"Round: {told}, in the median",
        size=size,
        profile=[round(float(level), 5) for level in usual],
        radius=float(BEYOND * _outermost(usual)),
        least=float(UNSURE * np.median([one.share for one in found] * agreement)),
    )


def _spread(photos: int) -> NDArray[np.int64]:
    return np.asarray(np.unique(np.linspace(0, photos - 1, min(LOOKS, photos)).astype(np.int64)))


def _usual(profiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """The profile of the usual part: the middle one of all, once they are brought to one size."""
    usual: NDArray[np.float64] = profiles[np.argmax((profiles @ profiles.T).mean(axis=1))]
    for _ in range(3):
        usual = np.median([rings.scaled(one, rings.scale(one, usual)[0]) for one in profiles], axis=0)
        usual = usual / max(float(np.linalg.norm(usual)), 1e-9)
    return usual


def _outermost(usual: NDArray[np.float64]) -> float:
    """The radius of the outermost ring, in half sides."""
    strong = np.abs(usual) > FAINT * np.abs(usual).max()
    return float(rings.RADII[np.flatnonzero(strong)[-1]]) if strong.any() else 1.0


def _placement(found: rings.Rings, radius: float, confidence: float, size: int) -> Placement:
    half = size / 2
    values, vectors = np.linalg.eigh(found.shape)
    root = (vectors / np.sqrt(values)) @ vectors.T  # takes a circle to the ellipse
    centre = (found.centre + 1) * half - 0.5
    matrix = np.column_stack([root * radius * half, centre]).astype(np.float32)
    return Placement(matrix=matrix, confidence=float(confidence))


_ANGLES = 2 * np.pi * np.arange(COLUMNS) / COLUMNS
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)]).astype(np.float32)
_OUTWARDS = ((np.arange(ROWS, dtype=np.float32) + 0.5) / ROWS)[:, np.newaxis]


def _cut_out(grey: Grey, placement: Placement) -> Grey:
    """The photo with the part in its middle; the photo itself where it lies there already."""
    size = grey.shape[0]
    usual = whole_photo(size).matrix
    if np.array_equal(placement.matrix, usual):
        return grey
    to_part = np.linalg.inv(np.vstack([usual, (0, 0, 1)]))
    back = (placement.matrix @ to_part).astype(np.float32)
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(grey, back, (size, size), flags=how, borderMode=cv2.BORDER_REFLECT)  # type: ignore[return-value]


def _strip(placement: Placement) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where in the photo each pixel of a strip lies, each (ROWS, COLUMNS)."""
    around = placement.matrix[:, :2] @ _CIRCLE
    x, y = (_OUTWARDS * around[axis] + placement.matrix[axis, 2] for axis in (0, 1))
    return x, y
