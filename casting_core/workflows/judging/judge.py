"""From photos and a model version to scores, verdicts and the figures of a split."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.scan import Dataset
from casting_core.data.drawing.synthetic import read_masks
from casting_core.data.imaging import images
from casting_core.data.imaging.alignment.alignment import Alignment
from casting_core.data.imaging.images import Grey, Photo
from casting_core.domain import Label, OperatingPoint, Verdict
from casting_core.errors import DatasetError, ModelError, PhotoError
from casting_core.judging import gate
from casting_core.judging.explanation import Grid, strongest_place
from casting_core.judging.localisation import distance_to_defect
from casting_core.judging.scoring import Scorer
from casting_core.records.registry import GATE, ModelCard
from casting_core.settings import settings
from casting_core.workflows.stores import Progress, pixel_cache, registry

if TYPE_CHECKING:
    from casting_core.judging.evaluation import Evaluation

NOT_FOUND = "the part was not found as the model knows it; lay it flat in the middle, and move other things away"
CHUNK = 256  # photos taken from the pixel cache at once


@dataclass(frozen=True, kw_only=True)
class Model:
    """A version ready to judge with."""

    card: ModelCard
    scorer: Scorer
    gate: gate.Reference

    @property
    def point(self) -> OperatingPoint:
        """The threshold the version was registered with."""
        return OperatingPoint(threshold=self.card.threshold, chosen=self.card.threshold_chosen)

    @property
    def grid(self) -> Grid:
        """Where the version's evidence lies in the photo."""
        return Grid(first=self.card.evidence_first, step=self.card.evidence_step)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a model says of one photo.

    Without a verdict there is a ``reason``; a photo that was read but may not be judged then still has ``seen``.
    """

    sha256: str
    score: float | None = None
    verdict: Verdict | None = None
    reason: str = ""
    seen: Grey | None = None  # the photo as the network saw it, (image_size, image_size)
    evidence: NDArray[np.float32] | None = None  # (rows, columns)


def load_model(name: str | None = None) -> Model:
    """A version by its name, or the one in production; ``ModelError`` where it is unknown, damaged or foreign."""
    store = registry()
    card = store.card(name or store.production())
    return Model(
        card=card,
        scorer=Scorer(store.graph(card.name), _alignment(card)),
        gate=gate.Reference.from_bytes(store.file(card.name, GATE)),
    )


def _alignment(card: ModelCard) -> Alignment | None:
    if not card.alignment:
        return None
    try:
        return Alignment.of(card.alignment)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"model {card.name!r} is damaged: its card does not say how photos are aligned") from error


def judge(content: bytes, model: Model, *, point: OperatingPoint | None = None) -> Finding:
    """What the model says of the photo in these bytes; it never raises for a bad photo, it gives the reason."""
    try:
        photo = images.decode(content)
    except PhotoError as error:
        return Finding(sha256=images.identity(content), reason=str(error))
    return _judge_photo(photo, model, point or model.point)


def _judge_photo(photo: Photo, model: Model, point: OperatingPoint) -> Finding:
    seen = images.fit(photo.grey, model.card.image_size)
    if reason := gate.refusal(photo.grey, seen, model.gate):
        return Finding(sha256=photo.sha256, reason=f"Retake: {reason}", seen=seen)
    answers = model.scorer.score(seen[np.newaxis])
    if not answers.found[0]:
        return Finding(sha256=photo.sha256, reason=f"Retake: {NOT_FOUND}", seen=seen)
    score = float(answers.score[0])
    return Finding(
        sha256=photo.sha256, score=score, verdict=point.verdict(score), seen=seen, evidence=answers.evidence[0]
    )


def predict(paths: list[Path], model: Model, *, point: OperatingPoint | None = None) -> Iterator[tuple[Path, Finding]]:
    """What the model says of each file; folders stand for all the photos in them."""
    for path in _files(paths):
        try:
            about = path.stat()
            if not stat.S_ISREG(about.st_mode):  # reading it could wait for ever
                raise PhotoError("it is a pipe, a socket or a device, not a file")
            if about.st_size > settings().max_photo_bytes:
                raise PhotoError(f"the file is larger than {settings().max_photo_bytes / 2**20:.0f} MiB")
            yield path, judge(path.read_bytes(), model, point=point)
        except OSError as error:
            yield path, Finding(sha256="", reason=f"the file cannot be opened: {error.strerror or error}")
        except PhotoError as error:
            yield path, Finding(sha256="", reason=str(error))


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if _is_folder(path):
            yield from sorted(one for one in path.rglob("*") if one.suffix.lower() in images.SUFFIXES and one.is_file())
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long to be one; reading it will say so
        return False


def score_table(scorer: Scorer, photos: pd.DataFrame, *, report: Progress = lambda _done, _total: None) -> pd.DataFrame:
    """These photos with columns ``score`` and ``found``; their pixels come from the cache.

    Where the part was not ``found``, nothing can be said of it, so it must not pass: its score is 1.
    """
    cache = pixel_cache()
    scores, found = np.zeros(len(photos), dtype=np.float32), np.ones(len(photos), dtype=bool)
    for start in range(0, len(photos), CHUNK):
        here = slice(start, start + CHUNK)
        answers = scorer.score(cache.take(photos["photo"].iloc[here]))
        scores[here], found[here] = answers.score, answers.found
        report(min(start + CHUNK, len(photos)), len(photos))
    return photos.assign(score=scores, found=found)


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
    from casting_core.judging.evaluation import evaluate  # scikit-learn takes a second that the first page needs not

    point = point or model.point
    table = errors_first(score_table(model.scorer, dataset.part(split), report=report), point)
    return evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), point), table


def figures(evaluation: "Evaluation") -> dict[str, Any]:
    """An evaluation as plain values, for a card or for machines."""
    return {name: value for name, value in vars(evaluation).items() if name != "text"}


def explain(dataset: Dataset, photo: str, model: Model) -> tuple[Grey, NDArray[np.float32]]:
    """One photo of a dataset as the network sees it, and the evidence in it; ``DatasetError`` where it is not there."""
    if photo not in set(dataset.photos["photo"]):
        raise DatasetError(f"no photo {photo[:12]} in {str(dataset.root)!r}")
    seen = pixel_cache().take([photo])
    return seen[0], model.scorer.score(seen).evidence[0]


def localise(dataset: Dataset, split: str, model: Model) -> pd.DataFrame:
    """For each defective drawn photo that the model found: how far its strongest evidence lies from the drawn defect.

    Columns ``photo``, ``path``, ``score`` and ``distance`` (pixels of the photo). Raises ``DatasetError`` where no
    defects were drawn.
    """
    masks = read_masks(dataset.root)
    photos = dataset.part(split)
    found = score_table(model.scorer, photos[photos["label"] == Label.DEFECTIVE])
    found = found[found["score"] >= model.point.threshold]
    evidence = (explain(dataset, photo, model)[1] for photo in found["photo"])
    places = [strongest_place(one, model.grid) for one in evidence]
    distances = [distance_to_defect(place, masks[path]) for place, path in zip(places, found["path"], strict=True)]
    return found[["photo", "path", "score"]].assign(distance=np.array(distances, dtype=float))
