"""From a version and a dataset to its panel: measured, put under stress, its parts painted over."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.alignment import choice
from casting_core.data.imaging.alignment.covering import Covered, cover
from casting_core.data.imaging.disturbances import disturbed
from casting_core.domain import Figures, Progress
from casting_core.errors import DatasetError
from casting_core.judging.gating.gate import refusal
from casting_core.judging.panel.background import LITTLE, Background, background, looks_of
from casting_core.judging.panel.curves import curves
from casting_core.judging.panel.panel import Panel
from casting_core.judging.panel.reliability import reliability
from casting_core.judging.panel.sample import chosen
from casting_core.judging.panel.stress import LADDERS, STEPS, Borne, StressCurve, borne, curve
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.judging.measuring.measure import measure, measurement
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.panel.keep import keep, kept_at, split_for
from casting_core.workflows.judging.scores import score_of
from casting_core.workflows.stores import pixel_cache

ASKED = 24  # photos that the gate is asked about at each strength: it takes as long as the network
CHUNK = 16  # photos between two looks at whether somebody wants it to stop


def compute(
    dataset: Dataset,
    model: Model,
    *,
    read: Progress = lambda _done, _total: None,
    compared: Progress = lambda _done, _total: None,
    stressed: Progress = lambda _done, _total: None,
    clock: Callable[[], float] = time.time,
) -> Panel:
    """Makes the panel of a version on a dataset, and keeps it.

    ``read`` hears of photos scored, ``compared`` of photos compared for castings, ``stressed`` of steps under stress.
    Raises ``DatasetError`` where no photo can be used, or somebody puts another operating point in force meanwhile.
    """
    began, split = clock(), split_for(model.card, dataset)
    castings = casting_of(dataset, report=compared)
    figures, photos = _measured(dataset, model, castings, read=read, compared=compared)
    proves = score_of(split, figures).proves
    counted = photos[photos["new"]] if proves else photos
    some = counted.iloc[chosen(counted["label"].to_numpy(), counted["casting"].to_numpy())]
    under = _Sample(model=model, photos=some, seen=pixel_cache(model.scorer.image_size).take(some["photo"]))
    every = (counted["score"].to_numpy(), counted["label"].to_numpy(), counted["casting"].to_numpy())
    made = Panel(
        version=model.card.name,
        dataset=str(dataset.root),
        split=split,
        made=began,
        threshold=model.point.threshold,
        upper=model.point.upper,
        figures=figures,
        proves=proves,
        photos=len(some),
        castings=int(some["casting"].nunique()),
        stress=_stress(under, stressed),
        background=_background(under),
        reliability=reliability(*every),
        curves=curves(*every, threshold=model.point.threshold),
        seconds=max(0.0, clock() - began),
    )
    keep(made, kept_at(model.card, dataset, castings))
    stressed(1, 1)
    return made


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sample:
    """The photos that are put under stress, and who judges them."""

    model: Model
    photos: pd.DataFrame  # label, score and casting of each
    seen: NDArray[np.uint8]  # (n, size, size)

    @property
    def truth(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Their labels and castings."""
        return self.photos["label"].to_numpy(dtype=np.int64), self.photos["casting"].to_numpy(dtype=np.int64)

    def scores(self, photos: NDArray[np.uint8], step: Callable[[int], None]) -> NDArray[np.float32]:
        """What the version says of other sights of them; ``step`` hears of photos done."""
        said = []
        for start in range(0, len(photos), CHUNK):
            said.append(self.model.scorer.score(photos[start : start + CHUNK]).score)
            step(min(start + CHUNK, len(photos)))
        return np.concatenate(said)

    def refused(self, photos: NDArray[np.uint8]) -> tuple[int, int]:
        """How many of some of them the version's gate would turn away, behind how many it was asked about."""
        some = np.unique(np.linspace(0, len(photos) - 1, min(ASKED, len(photos))).astype(int))
        return len(some), sum(refusal(photos[at], self.model.gate) is not None for at in some.tolist())

    def borne(self, strength: float, photos: NDArray[np.uint8], step: Callable[[int], None]) -> Borne:
        """What becomes of their castings when they look like this."""
        said = self.scores(photos, step)
        asked, refused = self.refused(photos)
        threshold = self.model.point.threshold
        return borne(strength, said, *self.truth, threshold=threshold, asked=asked, refused=refused)


def _measured(
    dataset: Dataset, model: Model, castings: "pd.Series[int]", *, read: Progress, compared: Progress
) -> tuple[Figures, pd.DataFrame]:
    """The figures of the split and its photos, measured before or now."""
    split = split_for(model.card, dataset)
    found = measurement(model.card, dataset, split, castings)
    if found is None:
        measure(dataset, split, model, read=read, compared=compared)
        found = measurement(model.card, dataset, split, castings)
    if found is None:
        raise DatasetError(f"the operating point of {model.card.name} was changed meanwhile; measure it anew")
    return found.figures, found.photos


def _stress(under: _Sample, stressed: Progress) -> tuple[StressCurve, ...]:
    size, done = len(under.seen), 0

    def step(photos: int) -> None:
        stressed(done * size + photos, (STEPS + 1) * size)  # the background is a step, too

    as_taken = under.borne(0.0, under.seen, step)
    done, found = 1, []
    for what, ladder in LADDERS.items():
        points = []
        for strength in ladder.strengths:
            sight = np.stack([disturbed(photo, what, strength) for photo in under.seen])
            points.append(under.borne(float(strength), sight, step))
            done += 1
        found.append(curve(what, as_taken, points))
    return tuple(found)


def _background(under: _Sample) -> Background | None:
    """What the version says where the part is painted over; none where it fills its photos, or is not found."""
    covered = _covered(under)
    if covered is None or not covered.found.any():
        return None
    found = covered.found
    beside = float(covered.beside[found].mean())
    if beside < LITTLE:
        return None
    labels, castings = under.truth
    looks = [looks_of(*pair) for pair in zip(under.seen[found], covered.beside[found], strict=True)]
    return background(
        under.scores(covered.photos[found], lambda _photos: None),
        under.photos["score"].to_numpy()[found],
        labels[found],
        castings[found],
        threshold=under.model.point.threshold,
        beside=beside,
        looks=np.array(looks),
    )


def _covered(under: _Sample) -> Covered | None:
    """The photos with their parts painted over, found as the version finds them, or as they ask for themselves."""
    own = under.model.scorer.alignment
    alignment = own if own.finds_part else choice.learn(list(under.seen))
    return cover(list(under.seen), alignment)
