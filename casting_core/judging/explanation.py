"""Where in the photo the score comes from: the evidence map in the photo's own coordinates, and as a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from casting_core.data.imaging.images import Grey
from casting_core.domain import OperatingPoint

HEAT = (213, 94, 0)  # red-green-blue; vermillion, told from grey by every kind of colour vision (Okabe and Ito 2008)
STRONGEST = 0.75  # opacity of full strength: the metal stays visible under it


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Where the cells of an evidence map lie in the photo the network saw."""

    first: float  # pixels from the photo's edge to the middle of the first cell
    step: float  # pixels from one cell's middle to the next

    def middle(self, cell: int) -> float:
        """Pixels from the photo's edge to the middle of a cell."""
        return self.first + self.step * cell


def strongest_place(evidence: NDArray[np.float32], grid: Grid) -> tuple[float, float]:
    """The place with the most evidence for a defect, as (x, y) in pixels of the photo the network saw."""
    row, column = np.unravel_index(int(np.argmax(evidence)), evidence.shape)
    return grid.middle(int(column)), grid.middle(int(row))


def heat_map(evidence: NDArray[np.float32], grid: Grid, size: int) -> NDArray[np.float32]:
    """The evidence at every pixel, shape (size, size): linear between the middles of cells, level beyond them."""
    rows, columns = evidence.shape
    heat = _between(rows, grid, size) @ evidence @ _between(columns, grid, size).T
    return np.asarray(heat, dtype=np.float32)


def _between(cells: int, grid: Grid, size: int) -> NDArray[np.float64]:
    """The weight of every cell for every pixel along one side, shape (size, cells)."""
    place = np.clip((np.arange(size) + 0.5 - grid.first) / grid.step, 0, cells - 1)
    apart = np.abs(place[:, np.newaxis] - np.arange(cells))
    return np.asarray(np.maximum(0.0, 1.0 - apart), dtype=np.float64)


def weight(score: float, point: OperatingPoint) -> float:
    """How much colour a photo gets, 0 to 1: all from the threshold on, a quarter at half of it, next to none near 0.

    Networks differ a hundredfold in what one place says (0.4 logits where a classic network rejects, 20 where an
    evidence network does), and the share of an ok photo's strongest place may be as large. Only the sum tells them.
    """
    return min(score / point.threshold, 1.0) ** 2 if point.threshold else 1.0


def opacity(evidence: NDArray[np.float32], grid: Grid, size: int, *, weight: float) -> NDArray[np.float32]:
    """How much of every pixel is colour, 0 to ``STRONGEST``, shape (size, size); ``weight`` is that of the photo."""
    heat = np.maximum(heat_map(evidence, grid, size), 0.0)
    return np.asarray(STRONGEST * weight * heat / (float(heat.max()) or 1.0), dtype=np.float32)


def overlay(
    grey: Grey, evidence: NDArray[np.float32], grid: Grid, *, weight: float, mark: bool = False
) -> NDArray[np.uint8]:
    """The photo with evidence for a defect laid over it, shape (size, size, 3); ``mark`` rings the strongest place.

    ``grey`` is the photo as the network saw it. Colour shares out the photo's ``weight``: the strongest place has all
    of it, the others in proportion to their evidence. So a sound casting stays grey, whatever network looked at it.
    """
    strength = opacity(evidence, grid, grey.shape[0], weight=weight)[..., np.newaxis]
    mixed = grey[..., np.newaxis] * (1.0 - strength) + np.array(HEAT) * strength
    picture = Image.fromarray(mixed.astype(np.uint8))
    if mark:
        x, y = strongest_place(evidence, grid)
        radius = max(grid.step, 12.0)
        ImageDraw.Draw(picture).ellipse((x - radius, y - radius, x + radius, y + radius), outline="white", width=2)
    return np.asarray(picture, dtype=np.uint8)
