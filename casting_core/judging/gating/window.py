"""Which square of a photo as taken is looked at, and where in the photo a place of it lies."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from casting_core.data.imaging.images import Grey


@dataclass(frozen=True, kw_only=True)
class Window:
    """A square of a photo as taken, in its pixels; it may reach beyond the photo's edges."""

    left: float
    top: float
    side: float

    @classmethod
    def whole(cls, grey: Grey) -> Self:
        """The smallest square about the middle that holds all of a photo of shape (height, width)."""
        height, width = grey.shape
        side = max(height, width)
        return cls(left=(width - side) / 2, top=(height - side) / 2, side=side)

    def of(self, outer: "Window") -> "Window":
        """This square, which was found in the pixels that ``outer`` shows, in pixels of the photo as taken."""
        return Window(left=outer.left + self.left, top=outer.top + self.top, side=self.side)

    def place(self, x: float, y: float, size: int) -> tuple[float, float]:
        """A place in the square as it is looked at, ``size`` pixels a side, in pixels of the photo as taken: (x, y)."""
        return self.left + x * self.side / size, self.top + y * self.side / size

    def cut_out(self, grey: Grey) -> Grey:
        """What the square shows of a photo, shape (side, side); beyond the photo its edge goes on."""
        height, width = grey.shape
        rows = np.clip(np.arange(round(self.top), round(self.top + self.side)), 0, height - 1)
        columns = np.clip(np.arange(round(self.left), round(self.left + self.side)), 0, width - 1)
        return np.asarray(grey[np.ix_(rows, columns)], dtype=np.uint8)
