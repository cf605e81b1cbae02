"""Which castings would do as challenge parts: some that are clear, and some close to the threshold, of both labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from casting_core.domain import Label, OperatingPoint
from casting_core.errors import DatasetError
from casting_core.workflows.challenge.values import margin

EACH = 2  # castings of each label that are clear, and as many that are borderline
CLEAR, BORDERLINE = "clear", "borderline"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A casting that a version judges right today."""

    photo: str  # sha256; of its photos the one closest to being judged wrongly
    label: Label
    score: float
    margin: float  # how far that lies from being wrong
    role: str  # "clear" or "borderline"


def propose(judged: pd.DataFrame, point: OperatingPoint, *, each: int = EACH) -> list[Candidate]:
    """Castings to choose from, ok ones first, the clearest first; fewer where there are not so many.

    ``judged`` has a row per photo with the columns photo, label, score, found and casting, as a measurement has. Only
    castings are proposed of which every photo is judged right. Raises ``DatasetError`` where a label has none.
    """
    found = [one for label in Label for one in _of(judged, label, point, each)]
    for label in Label:
        if not any(one.label is label for one in found):
            raise DatasetError(
                f"no {label.word} casting is judged right by this version, so none can be a challenge part; choose "
                "another dataset, or a version that judges it better"
            )
    return found


def _of(judged: pd.DataFrame, label: Label, point: OperatingPoint, each: int) -> Sequence[Candidate]:
    photos = judged[judged["label"] == int(label)]
    photos = photos.assign(margin=[margin(label, float(score), point) for score in photos["score"]])
    right = photos.groupby("casting")[["margin", "found"]].min()
    right = right[(right["margin"] > 0) & right["found"].astype(bool)]
    closest = photos[photos["casting"].isin(right.index)].sort_values(["margin", "photo"])
    closest = closest.drop_duplicates("casting")
    narrow = min(each, len(closest) // 2)
    clear = closest.iloc[narrow:].tail(each).iloc[::-1]
    chosen = [(one, CLEAR) for one in clear.to_dict("records")]
    chosen += [(one, BORDERLINE) for one in closest.head(narrow).iloc[::-1].to_dict("records")]
    return [
        Candidate(
            photo=str(one["photo"]), label=label, score=float(one["score"]), margin=float(one["margin"]), role=role
        )
        for one, role in chosen
    ]
