"""Photos as networks see them: each part found once, its view taken anew each time, moved and relit where asked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment import choice
from casting_core.data.imaging.alignment.alignment import Alignment, Kind, free
from casting_core.data.imaging.alignment.placement import Placement
from casting_core.data.imaging.images import Grey
from casting_core.learning.inputs.augmentation import augmented, moved
from casting_core.learning.inputs.photos import Photos, limit_per_casting
from casting_core.learning.recipes.choices import DESCRIPTIONS, Align
from casting_core.learning.recipes.recipe import Recipe


class Views:
    """Views of the rows of ``pixels`` (uint8, (photos, size, size), usually memory-mapped)."""

    def __init__(self, pixels: NDArray[np.uint8], alignment: Alignment) -> None:
        self.pixels, self.alignment = pixels, alignment
        self.shape: tuple[int, ...] = alignment.shape  # of what ``take`` gives for one photo
        self.placements: dict[int, Placement] = {}  # those that were found already

    def placement(self, row: int) -> Placement:
        """Where the part lies in a photo."""
        if row not in self.placements:
            self.placements[row] = self.alignment.place(self.pixels[row])
        return self.placements[row]

    def found(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """In which of these photos the part was found."""
        return np.array([self.alignment.found(self.placement(row)) for row in rows.tolist()], dtype=bool)

    def take(self, rows: NDArray[np.int64], *, rng: np.random.Generator | None = None) -> NDArray[Any]:
        """The views of these photos, uint8 (n, *alignment.shape); with ``rng``, each moved and relit at random."""
        if rng is None and not self.alignment.moves:
            return self.pixels[rows]
        return np.stack([self._view(row, rng) for row in rows.tolist()])

    def take_moved(self, row: int, part: NDArray[np.bool_], rng: np.random.Generator) -> tuple[Grey, NDArray[np.bool_]]:
        """The view of one photo, moved at random but in its own light, and the mask ``part`` moved with it.

        Both have the shape ``alignment.shape``.
        """
        usual = self.placement(row)
        now = moved(usual, self.alignment.kind, rng)
        return self.alignment.view(self.pixels[row], now), self.alignment.moved(part, seen=usual, now=now)

    def _view(self, row: int, rng: np.random.Generator | None) -> Grey:
        grey, placement = self.pixels[row], self.placement(row)
        if rng is None:
            return self.alignment.view(grey, placement)
        return augmented(grey, placement, self.alignment, rng)


def choose_alignment(photos: Photos, recipe: Recipe) -> Alignment:
    """How these photos are aligned for this recipe; learned from photos of as many castings as can be."""
    some = [photos.pixels[row] for row in limit_per_casting(photos, most=1).rows.tolist()]
    network = DESCRIPTIONS[recipe.network]
    if recipe.align is Align.AUTO and not network.aligns:
        return choice.unaligned(some, fills=network.fills)
    if recipe.align is Align.FILLED:
        return free(len(some[0]), reason=choice.BY_HAND, fills=True)
    wanted = None if recipe.align is Align.AUTO else Kind(recipe.align.value)
    return choice.learn(some, wanted=wanted)
