"""Photos as the head of ``backbone`` learns from them: numbers, worked out once for each of a few views of a photo."""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey
from casting_core.learning.inputs.augmentation import augmented, in_other_light, mirrored_quarter
from casting_core.learning.inputs.views import Views
from casting_core.learning.networks.backbone.network import FIXED

# Views of each photo beside the plain one: the seven other ways of a square to lie, every second one in another light,
# and as it is in another light.
VARIANTS = 8
SETS = 2  # of photos whose numbers stay in memory: those that are learned from, and the same in other light
AT_ONCE = 8  # photos; what the network makes of more is larger than the processor's caches


class _Latest:
    """The numbers of the photos that were used last, for networks of one process that learn from the same ones.

    They depend on the photos and on how those are aligned; the weights of the public network never change.
    """

    def __init__(self) -> None:
        self._sets: list[tuple[NDArray[np.uint8], dict[str, dict[tuple[int, int], NDArray[np.float32]]]]] = []

    def of(self, views: Views, width: int) -> dict[tuple[int, int], NDArray[np.float32]]:
        """What is known of these views, so many numbers each, by row and number of the view; it may be added to."""
        numbers = next((numbers for pixels, numbers in self._sets if pixels is views.pixels), None)
        if numbers is None:
            numbers = {}
            self._sets = [(views.pixels, numbers), *self._sets[: SETS - 1]]
        return numbers.setdefault(repr((width, views.alignment.to_dict() | {"reason": ""})), {})


_LATEST = _Latest()

# The part of the network that is fixed, by the shape of views and how many numbers it makes of them. It is the same in
# each network of a process, and to trace it takes as long as to look at forty photos.
_FIXED: dict[tuple[tuple[int, ...], int], Callable[[tf.Tensor], tf.Tensor]] = {}


def _fixed_part(model: keras.Model, shape: tuple[int, ...]) -> Callable[[tf.Tensor], tf.Tensor]:
    """What makes numbers, float32 (n, d), of views of this shape, uint8 (n, rows, columns)."""
    numbers = model.get_layer(FIXED).output
    key = (shape, int(numbers.shape[-1]))
    if key not in _FIXED:
        fixed = keras.Model(model.input, numbers)
        _FIXED[key] = tf.function(
            lambda seen: fixed(tf.cast(seen, tf.float32)[..., tf.newaxis] / 255.0, training=False),
            input_signature=[tf.TensorSpec((None, *shape), tf.uint8)],
            autograph=False,  # there is nothing for it to rewrite, and to look takes half a second
        )
    return _FIXED[key]


class NumberViews(Views):
    """What the fixed part of the network makes of views, float32 (n, d), instead of the views themselves.

    Numbers that were worked out stay in memory, 4 kB for each view: epochs after the first cost next to nothing.
    """

    def __init__(self, views: Views, model: keras.Model) -> None:
        super().__init__(views.pixels, views.alignment)
        self.placements = views.placements
        self.fixed = _fixed_part(model, views.alignment.shape)
        self.shape = (int(model.get_layer(FIXED).output.shape[-1]),)
        self.known = _LATEST.of(views, *self.shape)

    def take(self, rows: NDArray[np.int64], *, rng: np.random.Generator | None = None) -> NDArray[np.float32]:
        """The numbers of these photos, (n, d); with ``rng``, of one of all views of each, drawn at random."""
        variants = np.zeros(len(rows), dtype=int) if rng is None else rng.integers(0, VARIANTS + 1, len(rows))
        return self._take(list(zip(rows.tolist(), variants.tolist(), strict=True)))

    def variant_of(self, rows: NDArray[np.int64], variant: int) -> NDArray[np.float32]:
        """The numbers of the view of this number, 0 to ``VARIANTS``, of each of these photos, (n, d)."""
        return self._take([(row, variant) for row in rows.tolist()])

    def _take(self, wanted: list[tuple[int, int]]) -> NDArray[np.float32]:
        missing = list(dict.fromkeys(one for one in wanted if one not in self.known))
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            numbers = self.fixed(tf.constant(np.stack([self._variant(*one) for one in some]))).numpy()
            self.known |= dict(zip(some, numbers, strict=True))
        return np.stack([self.known[one] for one in wanted])

    def _variant(self, row: int, number: int) -> Grey:
        """The view of a photo of this number; 0 is the plain one."""
        if number == 0:
            return self._view(row, None)
        rng = np.random.default_rng((row, number))
        if self.alignment.finds_part:
            return augmented(self.pixels[row], self.placement(row), self.alignment, rng)
        turned = mirrored_quarter(self._view(row, None), number)
        relit = number % 2 or number == VARIANTS
        return in_other_light(turned, self.alignment.kind, rng) if relit else turned


def head_of(model: keras.Model) -> keras.Model:
    """What learns: from numbers to the score, in the same layers."""
    return keras.Model(model.get_layer(FIXED).output, model.output, name=f"{model.name}_head")
