"""The castings that look most like a photo, one of each label; and the kept photos that look most like it."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.workflows.judging.lookalikes.index import Index, of_length_one

UNKNOWN = -1  # casting of a photo where nobody has worked it out


@dataclass(frozen=True, kw_only=True, eq=False)
class Castings:
    """Photos of a dataset that an index knows, n of them."""

    photo: list[str]  # sha256
    label: NDArray[np.int64]  # (n,)
    casting: NDArray[np.int64]  # (n,), ``UNKNOWN`` where that is not known
    score: NDArray[np.float32]  # (n,)
    embedding: NDArray[np.float32]  # (n, d), each of length 1

    def __len__(self) -> int:
        return len(self.photo)


@dataclass(frozen=True, kw_only=True)
class LookAlike:
    """A photo that looks like another one."""

    photo: str  # sha256
    label: Label | None  # none of a kept photo
    score: float
    likeness: float  # cosine of the angle between both embeddings, 1 where they are the same


def castings_of(index: Index, photos: pd.DataFrame, castings: "pd.Series[int] | None") -> Castings:
    """Of photos of a dataset, those that the index knows, with what people say of them now."""
    here = photos.drop_duplicates("photo")
    rows = np.searchsorted(index.photo, here["photo"].to_numpy(dtype="S64"))
    rows = np.minimum(rows, max(len(index) - 1, 0))
    known = (index.photo[rows] == here["photo"].to_numpy(dtype="S64")) if len(index) else np.zeros(len(here), bool)
    here, rows = here[known], rows[known]
    number = here["photo"].map(castings).fillna(UNKNOWN) if castings is not None else pd.Series(UNKNOWN, here.index)
    return Castings(
        photo=[str(photo) for photo in here["photo"]],
        label=here["label"].to_numpy(dtype=np.int64),
        casting=np.asarray(number, dtype=np.int64),
        score=index.score[rows],
        embedding=index.embedding[rows],
    )


def nearest(photo: str, embedding: NDArray[np.float32], among: Castings) -> dict[Label, LookAlike]:
    """The casting of each label that looks most like this photo, (d,), and is not this very casting.

    A label is missing where there is no other casting of it.
    """
    if not len(among):
        return {}
    likeness = among.embedding @ of_length_one(embedding)
    likeness[_same(photo, among)] = -np.inf
    found: dict[Label, LookAlike] = {}
    for label in Label:
        told = np.where(among.label == label, likeness, -np.inf)
        best = int(told.argmax())
        if np.isfinite(told[best]):
            found[label] = _look_alike(among.photo[best], label, among.score[best], told[best])
    return found


def most_alike(photo: str, embedding: NDArray[np.float32], index: Index, *, most: int) -> list[LookAlike]:
    """The photos of an index that look most like this one, (d,), the nearest first; not the very same photo."""
    if not len(index):
        return []
    likeness = index.embedding @ of_length_one(embedding)
    likeness[(index.photo == photo.encode()) | np.isnan(index.score)] = -np.inf
    order = np.argsort(-likeness, kind="stable")[:most]
    return [
        _look_alike(index.photo[at].decode(), None, index.score[at], likeness[at])
        for at in order
        if np.isfinite(likeness[at])
    ]


def _same(photo: str, among: Castings) -> NDArray[np.bool_]:
    """Where it is the photo itself, or another one of its casting."""
    itself = np.array([one == photo for one in among.photo], dtype=bool)
    castings = among.casting[itself & (among.casting != UNKNOWN)]
    return np.asarray(itself | np.isin(among.casting, castings))


def _look_alike(photo: str, label: Label | None, score: np.float32, likeness: np.float32) -> LookAlike:
    return LookAlike(photo=photo, label=label, score=float(score), likeness=min(1.0, float(likeness)))
