"""Where a part lies in one photo."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where a part lies: an affine map from the part's own plane to the photo, and how sure that is.

    The middle of a part is its origin, and its radius is 1. A part that nothing is known of fills the photo.
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


def whole_photo(size: int) -> Placement:
    """The placement of a part of which nothing is known: the circle that touches the photo's four sides."""
    middle = (size - 1) / 2
    matrix = np.array([[size / 2, 0.0, middle], [0.0, size / 2, middle]], dtype=np.float32)
    return Placement(matrix=matrix, confidence=1.0)
