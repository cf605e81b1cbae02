"""How much a score proves: the castings behind it, and how many of them the model had seen before.

Photos of one casting are not independent, and a photo of a casting that the model has learned from is no test at all.
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from casting_core.domain import Checked, Label, Part
from casting_core.records.card import ModelCard
from casting_core.records.registry import LEARNED
from casting_core.workflows.stores import registry


class Independence(Checked):
    """The figures of all photos of a split, and apart those of castings seen before and of castings never seen.

    ``seen`` and ``never_seen`` are missing where it is not known what the model learned from.
    """

    whole: Part
    seen: Part | None = None
    never_seen: Part | None = None


def independence(table: pd.DataFrame, castings: "pd.Series[int]", learned: Collection[str] | None) -> Independence:
    """What stands behind the figures of a scored table with the columns ``photo``, ``label`` and ``predicted``.

    Args:
        table: the photos of a split.
        castings: the casting of each photo of the whole dataset, by its sha256.
        learned: the photos the model has learned from, as far as that is known.
    """
    of_photo = table["photo"].map(castings)
    here = castings.index.intersection(pd.Index(sorted(learned or ())))
    if here.empty:  # unknown, or learned elsewhere: whether these castings were among those cannot be told
        return Independence(whole=part(table, of_photo))
    seen = of_photo.isin(set(castings[here]))
    return Independence(
        whole=part(table, of_photo), seen=part(table[seen], of_photo), never_seen=part(table[~seen], of_photo)
    )


def learned_from(card: ModelCard) -> frozenset[str] | None:
    """The photos a version was trained or validated on; ``None`` where it does not say."""
    if LEARNED not in card.files:
        return None
    lines = registry().file(card.name, LEARNED).decode("ascii").splitlines()
    return frozenset(line.partition(",")[0] for line in lines[1:])


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
    )
