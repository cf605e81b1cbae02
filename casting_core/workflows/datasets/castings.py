"""Which photos of a dataset show one casting: worked out once for the same photos, then remembered."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from casting_core import files
from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.matching import moved_onto
from casting_core.domain import Progress
from casting_core.settings import settings
from casting_core.wording import FORMULAS
from casting_core.workflows.review.decisions import regrouped
from casting_core.workflows.stores import decision_log, pixel_cache

if TYPE_CHECKING:
    from casting_core.data.castings.grouping import Link

LINK = ("first", "second", "points", "agreement", "mirrored", "map")  # what is kept of a link


def casting_of(
    dataset: Dataset,
    *,
    report: Progress = lambda _done, _total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> "pd.Series[int]":
    """The casting of every photo of the dataset that can be read, by its sha256; numbered from 0.

    Castings that a person joined or took apart stay so. ``DatasetError`` once ``should_stop`` says yes; nothing is kept
    then.
    """
    return regrouped(_found(dataset, report, should_stop), decision_log().all(str(dataset.root)))


def casting_known(dataset: Dataset) -> bool:
    """Whether ``casting_of`` answers at once, because it was worked out before."""
    return _kept(dataset.identities).is_file()


def remember_castings(dataset: Dataset, castings: "pd.Series[int]") -> None:
    """Keeps the casting of each photo, by its sha256, where it is known without a search, as of drawn photos."""
    numbers, _ = pd.factorize(castings[dataset.identities])
    _keep(_kept(dataset.identities), np.asarray(numbers, dtype=np.int64), ())


def _found(dataset: Dataset, report: Progress, should_stop: Callable[[], bool]) -> "pd.Series[int]":
    photos = dataset.identities
    kept = _kept(photos)
    if found := files.arrays_in(kept, ["casting"]):
        castings = found["casting"]
    else:
        from casting_core.data.castings.grouping import group  # SciPy, which the dashboard's start must not pay for

        grouping = group(photos, pixel_cache(), report=report, should_stop=should_stop)
        castings = grouping.casting
        _keep(kept, castings, grouping.links)
    return pd.Series(castings, index=photos, name="casting")


def links_of(dataset: Dataset) -> pd.DataFrame:
    """Why photos are said to show one casting: a row per link; ``map`` is six numbers, row by row.

    Empty as long as nobody has worked out the castings.
    """
    found = files.arrays_in(_kept(dataset.identities), LINK)
    return pd.DataFrame({name: list(found[name]) if found else [] for name in LINK})


def superimposed(first: str, second: str, found: Sequence[float]) -> tuple[Grey, Grey]:
    """Two photos so that one casting lies on itself: the first moved by the map of their link, and the second."""
    moved, still = pixel_cache().take([first, second])
    onto = np.reshape(np.asarray(found, dtype=float), (2, 3))
    return moved_onto(moved, onto, (still.shape[0], still.shape[1])), still


def write_table(dataset: Dataset, castings: "pd.Series[int]", out: Path) -> int:
    """Writes ``path`` and ``casting`` of every readable photo as CSV; returns the number of castings.

    A path that a spreadsheet would take for a formula is written as ``./path``, which is the same file.
    """
    rows = dataset.photos.loc[dataset.photos[Column.PHOTO] != "", [Column.PATH, Column.PHOTO]]
    paths = [f"./{path}" if path[:1] in FORMULAS else path for path in rows[Column.PATH]]
    table = pd.DataFrame({"path": paths, "casting": rows[Column.PHOTO].map(castings).to_numpy()})
    table.to_csv(out, index=False)
    return int(table["casting"].nunique())


def _kept(photos: list[str]) -> Path:
    return settings().cache_dir / f"castings-{hashlib.sha256(''.join(photos).encode()).hexdigest()[:16]}.npz"


def _keep(kept: Path, castings: np.ndarray, links: Sequence["Link"]) -> None:
    columns: dict[str, Any] = {name: np.array([getattr(link, name) for link in links]) for name in LINK}
    columns["map"] = np.array([link.map.ravel() for link in links], dtype=float).reshape(-1, 6)
    with files.replaced(kept) as file:
        np.savez_compressed(file, casting=castings, **columns)
