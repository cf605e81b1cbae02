"""From photos and a model version to scores, verdicts and the figures of a split."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.reading.masks import places_of_defects
from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.images import Grey
from casting_core.domain import Figures, Label, OperatingPoint, Progress
from casting_core.errors import DatasetError
from casting_core.judging.explanation import strongest_place
from casting_core.judging.kinds import Kinds
from casting_core.judging.localisation import distance_to_defect
from casting_core.judging.scoring import Scorer
from casting_core.learning.recipes.recipe import IMAGE_SIZE
from casting_core.wording import count, verb
from casting_core.workflows.judging.independence import Independence, Standing, independence
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import pixel_cache

if TYPE_CHECKING:
    from casting_core.judging.evaluation import Evaluation

CHUNK = 256  # photos taken from the pixel cache at once
SCORED = ("score", "found")  # the columns that ``score_table`` adds to those of a dataset's photos
SUGGESTED = ("kind_suggested", "kind_probability")  # and those it adds where kinds of defect are known
JUDGED = ("predicted", "wrong")  # and those that ``errors_first`` adds to them


def score_table(
    scorer: Scorer,
    photos: pd.DataFrame,
    *,
    kinds: Kinds | None = None,
    report: Progress = lambda _done, _total: None,
) -> pd.DataFrame:
    """These photos with columns ``score`` and ``found``; their pixels come from the cache.

    Where the part was not ``found``, a person must look, so it must not pass: its score is 1.
    """
    cache, suggested, sure = pixel_cache(scorer.image_size), list[str](), list[float]()
    scores, found = np.zeros(len(photos), dtype=np.float32), np.ones(len(photos), dtype=bool)
    for start in range(0, len(photos), CHUNK):
        here = slice(start, start + CHUNK)
        answers = scorer.score(cache.take(photos["photo"].iloc[here]))
        scores[here], found[here] = answers.score, answers.found
        if kinds is not None:
            names, probabilities = kinds.suggest(answers.embedding)
            suggested += names
            sure += probabilities.tolist()
        report(min(start + CHUNK, len(photos)), len(photos))
    scored = photos.assign(score=scores, found=found)
    return scored if kinds is None else scored.assign(kind_suggested=suggested, kind_probability=sure)


def not_found(photos: int) -> str:
    """What becomes of photos in which the part was not found, in a sentence."""
    return (
        f"In {count(photos, 'photo')} the part was not found: the verdict is inspect, a person must look. As they do "
        "not pass, these figures count them as rejected."
    )


def between_thresholds(table: pd.DataFrame, point: OperatingPoint) -> int:
    """How many photos of a scored table lie between two thresholds, so that a person must look; 0 with a single one."""
    return int((table["found"] & (table["score"] >= point.threshold) & (table["score"] < point.rejects_from)).sum())


def to_look_at(photos: int) -> str:
    """What becomes of photos between the two thresholds, in a sentence."""
    return (
        f"{count(photos, 'photo')} {verb(photos, 'lie')} between the thresholds: the verdict is inspect, a person must "
        "look. As they do not pass, these figures count them as rejected."
    )


def errors_first(table: pd.DataFrame, point: OperatingPoint) -> pd.DataFrame:
    """A scored table with the columns ``predicted`` and ``wrong``.

    Missed defects come first, then false alarms, then the rest; in each the score furthest from the truth first.
    """
    predicted = (table["score"] >= point.threshold).astype(int)
    label = table["label"].astype(int)
    rank = np.select([(label == Label.DEFECTIVE) & (predicted == Label.OK), predicted != label], [0, 1], default=2)
    # How far from being wholly wrong: 0 is worst.
    distance = np.where(label == Label.DEFECTIVE, table["score"], 1 - table["score"])
    marked = table.assign(predicted=predicted, wrong=predicted != label, _rank=rank, _distance=distance)
    return marked.sort_values(["_rank", "_distance", "path"]).drop(columns=["_rank", "_distance"])


def evaluate_split(
    dataset: Dataset,
    split: str,
    model: Model,
    *,
    point: OperatingPoint | None = None,
    report: Progress = lambda _done, _total: None,
) -> "tuple[Evaluation, pd.DataFrame]":
    """The figures of one split (or ``all``) and its scored photos, errors first; ``DatasetError`` if it has none."""
    point = point or model.point
    return evaluate_table(score_table(model.scorer, dataset.part(split), kinds=model.kinds, report=report), point)


def evaluate_table(scored: pd.DataFrame, point: OperatingPoint) -> "tuple[Evaluation, pd.DataFrame]":
    """The same for photos that are scored already."""
    from casting_core.judging.evaluation import evaluate  # scikit-learn takes a second that the first page needs not

    table = errors_first(scored, point)
    return evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), point), table


def figures_of(
    scorer: Scorer,
    point: OperatingPoint,
    photos: pd.DataFrame,
    *,
    castings: "pd.Series[int] | None",
    standing: Standing | None,
    kinds: Kinds | None = None,
) -> Figures:
    """What a graph is worth on these photos; castings are counted where they are known."""
    return figures_of_scored(score_table(scorer, photos, kinds=kinds), point, castings=castings, standing=standing)


def figures_of_scored(
    table: pd.DataFrame, point: OperatingPoint, *, castings: "pd.Series[int] | None", standing: Standing | None
) -> Figures:
    """The same of photos that have been scored: what ``score_table`` gives."""
    from casting_core.judging.evaluation import evaluate

    found = evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), point)
    if castings is None:
        return figures(found)
    predicted = table.assign(predicted=(table["score"] >= point.threshold).astype(int))
    return figures(found, independence(predicted, castings, standing))


def figures(evaluation: "Evaluation", behind: Independence | None = None) -> Figures:
    """An evaluation, and what stands behind it where that is known, for a card or for machines."""
    (passed, alarms), (missed, found) = evaluation.confusion
    known = {} if behind is None else {name: getattr(behind, name) for name in Independence.model_fields}
    return Figures(
        photos=evaluation.photos,
        accuracy=evaluation.accuracy,
        missed=evaluation.missed,
        false_alarms=evaluation.false_alarms,
        auc=evaluation.auc,
        confusion=((passed, alarms), (missed, found)),
        report=evaluation.report,
        **known,
    )


def explain(dataset: Dataset, photo: str, model: Model) -> tuple[Grey, NDArray[np.float32]]:
    """One photo of a dataset as the network sees it, and the evidence in it; ``DatasetError`` where it is not there."""
    if photo not in set(dataset.photos["photo"]):
        raise DatasetError(f"no photo {photo[:12]} in {str(dataset.root)!r}")
    seen = pixel_cache(model.scorer.image_size).take([photo])
    return seen[0], model.scorer.score(seen).evidence[0]


def localise(dataset: Dataset, split: str, model: Model) -> pd.DataFrame:
    """For each defective photo with a mask that the model found: how far its strongest evidence lies from the defect.

    Columns ``photo``, ``path``, ``score`` and ``distance`` (pixels of the photo at the size of the cache). Where there
    are no masks beside the photos, those count that a sample was drawn with. Raises ``DatasetError`` where there are
    neither.
    """
    from casting_core.data.drawing.synthetic import read_masks  # SciPy is slow to come, and the first page needs it not

    drawn = {} if dataset.masks else read_masks(dataset.root)
    photos = dataset.part(split)
    masked = photos["path"].isin(dataset.masks or drawn)
    found = score_table(model.scorer, photos[(photos["label"] == Label.DEFECTIVE) & masked])
    found = found[found["score"] >= model.point.threshold]
    finer = model.card.image_size / IMAGE_SIZE
    masks = drawn or {path: places_of_defects(dataset.masks[path], model.card.image_size) for path in found["path"]}
    found = found[[masks[path].any() for path in found["path"]]]
    evidence = (explain(dataset, photo, model)[1] for photo in found["photo"])
    places = [strongest_place(one, model.grid) for one in evidence]
    if drawn:  # their masks have the usual size, whatever the network sees
        places = [(x / finer, y / finer) for x, y in places]
    distances = [distance_to_defect(place, masks[path]) for place, path in zip(places, found["path"], strict=True)]
    return found[["photo", "path", "score"]].assign(distance=np.array(distances, dtype=float))
