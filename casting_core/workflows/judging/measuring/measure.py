"""A version measured on a dataset, and what came of it kept: pages show no figure that was not measured on it.

A measurement is found again by the version, its operating point, the photos with their labels, the split and the
castings: where one of them has changed there is none.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np
import pandas as pd
from pydantic import ValidationError

from casting_core import files
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Figures, OperatingPoint, Progress, Split
from casting_core.records.card import ModelCard
from casting_core.records.version_files import GRAPH
from casting_core.settings import settings
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.splits import part_of
from casting_core.workflows.judging import evaluate as evaluation
from casting_core.workflows.judging.independence import Standing, independence
from casting_core.workflows.judging.measuring import kept_scores
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.seen import look_for_seen
from casting_core.workflows.operating_points import in_force

if TYPE_CHECKING:
    from casting_core.judging.evaluation import Evaluation

COLUMNS = ("photo", "label", "score", "found", "casting", "new")


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """What one look at a split came to."""

    evaluation: "Evaluation"
    figures: Figures
    table: pd.DataFrame  # scored, errors first


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement:
    """What is kept of it."""

    figures: Figures
    photos: pd.DataFrame  # the columns of ``COLUMNS``; ``new``: its casting was not learned from, and chose nothing


def measure(
    dataset: Dataset,
    split: str,
    model: Model,
    *,
    point: OperatingPoint | None = None,
    read: Progress = lambda _done, _total: None,
    compared: Progress = lambda _done, _total: None,
) -> Measured:
    """Scores a split, finds its castings and those the version has seen, and keeps what came of it.

    ``read`` hears of photos scored, ``compared`` of photos compared. At another ``point`` than the version's own
    nothing is kept. Raises ``DatasetError`` where there is no such split.
    """
    part, name = part_of(dataset, split)
    scored = kept_scores.scored(model, part.part(name), report=read)
    result, table = evaluation.evaluate_table(scored, point or model.point)
    castings = casting_of(dataset, report=compared)
    standing = look_for_seen(model.card, dataset, castings, report=compared)
    figures = evaluation.figures(result, independence(table, castings, standing))
    if point is None or point.limits == model.point.limits:
        _keep(_kept(model.card, model.point, dataset, split, castings), figures, table, castings, standing)
    return Measured(evaluation=result, figures=figures, table=table)


def measurement(card: ModelCard, dataset: Dataset, split: str, castings: "pd.Series[int]") -> Measurement | None:
    """What is known of a version on this split of these very photos, at the operating point in force.

    ``None`` where that was never measured.
    """
    try:
        with (
            _kept(card, in_force(card), dataset, split, castings).open("rb") as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            told = bytes(arrays["figures"]).decode("utf-8")
            photos = pd.DataFrame({name: arrays[name] for name in COLUMNS})
        return Measurement(figures=Figures.model_validate_json(told), photos=photos)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile, ValidationError):
        return None


def usual_split(dataset: Dataset) -> str:
    """The split a version is measured on where nobody names one: test, or all photos where there is none."""
    return Split.TEST.value if Split.TEST in dataset.splits else "all"


def key_of(card: ModelCard, point: OperatingPoint, dataset: Dataset, split: str, castings: "pd.Series[int]") -> str:
    """By what figures of a version on a split are found again; another one where anything of it has changed."""
    part, name = part_of(dataset, split)  # a split kept under the same name may be another one today
    limits = repr(point.threshold) if point.upper is None else f"{point.threshold!r}-{point.upper!r}"
    told = hashlib.sha256(f"{card.files[GRAPH]} {limits} {part.fingerprint} {name}".encode())
    told.update("".join(castings.index).encode())
    told.update(castings.to_numpy(dtype=np.int64).tobytes())
    return told.hexdigest()[:24]


def _kept(card: ModelCard, point: OperatingPoint, dataset: Dataset, split: str, castings: "pd.Series[int]") -> Path:
    return settings().cache_dir / f"measured-{key_of(card, point, dataset, split, castings)}.npz"


def _keep(
    kept: Path, figures: Figures, table: pd.DataFrame, castings: "pd.Series[int]", standing: Standing | None
) -> None:
    of_photo = table["photo"].map(castings).to_numpy(dtype=np.int64)
    known = standing is not None and standing.complete
    old = sorted(standing.learned | standing.chose) if standing is not None else []
    with files.replaced(kept) as file:
        np.savez_compressed(
            file,
            figures=np.frombuffer(figures.model_dump_json().encode("utf-8"), dtype=np.uint8),
            photo=table["photo"].to_numpy(dtype="U64"),
            label=table["label"].to_numpy(dtype=np.int64),
            score=table["score"].to_numpy(dtype=np.float64),
            found=table["found"].to_numpy(dtype=bool),
            casting=of_photo,
            new=~np.isin(of_photo, old) & known,
        )
