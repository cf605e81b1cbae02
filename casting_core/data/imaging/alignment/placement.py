"""Where a part lies in one photo, and the window through which it is looked at."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a part lies: an affine map from the part's own plane to the photo, and how sure that is.

    The middle of a part is its origin, and its radius is 1; of one that is not round, half the sides of its window are.
    A part that nothing is known of fills the photo.
    """

    matrix: NDArray[np.float32]  # (2, 3): (x, y, 1) in radii of the part to (x, y) in pixels; middles at whole numbers
    confidence: float  # 0..1; what is enough, the alignment says

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the part, in pixels of the photo."""
        return float(self.matrix[0, 2]), float(self.matrix[1, 2])

    def outline(self, radius: float, *, corners: int = 180) -> NDArray[np.float32]:
        """A circle of the part as it is seen in the photo, closed, shape (corners + 1, 2), in pixels."""
        angle = np.linspace(0.0, 2.0 * np.pi, corners + 1)
        on_part = np.stack([radius * np.cos(angle), radius * np.sin(angle), np.ones_like(angle)])
        return np.asarray((self.matrix @ on_part).T, dtype=np.float32)

    def frame(self) -> NDArray[np.float32]:
        """The square about the part as it is seen in the photo, closed, shape (5, 2), in pixels."""
        corners = np.array([[-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1], [1, 1, 1, 1, 1]])
        return np.asarray((self.matrix @ corners).T, dtype=np.float32)


class Window(NamedTuple):
    """A rectangle in a photo, turned as the part in it lies; all but the angle in pixels."""

    x: float  # of its middle
    y: float
    columns: float
    rows: float
    angle: float  # radians, from the photo's columns to its own

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of what is seen through it."""
        return int(self.rows), int(self.columns)

    @property
    def matrix(self) -> NDArray[np.float32]:
        """From places in it, both -1..1, to pixels of the photo; shape (2, 3)."""
        right, below = (np.array([np.cos(turn), np.sin(turn)]) for turn in (self.angle, self.angle + np.pi / 2))
        columns = [right * self.columns / 2, below * self.rows / 2, np.array([self.x, self.y])]
        return np.column_stack(columns).astype(np.float32)


def whole_photo(size: int) -> Placement:
    """The placement of a part of which nothing is known: the circle that touches the photo's four sides."""
    middle = (size - 1) / 2
    matrix = np.array([[size / 2, 0.0, middle], [0.0, size / 2, middle]], dtype=np.float32)
    return Placement(matrix=matrix, confidence=1.0)
