"""A validation folder of a person's own: a training validates on exactly its photos, and learns from all of train."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.datasets.columns import Column
from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.splits import own_validation
from casting_core.domain import Label, Split
from casting_core.wording import count, verb


@dataclass(frozen=True, kw_only=True, eq=False)
class ToLearn:
    """The photos that a training is given, those to learn from first."""

    photos: pd.DataFrame  # rows of the dataset's table
    validation: NDArray[np.bool_] | None = None  # which of them to validate on; none where they are drawn by the recipe
    unused: str = ""  # why the photos of a validation folder are not used, as a sentence

    @property
    def train(self) -> pd.DataFrame:
        """The photos to learn from; where the recipe draws those for validation, these are among them."""
        return self.photos if self.validation is None else self.photos[~self.validation]

    @property
    def validated_on(self) -> int:
        """How many photos of the person's own validation folder are used."""
        return 0 if self.validation is None else int(self.validation.sum())

    @property
    def in_words(self) -> str:
        """What becomes of the validation folder, as a sentence; empty where there is none."""
        if not self.validated_on:
            return self.unused
        own, learned = count(self.validated_on, "photo"), count(len(self.train), "photo")
        words = f"the {own} of the validation folder {verb(self.validated_on, 'are')} used for validation"
        return f"{words}, and all {learned} of train to learn from"

    def on_both_sides(self, castings: "pd.Series[int]") -> int:
        """How many castings have photos to learn from and photos in the validation folder."""
        if self.validation is None:
            return 0
        of_photo = self.photos[Column.PHOTO].map(castings)
        return len(set(of_photo[~self.validation]) & set(of_photo[self.validation]))


def to_learn(dataset: Dataset) -> ToLearn:
    """What a training on this dataset, with the split that was chosen, learns from and validates on.

    Raises ``DatasetError`` where there is nothing to learn from. A validation folder with photos of one class only
    cannot be used, for nothing could be said of the other class.
    """
    if not {Split.TRAIN, Split.VALIDATION} <= set(dataset.splits):
        return ToLearn(photos=dataset.to_train)
    learned, own = dataset.to_train, dataset.part(Split.VALIDATION)
    if not own_validation(dataset.usable):
        word = Label(own[Column.LABEL].iloc[0]).word
        unused = (
            f"the validation folder holds {word} photos only ({len(own):,}), so it is not used: photos of both classes "
            "are drawn out of train instead"
        )
        return ToLearn(photos=learned, unused=unused)
    sides = np.arange(len(learned) + len(own)) >= len(learned)
    return ToLearn(photos=pd.concat([learned, own]), validation=sides)


def in_both(castings: int) -> str:
    """What castings with photos in train and in validation mean, as a sentence; empty for none."""
    if not castings:
        return ""
    return (
        f"{count(castings, 'casting')} {verb(castings, 'have')} photos in both train and validation, so the score on "
        "validation flatters the network; a split by casting keeps every part on one side"
    )
