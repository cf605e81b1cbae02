"""Which photos of a dataset show one casting: worked out once for the same photos, then remembered."""

import hashlib
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd

from casting_core.data.datasets import Dataset
from casting_core.errors import written
from casting_core.settings import settings
from casting_core.workflows.decisions import regrouped
from casting_core.workflows.installation import Progress, decision_log, pixel_cache

FORMULAS = ("=", "+", "-", "@")  # what a spreadsheet would run if a cell began with it


def casting_of(dataset: Dataset, *, report: Progress = lambda _done, _total: None) -> "pd.Series[int]":
    """The casting of every photo of the dataset that can be read, by its sha256; numbered from 0.

    Castings that a person joined or took apart stay so.
    """
    return regrouped(_found(dataset, report), decision_log().all(str(dataset.root)))


def casting_known(dataset: Dataset) -> bool:
    """Whether ``casting_of`` answers at once, because it was worked out before."""
    return _kept(_readable(dataset)).is_file()


def _readable(dataset: Dataset) -> list[str]:
    return sorted(set(dataset.photos["photo"]) - {""})


def _found(dataset: Dataset, report: Progress) -> "pd.Series[int]":
    photos = _readable(dataset)
    kept = _kept(photos)
    try:
        with np.load(kept, allow_pickle=False) as arrays:
            castings = arrays["casting"]
    except (OSError, ValueError, KeyError):  # never worked out, or cut off
        from casting_core.data.castings import group  # OpenCV, which the start of the dashboard must not pay for

        castings = group(photos, pixel_cache(), report=report).casting
        _keep(kept, castings)
    return pd.Series(castings, index=photos, name="casting")


def write_table(dataset: Dataset, castings: "pd.Series[int]", out: Path) -> int:
    """Writes ``path`` and ``casting`` of every readable photo as CSV; returns the number of castings.

    A path that a spreadsheet would take for a formula is written as ``./path``, which is the same file.
    """
    rows = dataset.photos.loc[dataset.photos["photo"] != "", ["path", "photo"]]
    paths = [f"./{path}" if path.startswith(FORMULAS) else path for path in rows["path"]]
    table = pd.DataFrame({"path": paths, "casting": rows["photo"].map(castings).to_numpy()})
    table.to_csv(out, index=False)
    return int(table["casting"].nunique())


def _kept(photos: list[str]) -> Path:
    return settings().cache_dir / f"castings-{hashlib.sha256(''.join(photos).encode()).hexdigest()[:16]}.npz"


def _keep(kept: Path, castings: np.ndarray) -> None:
    beside = kept.with_name(f"{uuid4().hex}.npz")
    with written(kept.parent):
        np.savez_compressed(beside, casting=castings)
        beside.replace(kept)
