"""Which castings of a dataset have a doubtful label, the most doubtful first; a person decides about each.

The scores of networks that have not learned from a casting count: those of a cross-validation where the version has
them, else its own. Where it has learned from a casting, it says again what it was told, and that is said.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Progress
from casting_core.errors import DatasetError
from casting_core.judging.label_doubt import LabelDoubt, in_order, label_doubts
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.judging import out_of_fold
from casting_core.workflows.judging.evaluate import SCORED, score_table
from casting_core.workflows.judging.independence import Standing
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.seen import look_for_seen

FOLD = "fold"  # the column of photos that were judged out of fold


class Basis(StrEnum):
    """What the scores of a casting are worth as a witness against its label."""

    OUT_OF_FOLD = "out of fold"
    NOT_LEARNED = "it has not learned from them"
    LEARNED = "approximate: it has learned from them"
    UNKNOWN = "approximate: nobody knows whether it has learned from them"


@dataclass(frozen=True, kw_only=True)
class CastingDoubt:
    """The doubt about one casting, and where its photos are."""

    doubt: LabelDoubt
    basis: Basis  # of its score
    paths: tuple[str, ...]  # of all files of its photos


def label_doubt(
    dataset: Dataset,
    model: Model,
    *,
    compared: Progress = lambda _done, _total: None,
    scored: Progress = lambda _done, _total: None,
) -> list[CastingDoubt]:
    """Every casting of a dataset, the most doubtful label first; it scores the photos and may look for castings seen.

    Raises ``DatasetError`` where no photo can be used.
    """
    if dataset.usable.empty:
        raise DatasetError(f"no photo of {str(dataset.root)!r} can be used, so no label can be doubted")
    castings = casting_of(dataset, report=compared)
    known = look_for_seen(model.card, dataset, castings, report=compared)
    folds = dataset.usable.head(0).assign(score=0.0, found=True, fold=0)
    if out_of_fold.known(model.card, dataset):
        folds = out_of_fold.table(model.card, dataset)
    rest = dataset.usable[~dataset.usable["photo"].isin(folds["photo"])]
    own = score_table(model.scorer, rest, report=scored)
    columns = ["photo", *SCORED]
    table = pd.concat([part for part in (folds[[*columns, FOLD]], own[columns]) if len(part)], ignore_index=True)
    return _doubts(dataset, table, castings, known)


def doubts_of(
    dataset: Dataset, known: Standing | None, table: pd.DataFrame, castings: "pd.Series[int]"
) -> list[CastingDoubt]:
    """The same at once, for photos that are scored already; castings without a score follow at the end.

    Args:
        dataset: all of it, for the other photos of a casting may be under another label.
        known: what the version that scored knows of the castings; none where that is not known.
        table: the scored photos, with the columns ``score`` and ``found``, and ``fold`` where they were judged so.
        castings: the casting of each photo of the dataset, by its sha256.
    """
    return _doubts(dataset, table, castings, known)


def _doubts(
    dataset: Dataset, table: pd.DataFrame, castings: "pd.Series[int]", known: Standing | None
) -> list[CastingDoubt]:
    photos = dataset.usable[["photo", "path", "label"]]
    photos = photos.assign(casting=photos["photo"].map(castings).to_numpy(dtype=np.int64))
    photos = photos.assign(score=_scores(table, photos))
    basis = _basis(table, photos, castings, known)
    of_row = photos["casting"].map(basis)
    found: list[LabelDoubt] = []
    for one in Basis:  # each kind of scores by itself: those learned from would make the others look doubtful
        here = photos[of_row == one]
        if len(here):
            labels = here["label"].to_numpy(dtype=int)
            found += label_doubts(here["score"].to_numpy(), labels, here["casting"].to_numpy())
    files = photos.groupby("casting")["path"].agg(tuple)
    return [
        CastingDoubt(doubt=doubt, basis=basis[doubt.casting], paths=files[doubt.casting]) for doubt in in_order(found)
    ]


def _scores(table: pd.DataFrame, photos: pd.DataFrame) -> "pd.Series[float]":
    """The score of each photo, none where the part was not found: there the score says nothing about the part.

    A casting with scores out of fold has no others.
    """
    counts = table[table["found"]].drop_duplicates("photo").set_index("photo")
    scores = photos["photo"].map(counts["score"].astype(float))
    folded = set(_folded(table)) & set(photos["photo"])
    in_fold = photos["photo"].isin(folded)
    return scores.mask(photos["casting"].isin(photos["casting"][in_fold]) & ~in_fold)


def _folded(table: pd.DataFrame) -> "pd.Series[str]":
    return table["photo"][table[FOLD].notna()] if FOLD in table else table["photo"].head(0)


def _basis(
    table: pd.DataFrame, photos: pd.DataFrame, castings: "pd.Series[int]", known: Standing | None
) -> Mapping[Hashable, Basis]:
    """What the scores of each casting are worth."""
    folded = set(castings.reindex(_folded(table)).dropna().astype(int))
    learned = known.learned if known is not None else frozenset()
    others = Basis.NOT_LEARNED if known is not None and known.complete else Basis.UNKNOWN
    return {
        int(one): Basis.OUT_OF_FOLD if one in folded else Basis.LEARNED if one in learned else others
        for one in photos["casting"].unique()
    }
