"""The scores that a version's cross-validation left behind: each photo's by a network that had not seen its casting."""

import io

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import ModelError
from casting_core.records.card import ModelCard
from casting_core.records.version_files import OUT_OF_FOLD
from casting_core.workflows.judging.evaluate import SCORED
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.stores import registry


def known(card: ModelCard, dataset: Dataset) -> bool:
    """Whether this version was cross-validated on this dataset."""
    return OUT_OF_FOLD in card.files and card.data.folder in names_of_folder(dataset.root)


def table(card: ModelCard, dataset: Dataset) -> pd.DataFrame:
    """The usable photos of a dataset that were judged out of fold, with the columns ``score``, ``found`` and ``fold``.

    Labels are those of now. Raises ``ModelError`` where the version has no such scores, or its file is damaged.
    """
    content = registry().file(card.name, OUT_OF_FOLD)
    try:
        scores = pd.read_csv(io.BytesIO(content), dtype={"photo": str, "fold": int, "score": float, "found": bool})
        return dataset.usable.merge(scores[["photo", "fold", *SCORED]], on="photo", how="inner")
    except (ValueError, KeyError) as error:
        raise ModelError(f"model {card.name!r} is damaged: its scores out of fold cannot be read") from error
