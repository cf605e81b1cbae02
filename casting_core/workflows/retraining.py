"""What review hands on to the next training: how many labels people have corrected, and which misses they confirmed.

Of misses only those that a training may learn from: photos put aside for a test stay there, however instructive.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.decisions import Kind, standing
from casting_core.workflows.datasets.own_validation import to_learn
from casting_core.workflows.datasets.splits import choose
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review.judgements import Judged, Judgement
from casting_core.workflows.stores import decision_log


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Confirmed misses of a version."""

    castings: int  # that the next training may learn from; photos, where castings are not known
    photos: tuple[str, ...]  # sha256 of all defective photos of these castings that it may learn from
    kept_apart: int  # confirmed misses, in photos, that it may not: of the test, or of a validation folder


def missed(
    dataset: Dataset,
    model: Model,
    judged: Mapping[str, Sequence[Judgement]],
    castings: "pd.Series[int] | None",
    *,
    split: str,
) -> Missed:
    """What ``model`` has passed, labelled defective, of which the latest judgement says that the label is right.

    ``judged`` are the judgements that count, by photo, the latest first; ``castings`` has the casting of each photo,
    where they are known. ``split`` is the one that the next training learns from: only its photos to learn from count.
    Raises ``DatasetError`` where it has none.
    """
    confirmed = {photo for photo, (latest, *_) in judged.items() if _missed(latest, model)}
    if not confirmed:
        return Missed(castings=0, photos=(), kept_apart=0)
    learned = to_learn(choose(dataset, split)).train
    photos = learned.loc[learned[Column.LABEL] == Label.DEFECTIVE, Column.PHOTO]
    alike = photos if castings is None else photos.map(castings)
    of_them = alike[photos.isin(confirmed)].unique()
    return Missed(
        castings=len(of_them),
        photos=tuple(photos[alike.isin(of_them)]),
        kept_apart=len(confirmed - set(photos)),
    )


def _missed(judgement: Judgement, model: Model) -> bool:
    return (
        judgement.judged is Judged.LABEL_RIGHT
        and judgement.label == Label.DEFECTIVE.word
        and judgement.model == model.card.name
        and judgement.score < model.point.threshold
    )


def corrected(folder: str, *, since: float) -> int:
    """How many photos in this folder people gave another label, or left out, after ``since`` (seconds since 1970)."""
    made = standing(decision_log().all(folder))
    return len(
        {one.photo for one in made if one.kind in (Kind.LABEL, Kind.LEAVE_OUT, Kind.TAKE_BACK) and one.at > since}
    )
