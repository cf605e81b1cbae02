"""The parts that can be drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from casting_core.data.drawing.products.bracket import any_bracket
from casting_core.data.drawing.products.impeller import any_impeller
from casting_core.data.drawing.scene import Scene


class Part(StrEnum):
    """A product of the drawn foundry."""

    IMPELLER = "impeller"  # round, turned on a lathe
    BRACKET = "bracket"  # not round, mostly as cast


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """How a part is drawn, and how its photos differ."""

    draw: Callable[[np.random.Generator], Scene]  # a sound casting and a photograph of it, as they come
    scale: float = 0.0  # a copy is larger or smaller by up to this share


PARTS: dict[Part, Drawing] = {
    Part.IMPELLER: Drawing(draw=any_impeller),
    Part.BRACKET: Drawing(draw=any_bracket, scale=0.06),
}
