"""What a graph says of a few drawn photos, kept with its version: a graph that says otherwise is another one.

The photos are drawn, whatever the version learned from: no photo of a real casting leaves with a
version that is handed on. They are kept as the graph was given them, so that only the graph is
asked, and not how this or that machine lays a part that the model has never seen.
"""

import io
from dataclasses import asdict, dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey, fit
from casting_core.domain import Label
from casting_core.errors import ModelError
from casting_core.judging.scoring import Scorer, Views

SEED = 22
CLOSE = 1e-4  # largest difference of a score between two machines
CLOSE_EVIDENCE = 1e-2  # and of evidence, which is a part of a logit, beside a hundredth of it


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """What a graph was given, and what it said."""

    grey: NDArray[np.uint8]  # (n, rows, columns), as in ``Views``
    placement: NDArray[np.float32]  # (n, 2, 3)
    score: NDArray[np.float32]  # (n,)
    evidence: NDArray[np.float32]  # (n, h, w)

    def to_bytes(self) -> bytes:
        """These answers as a numpy archive."""
        packed = io.BytesIO()
        np.savez_compressed(packed, **asdict(self))
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Answers":
        """The way back; ``ModelError`` where the bytes are no answers."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return cls(**{name: arrays[name] for name in cls.__dataclass_fields__})
        except Exception as error:  # zipfile, struct and numpy each have their own words for damaged
            raise ModelError("its answers cannot be read") from error


@cache
def drawn_photos(size: int) -> Grey:
    """A sound and a defective casting of each part that can be drawn, and two of nothing: (n, size, size)."""
    from casting_core.data.drawing.synthetic import (
        Part,
        draw_casting,
    )  # SciPy is slow to come, and the first page needs it not

    castings = [draw_casting(SEED, label=label, part=part).pixels for part in Part for label in Label]
    ramp = np.tile(np.linspace(0, 255, size).astype(np.uint8), (size, 1))
    return np.stack([*(fit(one, size) for one in castings), ramp, np.full_like(ramp, 128)])


def given_by(scorer: Scorer) -> Answers:
    """What this graph says of the drawn photos."""
    views = scorer.views(drawn_photos(scorer.image_size))
    score, evidence, _ = scorer.answer(views)
    return Answers(grey=views.grey, placement=views.placement, score=score, evidence=evidence)


def differs(scorer: Scorer, expected: Answers) -> str | None:
    """How the graph answers otherwise than it did, in words; none where it does not."""
    count = len(expected.grey)
    shapes = (expected.placement.shape, expected.score.shape, expected.evidence.shape[:1])
    if not count or shapes != ((count, 2, 3), (count,), (count,)):
        return "its answers do not fit the photos beside them"
    found = np.ones(count, dtype=bool)
    views = Views(grey=expected.grey, placement=expected.placement, found=found)
    score, evidence, _ = scorer.answer(views)
    difference = float(np.max(np.abs(score - expected.score)))
    if not difference <= CLOSE:  # also where it is not a number
        return f"its graph differs by {difference:.2g} from the scores that it gave when it was registered"
    if evidence.shape != expected.evidence.shape or not np.allclose(
        evidence, expected.evidence, rtol=CLOSE_EVIDENCE, atol=CLOSE_EVIDENCE
    ):
        return "its graph shows other evidence than it did when it was registered"
    return None
