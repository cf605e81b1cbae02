"""Which castings make a study: some near the operating point, where people and models err, and clear ones of both."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import OperatingPoint, Progress
from casting_core.errors import AgreementError
from casting_core.wording import count
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.judging.evaluate import score_table
from casting_core.workflows.judging.independence import Standing
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.seen import standing

MOST_SCORED = 600  # castings, drawn at random where there are more
SMALLEST = 1e-4  # a score nearer to 0 or 1 is taken as this near


def castings_of(
    dataset: Dataset, model: Model, *, trials: int, seed: int, compared: Progress, scored: Progress
) -> pd.DataFrame:
    """A row for each casting under one label, with columns casting, label, photos, paths, score and learned.

    ``photos`` and ``paths`` are of as many different photos as there are trials, at most; the score is their median.
    Castings under both labels are left out: nobody knows what is right there.
    """
    usable = dataset.usable.drop_duplicates(["photo", "label"])
    castings = casting_of(dataset, report=compared)
    numbers = usable["photo"].map(castings)
    one_label = usable.groupby(numbers)["label"].transform("nunique") == 1
    usable = usable.assign(casting=numbers.astype(int), label=usable["label"].astype(int))[one_label]
    usable = usable.sample(frac=1.0, random_state=seed)  # which of many photos are taken is left to chance
    drawn = usable["casting"].drop_duplicates().head(MOST_SCORED)
    some = usable[usable["casting"].isin(drawn)].groupby("casting").head(trials)
    if some.empty:
        raise AgreementError("no casting of this dataset can be used for a study")
    table = score_table(model.scorer, some, report=scored).sort_values(["casting", "photo"])
    known = standing(model.card, castings)
    rows = table.groupby("casting").agg(
        label=("label", "first"), photos=("photo", tuple), paths=("path", tuple), score=("score", "median")
    )
    rows = rows.reset_index()
    learned = [_learned(int(one), known) for one in rows["casting"]]
    return rows.assign(learned=pd.Series(learned, index=rows.index, dtype=object))


def _learned(casting: int, known: Standing | None) -> bool | None:
    """Whether a casting was learned from; none where nobody knows."""
    if known is None:
        return None
    return True if casting in known.learned else False if known.complete else None


def choose(castings: pd.DataFrame, point: OperatingPoint, *, parts: int, borderline: float, seed: int) -> pd.DataFrame:
    """So many of these rows, with the column ``borderline``, in an order that says nothing.

    Raises ``AgreementError`` where there are too few of them, or all are of one label.
    """
    new = castings[castings["learned"].eq(False)]
    pool = new if len(new) >= parts and new["label"].nunique() == 2 else castings
    if len(pool) < parts:
        raise AgreementError(
            f"{count(parts, 'part')} are wanted, and {count(len(pool), 'casting')} of this dataset can be used; take "
            "fewer parts"
        )
    if pool["label"].nunique() < 2:
        raise AgreementError("a study needs ok and defective castings, and all that can be used here are of one label")
    far = np.abs(_logit(pool["score"].to_numpy(dtype=float)) - _logit(np.array([point.threshold]))[0])
    by_distance = pool.assign(far=far).sort_values(["far", "casting"])
    near = by_distance.head(round(parts * borderline))
    clear = _of_both(by_distance.iloc[len(near) :], parts - len(near), np.random.default_rng(seed))
    chosen = pd.concat([near.assign(borderline=True), clear.assign(borderline=False)])
    if chosen["label"].nunique() < 2:
        raise AgreementError("the parts that would be chosen are all of one label; take more parts, or another seed")
    return chosen.sort_values("casting").drop(columns="far")


def _of_both(rows: pd.DataFrame, number: int, rng: np.random.Generator) -> pd.DataFrame:
    """So many rows, half of each label as far as there are so many."""
    shuffled = rows.iloc[rng.permutation(len(rows))]
    first = shuffled.groupby("label").head(number // 2)
    rest = shuffled.drop(first.index).head(number - len(first))
    return pd.concat([first, rest])


def _logit(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    clipped = np.clip(scores, SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(clipped / (1 - clipped)))
