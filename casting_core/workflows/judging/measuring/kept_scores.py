"""What a version said of photos, kept: each photo is scored once, whoever asks, before and after a restart.

A score depends on the graph, on what the version knows of kinds, and on the bytes of the photo, so nothing that people
decide makes it another one. The file lies in the cache and may be thrown away; a damaged one is as good as none.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from casting_core import files
from casting_core.domain import Progress
from casting_core.records.version_files import GRAPH, KINDS
from casting_core.settings import settings
from casting_core.workflows.judging.evaluate import SCORED, SUGGESTED, score_table
from casting_core.workflows.judging.model import Model

NAMES = ("photo", "score", "found", "kind", "sure")  # arrays of the file, one value for each photo

Said = dict[str, tuple[Any, ...]]  # the columns that ``score_table`` adds, by the sha256 of the photo


def columns(model: Model) -> list[str]:
    """The columns that a version adds to photos."""
    return [*SCORED, *(SUGGESTED if model.kinds is not None else ())]


def scored(
    model: Model, photos: pd.DataFrame, known: Said | None = None, *, report: Progress = lambda _done, _total: None
) -> pd.DataFrame:
    """These photos with the columns that ``score_table`` adds; ``known`` is what was said so far, and grows."""
    said = read(model) if known is None else known
    fresh = photos[~photos["photo"].isin(said.keys())].drop_duplicates("photo")
    if len(fresh):
        table = score_table(model.scorer, fresh, kinds=model.kinds, report=report)
        said |= {photo: tuple(one) for photo, *one in table[["photo", *columns(model)]].itertuples(index=False)}
        _write(model, said)
    found = pd.DataFrame([said[photo] for photo in photos["photo"]], columns=columns(model), index=photos.index)
    return photos.assign(**{name: found[name] for name in columns(model)})


def read(model: Model) -> Said:
    """What is kept of this version."""
    arrays = files.arrays_in(_place(model), NAMES)
    if arrays is None or len({len(arrays[name]) for name in NAMES}) != 1:
        return {}
    known = [arrays[name].tolist() for name in NAMES]
    return {photo: one[: len(columns(model))] for photo, *rest in zip(*known, strict=True) if (one := tuple(rest))}


def _write(model: Model, said: Said) -> None:
    rows = [(photo, *one, *("", 0.0)[len(one) - 2 :]) for photo, one in said.items()]
    photo, score, found, kind, sure = zip(*rows, strict=True)
    with files.replaced(_place(model)) as file:
        np.savez_compressed(
            file,
            photo=np.array(photo, dtype="U64"),
            score=np.array(score, dtype=np.float32),
            found=np.array(found, dtype=bool),
            kind=np.array(kind, dtype=np.str_),
            sure=np.array(sure, dtype=np.float64),
        )


def _place(model: Model) -> Path:
    told = f"{model.card.files[GRAPH]} {model.card.files.get(KINDS, '')}"
    return settings().cache_dir / f"scores-{hashlib.sha256(told.encode()).hexdigest()[:16]}.npz"
