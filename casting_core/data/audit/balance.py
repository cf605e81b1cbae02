"""The skew between the classes, in photos and in castings."""

import pandas as pd

from casting_core.data.audit.finding import Finding, Kind, Remedy, Severity
from casting_core.data.datasets.statistics import Skew, skew
from casting_core.domain import Label
from casting_core.wording import count

RARE = 200  # photos of the smaller class, below which copies help more than weights
UNEQUAL = 3  # times as many castings of one class as of the other


def balance(photos: pd.DataFrame) -> Finding:
    """How unequal the classes are; columns photo, label and casting, one row per photo."""
    found = skew(photos)
    castings = {label: int(photos.loc[photos["label"] == label, "casting"].nunique()) for label in Label}
    if not min(found.ok, found.defective):
        return _one_class_only(found, castings)
    if found.notable:
        return _photos_unequal(found, castings)
    if max(castings.values()) >= UNEQUAL * min(castings.values()):
        return _castings_unequal(found, castings)
    return Finding(
        kind=Kind.SKEW,
        severity=Severity.FINE,
        title=f"The classes are balanced: {_photos(found)}, {found.ratio:.2f} to 1.",
        consequence=f"They show {_castings(castings)}. Nothing needs to be done.",
        figures=_figures(found, castings),
    )


def _one_class_only(found: Skew, castings: dict[Label, int]) -> Finding:
    return Finding(
        kind=Kind.SKEW,
        severity=Severity.SERIOUS,
        title=f"All photos are labelled {found.larger.word}.",
        consequence="A network needs both, ok and defective castings, to learn the difference. With these photos alone "
        "nothing can be trained or tested.",
        remedy=Remedy.ADD_CASTINGS,
        figures=_figures(found, castings),
    )


def _photos_unequal(found: Skew, castings: dict[Label, int]) -> Finding:
    smaller = Label(1 - found.larger)
    few = min(found.ok, found.defective) < RARE
    helps = "Turned, mirrored and brightened copies of the rarer class help" if few else "Class weights make both count"
    return Finding(
        kind=Kind.SKEW,
        severity=Severity.WORTH_KNOWING,
        title=f"There are {found.ratio:.1f} times as many {found.larger.word} photos as {smaller.word} ones.",
        consequence=f"There are {_photos(found)}, of {_castings(castings)}. A network can be right often by leaning to "
        f"the {found.larger.word} side. {helps}{'' if few else ' alike'}, but they do not replace photos of other "
        f"{smaller.word} castings.",
        remedy=Remedy.AUGMENTATION if few else Remedy.CLASS_WEIGHTS,
        figures=_figures(found, castings),
    )


def _castings_unequal(found: Skew, castings: dict[Label, int]) -> Finding:
    rare = min(castings, key=lambda label: castings[label])
    return Finding(
        kind=Kind.SKEW,
        severity=Severity.WORTH_KNOWING,
        title=f"The photos are balanced ({found.ratio:.1f} to 1), the castings are not: {_castings(castings)}.",
        consequence=f"What {rare.word} castings look like is learned from {count(castings[rare], 'casting')}, seen "
        "over and over. No weights help against that; photos of other castings do.",
        remedy=Remedy.ADD_CASTINGS,
        figures=_figures(found, castings),
    )


def _photos(found: Skew) -> str:
    return f"{found.defective:,} defective and {found.ok:,} ok photos"


def _castings(castings: dict[Label, int]) -> str:
    return f"{castings[Label.DEFECTIVE]:,} defective and {castings[Label.OK]:,} ok castings"


def _figures(found: Skew, castings: dict[Label, int]) -> dict[str, int]:
    figures = {"ok_photos": found.ok, "defective_photos": found.defective}
    return figures | {"ok_castings": castings[Label.OK], "defective_castings": castings[Label.DEFECTIVE]}
