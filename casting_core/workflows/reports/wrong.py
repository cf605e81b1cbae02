"""The castings that a version judged wrongly, each by its worst photo, with pictures where they are shown."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from PIL import Image, ImageDraw

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, Progress
from casting_core.judging import explanation
from casting_core.workflows.judging.evaluate import explain
from casting_core.workflows.judging.independence import Standing
from casting_core.workflows.judging.model import Model
from casting_core.workflows.reports.values import Wrong
from casting_core.workflows.review.judgements import Judgement

LEAST = 12.0  # pixels of a photo; the radius of a ring is at least this
QUALITY = 80  # of a JPEG in a report: 15 to 25 kB at 300 pixels


def wrong_castings(
    table: pd.DataFrame,
    castings: "pd.Series[int]",
    standing: Standing | None,
    judged: dict[str, list[Judgement]],
    *,
    label: Label,
) -> tuple[Wrong, ...]:
    """The castings of this label with a photo that was judged otherwise, the worst first; without pictures.

    Args:
        table: judged photos with the columns ``photo``, ``path``, ``label``, ``kind``, ``score`` and ``predicted``.
        castings: the casting of each photo of the dataset, by its sha256.
        standing: what the version knows of these castings, where that is known.
        judged: what people said of photos, by photo.
    """
    owners = table["photo"].map(castings)
    wrong = table[(table["label"] == label) & (table["predicted"] != label)]
    labels = table["label"].groupby(owners).nunique()
    found = []
    for number, photos in wrong.groupby(owners.loc[wrong.index]):
        worst = photos.sort_values(["score", "path"], ascending=[label is Label.DEFECTIVE, True]).iloc[0]
        said = [one for photo in photos["photo"].unique() for one in judged.get(photo, [])]
        found.append(
            Wrong(
                casting=int(str(number)) + 1,
                photo=str(worst["photo"]),
                path=str(worst["path"]),
                score=float(worst["score"]),
                photos=int((owners == number).sum()),
                wrong=len(photos),
                kind=str(worst["kind"]),
                new=_new(int(str(number)), standing),
                both_ways=bool(labels[number] > 1),
                judgements=tuple(sorted(said, key=lambda one: -one.number)),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.score if label is Label.DEFECTIVE else -one.score, one.path)))


def _new(casting: int, standing: Standing | None) -> bool | None:
    if standing is None:
        return None
    if casting in standing.learned or casting in standing.chose:
        return False
    return True if standing.complete else None


def pictured(
    found: Sequence[Wrong], dataset: Dataset, model: Model, *, most: int | None = None, report: Progress
) -> tuple[Wrong, ...]:
    """The same castings, the first ``most`` of them with their pictures; all of them if no number is given."""
    return tuple(_pictured(found, dataset, model, len(found) if most is None else most, report))


def _pictured(found: Sequence[Wrong], dataset: Dataset, model: Model, most: int, report: Progress) -> Iterator[Wrong]:
    for place, one in enumerate(found):
        if place >= most:
            yield one
            continue
        grey, evidence = explain(dataset, one.photo, model)
        strength = explanation.weight(one.score, model.point)
        coloured = explanation.overlay(grey, evidence, model.grid, weight=strength)
        ringed = _ringed(coloured, explanation.strongest_place(evidence, model.grid), max(model.grid.step, LEAST))
        yield replace(one, picture=_jpeg(grey), evidence=_jpeg(ringed))
        report(place + 1, min(most, len(found)))


def _ringed(picture: np.ndarray, place: tuple[float, float], radius: float) -> np.ndarray:
    """The picture with a ring around a place: white in black, so that it is seen on dark and on bright metal."""
    drawn = Image.fromarray(picture)
    pen, (x, y) = ImageDraw.Draw(drawn), place
    for beyond, colour, width in ((1, "black", 4), (0, "white", 2)):
        box = (x - radius - beyond, y - radius - beyond, x + radius + beyond, y + radius + beyond)
        pen.ellipse(box, outline=colour, width=width)
    return np.asarray(drawn)


def _jpeg(levels: np.ndarray) -> bytes:
    """Written without a clock or a name, so that the same pixels give the same bytes."""
    packed = io.BytesIO()
    Image.fromarray(levels).save(packed, "JPEG", quality=QUALITY)
    return packed.getvalue()
