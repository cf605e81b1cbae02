"""What a version is worth on a dataset: what was measured on these photos, and never the figure of others."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import STARTER
from casting_core.workflows.datasets.castings import casting_known, casting_of
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.judging.measuring.measure import measurement, usual_split
from casting_core.workflows.judging.scores import Score, proving, score_of, scores
from casting_core.workflows.moved import names_of_folder
from casting_core.workflows.operating_points import in_force, registered
from casting_core.workflows.stores import dataset_book

NOT_MEASURED = "not measured on your castings"


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What is known of a version on a dataset."""

    score: Score | None  # none: it was not measured on these photos as they are now
    own: bool  # whether it learned from this dataset, as it is or as it was

    @property
    def warning(self) -> str:
        """What to say beside every verdict on such parts; nothing where there is nothing to say."""
        if self.score is not None:
            return ""
        if self.own:
            return f"This model is {NOT_MEASURED} as they are now."
        return f"This model was not made for this part, and is {NOT_MEASURED}: nothing is known of its verdicts here."


def worth(card: ModelCard, dataset: Dataset, castings: "pd.Series[int] | None") -> Worth:
    """The figures of a version on the photos of a dataset as they are now; castings as far as they are known.

    A measurement counts first, then what the card says where it was made with these very photos and labels, and where
    the version still judges at the operating point that it was registered with.
    """
    same, split = card.data.fingerprint == dataset.fingerprint, usual_split(dataset)
    own = same or card.data.folder in names_of_folder(dataset.root)
    if castings is not None and (found := measurement(card, dataset, split, castings)) is not None:
        return Worth(score=score_of(split, found.figures), own=own)
    if same and in_force(card).limits == registered(card).limits:
        return Worth(score=proving(card) or scores(card)[0], own=own)
    return Worth(score=None, own=own)


class Fitness:
    """Whether a version was made for the parts in some photos, as far as this installation knows where those lie."""

    def __init__(self, card: ModelCard) -> None:
        self._card = card
        self._known: dict[str, str] = {}  # what is to be said of each dataset

    def warning(self, path: Path) -> str:
        """What to say beside the verdict on this photo; nothing where it fits, or where nobody can know."""
        place = path.absolute()
        if self._card.data.folder is not None and place.is_relative_to(self._card.data.folder):
            return ""
        named = next((one for one in dataset_book().all() if place.is_relative_to(one.folder)), None)
        if named is not None:
            if named.folder not in self._known:
                self._known[named.folder] = self._of(named)
            return self._known[named.folder]
        return Worth(score=None, own=False).warning if self._card.name == STARTER else ""

    def _of(self, named: NamedDataset) -> str:
        try:
            dataset = open_dataset(named.folder, rule=rule_of(named.rule))
            castings = casting_of(dataset) if casting_known(dataset) else None
            return worth(self._card, dataset, castings).warning
        except CastingError:
            return Worth(score=None, own=False).warning
