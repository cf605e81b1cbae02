"""What a random casting is: a plate of any outline, with what foundries put on plates, and a skin of its own.

Lengths are pixels, u to the right and v down from the middle of the view.
"""

from dataclasses import dataclass
from math import cos, sin

import numpy as np

from casting_core.data.drawing.canvas import Floats, floats
from casting_core.data.drawing.products.bracket_plan import bar, box, disc

Spot = tuple[float, float]  # u and v

ROWS, COLUMNS = 240, 216  # pixels of a view; multiples of what networks count in
HALF = (95.0, 105.0)  # pixels from the middle that a part may reach, u and v


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of the outline: a box, a disc, or a bar from one spot to another."""

    at: Spot
    half: Spot = (0.0, 0.0)  # of a box; of a disc or a bar the first, half of its width
    to: Spot | None = None  # the other end of a bar
    corner: float = 0.0
    turn: float = 0.0  # radians

    def away(self, u: Floats, v: Floats) -> Floats:
        """Pixels from its outline, negative within."""
        if self.to is not None:
            return bar(u, v, self.at, self.to, self.half[0])
        if self.half[1] == 0:
            return disc(u, v, self.at, self.half[0])
        u, v = u - np.float32(self.at[0]), v - np.float32(self.at[1])
        right, down = np.float32(cos(self.turn)), np.float32(sin(self.turn))
        return box(u * right + v * down, v * right - u * down, (0.0, 0.0), self.half, self.corner)


@dataclass(frozen=True, kw_only=True)
class Raised:
    """Something that stands on the plate."""

    piece: Piece
    high: float  # pixels
    slope: float  # pixels that its flank takes
    machined: bool = False
    rim: float = 0.0  # pixels by which it is wider than the face that is machined on it


@dataclass(frozen=True, kw_only=True)
class Skin:
    """What the sand of a mould leaves: grains, lumps and waves, how large (pixels) and how strong each is."""

    sizes: tuple[float, float, float]
    shares: tuple[float, float, float]
    rough: float  # pixels, spread of its height


@dataclass(frozen=True, kw_only=True)
class ReliefPlan:
    """One product, of which there are as many castings as anybody wants."""

    outline: tuple[Piece, ...]
    standing: tuple[Raised, ...]  # ribs, bosses, pads
    letters: tuple[Piece, ...]  # strokes that the mould raises
    holes: tuple[tuple[Spot, float], ...]  # middle and radius
    sunk: tuple[tuple[Spot, float], ...]  # machined faces about holes
    skin: Skin
    edge: float  # pixels over which the plate falls off to its outline
    thick: float  # pixels

    def away(self, u: Floats, v: Floats) -> Floats:
        """Pixels from the outline, negative within."""
        return floats(np.minimum.reduce([piece.away(u, v) for piece in self.outline]))


def any_plan(rng: np.random.Generator) -> ReliefPlan:
    """A product, as they come."""
    middle = (rng.uniform(-20, 20), rng.uniform(-20, 20))
    bosses = [(_spot(rng), rng.uniform(12, 34), rng.uniform(2, 10)) for _ in range(rng.integers(0, 4))]
    holes = [(_spot(rng), rng.uniform(4, 16)) for _ in range(rng.integers(0, 5))]
    holes += [(at, radius * rng.uniform(0.3, 0.6)) for at, radius, _ in bosses if rng.random() < 0.6]
    ribs = [
        Raised(piece=_bar(_spot(rng), _spot(rng), rng.uniform(4, 10)), high=rng.uniform(2, 8), slope=6.0)
        for _ in range(rng.integers(0, 5))
    ]
    pads = [
        Raised(piece=_pad(rng), high=rng.uniform(1, 3), slope=3.0, machined=True, rim=1.5)
        for _ in range(rng.integers(0, 3))
    ]
    return ReliefPlan(
        outline=_outline(middle, rng),
        standing=(
            *ribs,
            *(
                Raised(piece=Piece(at=at, half=(radius, 0.0)), high=high, slope=6.0, machined=rng.random() < 0.7)
                for at, radius, high in bosses
            ),
            *pads,
        ),
        letters=tuple(_stroke(rng) for _ in range(rng.integers(0, 8))),
        holes=tuple(holes),
        sunk=tuple((at, radius + rng.uniform(4, 9)) for at, radius in holes if rng.random() < 0.3),
        skin=Skin(
            sizes=(rng.uniform(0.6, 1.1), rng.uniform(1.3, 2.8), rng.uniform(4, 12)),
            shares=(rng.uniform(0, 1), rng.uniform(0.2, 1.5), rng.uniform(0.2, 1.5)),
            rough=rng.uniform(0.05, 0.45),
        ),
        edge=rng.uniform(2, 7),
        thick=rng.uniform(6, 18),
    )


def _outline(middle: Spot, rng: np.random.Generator) -> tuple[Piece, ...]:
    """A box, and up to three more pieces, each held to it by a bar."""
    sides = (rng.uniform(35, 90), rng.uniform(35, 100))
    pieces = [Piece(at=middle, half=sides, corner=rng.uniform(5, 25), turn=rng.uniform(-0.3, 0.3))]
    for _ in range(rng.integers(0, 4)):
        at = _spot(rng)
        if rng.random() < 0.5:
            pieces.append(Piece(at=at, half=(rng.uniform(18, 45), 0.0)))
        else:
            sides = (rng.uniform(20, 60), rng.uniform(20, 60))
            pieces.append(Piece(at=at, half=sides, corner=rng.uniform(4, 16), turn=rng.uniform(-0.8, 0.8)))
        pieces.append(_bar(middle, at, rng.uniform(12, 25)))
    return tuple(pieces)


def _spot(rng: np.random.Generator) -> Spot:
    u, v = (0.75 * rng.uniform(-half, half) for half in HALF)
    return u, v


def _bar(start: Spot, end: Spot, half: float) -> Piece:
    return Piece(at=start, to=end, half=(half, 0.0))


def _pad(rng: np.random.Generator) -> Piece:
    return Piece(at=_spot(rng), half=(rng.uniform(12, 34), rng.uniform(12, 34)), corner=5.0)


def _stroke(rng: np.random.Generator) -> Piece:
    at = _spot(rng)
    return _bar(at, (at[0] + rng.uniform(-5, 5), at[1] + rng.uniform(-5, 5)), rng.uniform(1, 2))
