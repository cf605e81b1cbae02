"""The scores of a version side by side, each with what it proves; and what people have corrected since."""

from dataclasses import dataclass

from casting_core.domain import Figures
from casting_core.judging.bounds import bounds
from casting_core.records.card import CROSS_VALIDATION, TEST, TEST_OF_FOLDERS, VALIDATION, ModelCard
from casting_core.records.decisions import Kind, standing
from casting_core.workflows.datasets.splits import FOLDERS
from casting_core.workflows.stores import decision_log

PUBLIC = "test, as the folders say"


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a version is worth on some photos. What is missing is not known, or there is none."""

    name: str
    photos: int
    right: float  # share of the photos, 0 to 1
    missed: int
    false_alarms: int
    castings: int | None = None
    new: int | None = None  # castings it has not learned from
    right_on_new: float | None = None  # share of their photos
    proven: tuple[float, float] | None = None  # between which the share on new castings lies, 95 %


def scores(card: ModelCard) -> list[Score]:
    """Those on the validation photos, by cross-validation, on the test photos, and on those of the folders."""
    named = {key: key for key in (VALIDATION, CROSS_VALIDATION, TEST)} | {TEST_OF_FOLDERS: PUBLIC}
    if card.data.split == FOLDERS:
        named[TEST] = PUBLIC
    return [_score(name, card.metrics[key]) for key, name in named.items() if key in card.metrics]


def _score(name: str, figures: Figures) -> Score:
    whole, new = figures.whole, figures.never_seen
    right = new.accuracy if new else None
    return Score(
        name=name,
        photos=figures.photos,
        right=figures.accuracy,
        missed=figures.missed,
        false_alarms=figures.false_alarms,
        castings=whole.castings if whole else None,
        new=new.castings if new else None,
        right_on_new=right,
        proven=bounds(right, new.castings) if new and right is not None else None,
    )


def corrected(folder: str, *, since: float) -> int:
    """How many photos in this folder people gave another label, or left out, after ``since`` (seconds since 1970)."""
    made = standing(decision_log().all(folder))
    return len(
        {one.photo for one in made if one.kind in (Kind.LABEL, Kind.LEAVE_OUT, Kind.TAKE_BACK) and one.at > since}
    )
