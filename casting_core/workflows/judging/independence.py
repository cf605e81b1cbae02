"""How much a score proves: the castings behind it, and which of them the model had seen or was chosen by.

Photos of one casting are not independent; a casting that the model has learned from is no test at all, and one that
chose its epoch or its calibration flatters it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from casting_core.domain import Checked, Label, Part
from casting_core.judging.bounds import kind_outcomes, outcomes


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Which castings of a dataset a version has learned from, and which chose something of it."""

    learned: frozenset[int]
    chose: frozenset[int]  # not learned from
    complete: bool  # whether the others are known to be new: everything learned from could be looked at


class Independence(Checked):
    """The figures of all photos of a split, and apart those of castings seen before, of choosing ones and of new ones.

    ``seen`` and ``chose`` are missing where it is not known what the model learned from, ``never_seen`` also where not
    all of that could be looked at.
    """

    whole: Part
    seen: Part | None = None
    chose: Part | None = None
    never_seen: Part | None = None


def independence(table: pd.DataFrame, castings: "pd.Series[int]", standing: Standing | None) -> Independence:
    """What stands behind the figures of a scored table with the columns ``photo``, ``label`` and ``predicted``.

    Args:
        table: the photos of a split.
        castings: the casting of each photo of the whole dataset, by its sha256.
        standing: what the model knows of those castings, as far as that is known.
    """
    of_photo = table["photo"].map(castings)
    whole = part(table, of_photo)
    if standing is None:
        return Independence(whole=whole)
    seen, chose = of_photo.isin(standing.learned), of_photo.isin(standing.chose)
    new = ~seen & ~chose
    return Independence(
        whole=whole,
        seen=part(table[seen], of_photo),
        chose=part(table[chose], of_photo),
        never_seen=part(table[new], of_photo) if standing.complete or not new.any() else None,
    )


def standing_of(
    castings: "pd.Series[int]", learned: Collection[str], chose: Collection[str], *, complete: bool = True
) -> Standing:
    """Which castings hold a photo learned from, or one that chose; learned from counts first."""
    seen = _castings_of(castings, learned)
    return Standing(learned=seen, chose=_castings_of(castings, chose) - seen, complete=complete)


def _castings_of(castings: "pd.Series[int]", photos: Collection[str]) -> frozenset[int]:
    return frozenset(castings[castings.index.intersection(pd.Index(sorted(photos)))].tolist())


def part(table: pd.DataFrame, of_photo: "pd.Series[int]") -> Part:
    """The figures of a table with the columns ``label`` and ``predicted``; castings by the same index."""
    truth, predicted = table["label"].to_numpy(dtype=int), table["predicted"].to_numpy(dtype=int)
    missed = (truth == Label.DEFECTIVE) & (predicted == Label.OK)
    castings = of_photo.loc[table.index]
    return Part(
        photos=len(table),
        castings=int(castings.nunique()),
        accuracy=float(np.mean(truth == predicted)) if len(table) else None,
        missed=int(missed.sum()),
        missed_castings=int(castings[missed].nunique()),
        false_alarms=int(((truth == Label.OK) & (predicted == Label.DEFECTIVE)).sum()),
        outcomes=outcomes(truth, predicted, castings.to_numpy()),
        **_kinds(table[truth == Label.DEFECTIVE], castings),
    )


def _kinds(defective: pd.DataFrame, castings: "pd.Series[int]") -> dict[str, Any]:
    """What became of each kind of defect, where the kind of some photo is known."""
    if "kind" not in defective or not (defective["kind"] != "").any():
        return {}
    suggested = defective["kind_suggested"].tolist() if "kind_suggested" in defective else [""]
    found = kind_outcomes(
        defective["kind"].tolist(),
        defective["predicted"].to_numpy(dtype=int),
        castings.loc[defective.index].to_numpy(),
        suggested if any(suggested) else None,
    )
    return {"kinds": found}
