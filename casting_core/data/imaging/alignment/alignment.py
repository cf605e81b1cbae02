"""How the photos of one kind of part are brought into one form; learned once, then kept with a model.

``round``: the part's rings are found, and its face is unwound into a strip from the middle to beyond the rim, so that
turning, tilt, shear and size vanish. ``registered``: the part's edges are laid over those of a reference, and the
rectangle about it is cut out and laid straight. ``free``: the photo stays as it is, or fills the view where it is not
square.
"""

import base64
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment import borders, outline, rings
from casting_core.data.imaging.alignment.placement import Placement, Window, whole_photo
from casting_core.data.imaging.images import Grey

ROWS, COLUMNS = 128, 448  # of a strip: the radius, and once around


class Kind(StrEnum):
    """How photos are aligned."""

    ROUND = "round"
    REGISTERED = "registered"
    FREE = "free"


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """How photos of one size are brought into one form."""

    kind: Kind
    reason: str  # why this kind, in a sentence
    size: int  # pixels of a photo, both sides
    profile: list[float] = field(default_factory=list)  # round: the rings of the usual part
    radius: float = 0.0  # round: half sides of a photo, where a usual part's strip ends
    reference: str = ""  # registered: the edges of the usual part, as ``packed`` gives them
    window: list[float] = field(default_factory=list)  # registered: the rectangle about the usual part, as ``Window``
    sharp: bool = False  # registered: sampled by cubics, which keep thin cracks, and not linearly as older cards mean
    least: float = 0.0  # confidence below which the part was not found
    fills: bool = False  # free: without what was added to make a photo square, and as wide as high all the same

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of a view."""
        if self.kind is Kind.ROUND:
            return ROWS, COLUMNS
        return Window(*self.window).shape if self.window else (self.size, self.size)

    @property
    def moves(self) -> bool:
        """Whether views differ from photos, so that places in them have to be brought back."""
        return self.finds_part or self.fills

    @property
    def finds_part(self) -> bool:
        """Whether it is known where the part lies in a photo."""
        return self.kind is not Kind.FREE

    def place(self, grey: Grey) -> Placement:
        """Where the part lies in a photo of shape (size, size)."""
        match self.kind:
            case Kind.ROUND:
                return self._unwound(grey)
            case Kind.REGISTERED:
                return self._laid(grey)
            case Kind.FREE:
                return borders.without(grey) if self.fills else whole_photo(self.size)

    def _unwound(self, grey: Grey) -> Placement:
        edges = rings.find_edges(grey)
        found = rings.find_rings(edges)
        times, agreement = rings.scale(rings.profile(edges, found), np.asarray(self.profile))
        return _on_rings(found, times * self.radius, found.share * max(agreement, 0.0), self.size)

    def _laid(self, grey: Grey) -> Placement:
        found, agreement = outline.register(outline.find_edges(grey), _reference(self.reference))
        usual = Window(*self.window).matrix if self.window else whole_photo(self.size).matrix
        matrix = (outline.enlarged(found, self.size) @ np.vstack([usual, (0, 0, 1)])).astype(np.float32)
        return Placement(matrix=matrix, confidence=agreement)

    def found(self, placement: Placement) -> bool:
        """Whether the part was found well enough to say anything about it."""
        return placement.confidence >= self.least

    def view(self, grey: Grey, placement: Placement) -> Grey:
        """The photo in the form that networks see, shape ``self.shape``.

        Rows of a strip go from the middle outwards, columns once around; beyond the photo its edge goes on.
        """
        if self.kind is not Kind.ROUND:
            return _cut_out(grey, placement, self.shape, sharp=self.sharp)
        x, y = _strip(placement)
        return cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]

    def part(self) -> NDArray[np.bool_]:
        """Which pixels of a view lie on the part, as far as is known; all of them where nothing is known."""
        if self.kind is not Kind.REGISTERED:
            return np.ones(self.shape, dtype=bool)
        on_part = outline.within(_edges(self.reference)).astype(np.uint8)
        whole = (self.size, self.size)
        large = np.asarray(cv2.resize(on_part, whole, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
        window = Window(*self.window).matrix if self.window else whole_photo(self.size).matrix
        return np.asarray(_cut_out(large, Placement(matrix=window, confidence=1.0), self.shape, sharp=False) > 0)

    def moved(self, mask: NDArray[np.bool_], *, seen: Placement, now: Placement) -> NDArray[np.bool_]:
        """The mask of a view through ``seen`` as it lies in the view through ``now``; one of everything stays so."""
        if self.kind is Kind.ROUND or mask.all():
            return mask
        there, here = (np.vstack([_to_photo(one, self.shape), (0, 0, 1)]) for one in (seen, now))
        back, (rows, columns) = (np.linalg.inv(there) @ here)[:2], self.shape
        how = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(mask.astype(np.uint8), back, (columns, rows), flags=how) > 0)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a model's card; ``Alignment.of`` is the way back."""
        return dict(vars(self))

    @classmethod
    def of(cls, values: dict[str, Any]) -> "Alignment":
        """The alignment in a card; ``KeyError``, ``TypeError`` or ``ValueError`` where the values are none."""
        made = cls(**{**values, "kind": Kind(values["kind"])})
        if made.kind is Kind.REGISTERED:
            _reference(made.reference)
        return made


def free(size: int, *, reason: str, fills: bool = False) -> Alignment:
    """No alignment: photos stay as they are, or fill the view where they are not square."""
    return Alignment(kind=Kind.FREE, reason=reason, size=size, fills=fills)


def packed(edges: NDArray[np.float32]) -> str:
    """The edges of a usual part as text, a byte for each."""
    return base64.b64encode(np.clip(255 * edges, 0, 255).astype(np.uint8).tobytes()).decode("ascii")


def _edges(text: str) -> NDArray[np.float32]:
    levels = np.frombuffer(base64.b64decode(text, validate=True), dtype=np.uint8)
    return (levels.reshape(outline.SIDE, outline.SIDE) / 255).astype(np.float32)


@cache
def _reference(text: str) -> outline.Reference:
    return outline.reference(_edges(text))


def _on_rings(found: rings.Rings, radius: float, confidence: float, size: int) -> Placement:
    half = size / 2
    values, vectors = np.linalg.eigh(found.shape)
    root = (vectors / np.sqrt(values)) @ vectors.T  # takes a circle to the ellipse
    centre = (found.centre + 1) * half - 0.5
    matrix = np.column_stack([root * radius * half, centre]).astype(np.float32)
    return Placement(matrix=matrix, confidence=float(confidence))


_ANGLES = 2 * np.pi * np.arange(COLUMNS) / COLUMNS
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)]).astype(np.float32)
_OUTWARDS = ((np.arange(ROWS, dtype=np.float32) + 0.5) / ROWS)[:, np.newaxis]


def _strip(placement: Placement) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where in the photo each pixel of a strip lies, each (ROWS, COLUMNS)."""
    around = placement.matrix[:, :2] @ _CIRCLE
    x, y = (_OUTWARDS * around[axis] + placement.matrix[axis, 2] for axis in (0, 1))
    return x, y


def _cut_out(grey: Grey, placement: Placement, shape: tuple[int, int], *, sharp: bool) -> Grey:
    """The rectangle about the part, laid straight; the photo itself where that is all of it."""
    rows, columns = shape
    back = _to_photo(placement, shape)
    if shape == grey.shape and np.allclose(back, np.eye(2, 3), atol=1e-5):
        return grey
    how = (cv2.INTER_CUBIC if sharp else cv2.INTER_LINEAR) | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(grey, back, (columns, rows), flags=how, borderMode=cv2.BORDER_REFLECT)  # type: ignore[return-value]


def _to_photo(placement: Placement, shape: tuple[int, int]) -> NDArray[np.float64]:
    """From pixels of a view of this shape to pixels of the photo, (2, 3)."""
    rows, columns = shape
    middles = np.array([[2 / columns, 0, 1 / columns - 1], [0, 2 / rows, 1 / rows - 1], [0, 0, 1]])
    return np.asarray(placement.matrix @ middles, dtype=np.float64)
