"""What photos look like that a version learned from: one of each casting, kept for as long as the version is here."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core import files
from casting_core.data.imaging import measures
from casting_core.domain import OperatingPoint, Progress
from casting_core.errors import DatasetError
from casting_core.judging.watch.seen import Outcome, projected
from casting_core.records.card import ModelCard
from casting_core.records.version_files import GRAPH
from casting_core.settings import settings
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.seen import learned_from
from casting_core.workflows.stores import pixel_cache

MOST = 400  # castings
LEAST = 20  # castings
COLUMNS = ("score", "light", "sharpness", "looks", "new")
NOT_HERE = (
    "of the castings that {} learned from only {} are in the datasets here, and {} are needed to compare with them; "
    "add the dataset that it was trained on"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """One photo of each of n castings that the version learned from, as the version sees it."""

    score: NDArray[np.float64]  # (n,), 0 to 1
    light: NDArray[np.float64]  # (n,), mean grey levels
    sharpness: NDArray[np.float64]  # (n,)
    looks: NDArray[np.float64]  # (n, DIRECTIONS)
    new: NDArray[np.bool_]  # (n,), used for validation only: scores of others are better than those of new parts
    accepted: bool = False  # whether they are parts of the line instead, which a person called usual
    after: int = 0  # rows of the ledger up to here are of what was usual before

    def outcomes(self, point: OperatingPoint) -> NDArray[np.int8]:
        """What becomes of them at an operating point, (n,), as ``Outcome``."""
        between = np.where(self.score < point.rejects_from, Outcome.INSPECT, Outcome.REJECT)
        return np.where(self.score < point.threshold, Outcome.PASS, between).astype(np.int8)


def reference(card: ModelCard) -> Reference | None:
    """What is kept of a version; none where nobody has looked yet."""
    arrays = files.arrays_in(_kept(card), COLUMNS)
    if arrays is None:
        return None
    score, light, sharpness, looks, new = (arrays[name] for name in COLUMNS)
    return Reference(score=score, light=light, sharpness=sharpness, looks=looks, new=new)


def stamp(card: ModelCard) -> int:
    """When a look at a version was kept, in nanoseconds since 1970; 0 where nobody has looked yet."""
    try:
        return _kept(card).stat().st_mtime_ns
    except OSError:
        return 0


def look(model: Model, *, report: Progress = lambda _done, _total: None) -> Reference:
    """Looks at a photo of each casting that the version learned from, and keeps what came of it.

    Castings that were used for validation only come first: the network knows the others too well to say of them what it
    says of new ones. Raises ``DatasetError`` where too few of their photos are in the datasets here.
    """
    photos, new = _one_of_each(model.card)
    cache, told = pixel_cache(model.scorer.image_size), []
    for done, photo in enumerate(photos, start=1):
        seen = cache.take([photo])
        answers = model.scorer.score(seen)
        looks = projected(answers.embedding)[0]
        told.append((float(answers.score[0]), measures.brightness(seen[0]), measures.sharpness(seen[0]), looks))
        report(done, len(photos))
    score, light, sharpness, looks_of = (np.array(values) for values in zip(*told, strict=True))
    found = Reference(score=score, light=light, sharpness=sharpness, looks=looks_of, new=new)
    with files.replaced(_kept(model.card)) as file:
        np.savez_compressed(file, **{name: getattr(found, name) for name in COLUMNS})
    return found


def _one_of_each(card: ModelCard) -> tuple[list[str], NDArray[np.bool_]]:
    """A photo of each casting that is here, at most ``MOST``, and which were used for validation only."""
    learned, here = learned_from(card), set(pixel_cache().rows())
    of_casting: dict[Hashable, str] = {}
    trained: set[Hashable] = set()
    if learned is not None:
        trained = {learned.casting[photo] for photo in learned.photos}
        for photo in sorted(learned.all & here):
            of_casting.setdefault(learned.casting[photo], photo)
    if len(of_casting) < LEAST:
        raise DatasetError(NOT_HERE.format(card.name, len(of_casting), LEAST))
    chosen = sorted(of_casting.items(), key=lambda one: (one[0] in trained, one[1]))[:MOST]
    return [photo for _, photo in chosen], np.array([casting not in trained for casting, _ in chosen])


def _kept(card: ModelCard) -> Path:
    return settings().data_dir / "watch" / f"learned-{card.files.get(GRAPH, '')[:24]}.npz"
