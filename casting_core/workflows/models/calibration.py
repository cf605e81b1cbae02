"""Which castings an operating point may be chosen on: never the test castings, and none that the version learned from.

They are looked for in this order: castings of the dataset that the version has never seen; scores of its
cross-validation, by sibling networks; its validation castings, each calibrated on the others, where they chose nothing
else. What comes second and third is named approximate.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets import splits
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, Progress, Split
from casting_core.errors import ModelError
from casting_core.judging.calibration import cross_fitted
from casting_core.judging.operating_point.castings import Castings, Counting, castings_of
from casting_core.records.card import ModelCard
from casting_core.wording import count
from casting_core.workflows.datasets.splits import FOLDERS, choices, choose
from casting_core.workflows.judging import out_of_fold
from casting_core.workflows.judging.evaluate import score_table
from casting_core.workflows.judging.independence import Standing
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.seen import CALIBRATION, chosen_on_validation, learned_from
from casting_core.workflows.moved import names_of_folder

WHAT_HELPS = (
    "Test castings choose nothing, for they are the proof. Train it with a cross-validation, or import photos of "
    "castings of both classes that it has never seen as a dataset of their own, and choose on those."
)
PARTS = 10  # of the validation castings, at most: each is judged with the calibration of the others


@dataclass(frozen=True, kw_only=True, eq=False)
class CalibrationPhotos:
    """Scored photos of castings that an operating point may be chosen on."""

    scores: NDArray[np.float64]  # (n,), 0..1
    labels: NDArray[np.int64]  # (n,)
    castings: NDArray[np.int64]  # (n,)
    source: str  # which castings they are, to be said beside whatever is chosen
    approximate: bool  # whether other networks than the version itself, or another calibration, gave the scores

    def each_once(self, counting: Counting = Counting.ANY_PHOTO) -> Castings:
        """The castings with one score each."""
        return castings_of(self.scores, self.labels, self.castings, counting=counting)

    @property
    def words(self) -> str:
        """How many castings they are, and which."""
        found = self.each_once()
        told = f"{count(len(found.defective), 'defective casting')} and {count(len(found.ok), 'ok casting')}"
        return f"{told}: {self.source}{' (approximate)' if self.approximate else ''}"


def as_it_learned(card: ModelCard, dataset: Dataset) -> Dataset:
    """The dataset split as the version knows it, where that split is still there; else as the folders say."""
    known = card.data.folder in names_of_folder(dataset.root) and card.data.split in choices(dataset)
    return choose(dataset, card.data.split if known else FOLDERS)


def calibration_photos(
    model: Model,
    dataset: Dataset,
    castings: "pd.Series[int]",
    standing: Standing | None,
    *,
    report: Progress = lambda _done, _total: None,
) -> CalibrationPhotos:
    """The photos that an operating point of this version may be chosen on.

    Args:
        model: the version.
        dataset: where to look for them.
        castings: the casting of each photo of the dataset.
        standing: what the version knows of these castings (``judging.seen``).
        report: hears of photos scored.

    Raises ``ModelError`` where there are none, with what would make some.
    """
    here = as_it_learned(model.card, dataset)
    photos = here.usable[here.usable["label"].notna()]
    photos = photos.assign(casting=photos["photo"].map(castings).astype(int))
    tested = set(photos.loc[photos["split"] == Split.TEST, "casting"])
    photos = photos[~photos["casting"].isin(tested)]
    found = _never_seen(model, standing, photos, report)
    found = found or _out_of_fold(model, dataset, photos)
    found = found or _validation(model, photos)
    if found is None:
        unknown = standing is None or not standing.complete
        why = " Which of these it has learned from is not known." if unknown else ""
        raise ModelError(
            f"there are no castings to choose an operating point of {model.card.name} on.{why} {WHAT_HELPS}"
        )
    return found


def _never_seen(
    model: Model, standing: Standing | None, photos: pd.DataFrame, report: Progress
) -> CalibrationPhotos | None:
    if standing is None or not standing.complete:
        return None
    new = photos[~photos["casting"].isin(standing.learned | standing.chose)]
    if not _enough(new):
        return None
    return _of(score_table(model.scorer, new, report=report), "castings it has never seen", approximate=False)


def _out_of_fold(model: Model, dataset: Dataset, photos: pd.DataFrame) -> CalibrationPhotos | None:
    if not out_of_fold.known(model.card, dataset):
        return None
    table = out_of_fold.table(model.card, dataset)
    table = table.merge(photos[["photo", "casting"]].drop_duplicates("photo"), on="photo", how="inner")
    source = "each scored by a network of the cross-validation that had not seen it"
    return _of(table, source, approximate=True) if _enough(table) else None


def _validation(model: Model, photos: pd.DataFrame) -> CalibrationPhotos | None:
    """The validation castings, where they chose no more than the calibration: each is then calibrated on the others."""
    learned = learned_from(model.card)
    if learned is None or set(chosen_on_validation(model.card)) - {CALIBRATION}:
        return None
    seen = set(photos.loc[photos["photo"].isin(learned.photos), "casting"])
    watched = photos[photos["photo"].isin(learned.validation) & ~photos["casting"].isin(seen)]
    if not _enough(watched):
        return None
    table = score_table(model.scorer, watched)
    labels, owners = table["label"].to_numpy(dtype=np.int64), table["casting"].to_numpy(dtype=np.int64)
    of_class = [len(np.unique(owners[labels == label])) for label in Label]
    if min(of_class) < 2:
        return None
    fold = splits.folds(owners, labels, number=min(PARTS, *of_class), seed=0)
    scores = cross_fitted(table["score"].to_numpy(dtype=np.float64), labels, owners, fold)
    source = "its validation castings, which chose the calibration only; each is calibrated on the others"
    return _of(table.assign(score=np.where(table["found"], scores, 1.0)), source, approximate=True)


def _enough(photos: pd.DataFrame) -> bool:
    """Whether both classes are there: without one of them nothing can be weighed."""
    return photos["label"].nunique() == len(Label)


def _of(table: pd.DataFrame, source: str, *, approximate: bool) -> CalibrationPhotos:
    return CalibrationPhotos(
        scores=table["score"].to_numpy(dtype=np.float64),
        labels=table["label"].to_numpy(dtype=np.int64),
        castings=table["casting"].to_numpy(dtype=np.int64),
        source=source,
        approximate=approximate,
    )
