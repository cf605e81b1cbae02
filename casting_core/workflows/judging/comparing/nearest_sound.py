"""Which sound casting looks most like a photo, by what a version's embedding says, and how the two lie over each other.

A sound casting is one that is labelled ok and that the version passes, in all of its photos that are looked at.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.imaging.alignment import outline
from casting_core.domain import Label
from casting_core.workflows.judging.model import Model
from casting_core.workflows.stores import pixel_cache

MOST = 120  # photos of sound castings that are looked at: half a second
SURE = 0.5  # agreement of edges from which two photos lie on each other


@dataclass(frozen=True, kw_only=True, eq=False)
class SoundPhotos:
    """Photos of sound castings, and what a version's embedding says of them."""

    photos: pd.DataFrame  # of the dataset, n of them
    castings: NDArray[np.int64]  # (n,), -1 where that is not known
    embedding: NDArray[np.float32]  # (n, d), each of length 1


@dataclass(frozen=True, kw_only=True)
class Neighbour:
    """A photo of a sound casting, and where it lies in the photo that it is held against."""

    photo: str  # sha256
    path: str
    onto: tuple[float, ...]  # six numbers, row by row: from the one to the other, both 0..1 from left and top
    laid: bool  # whether edges agree; else it lies as it was photographed


def sound_photos(photos: pd.DataFrame, castings: "pd.Series[int] | None", model: Model) -> SoundPhotos:
    """Of photos of a dataset those of sound castings, one of each casting where castings are known."""
    known = photos["photo"].map(castings).fillna(-1).astype(int) if castings is not None else photos["label"] * 0 - 1
    here = photos.assign(casting=known.astype(int))
    here = here[here["label"] == Label.OK].drop_duplicates("photo")
    if castings is not None:
        mixed = photos.loc[photos["label"] == Label.DEFECTIVE, "photo"].map(castings)
        here = here[~here["casting"].isin(mixed)].drop_duplicates("casting")
    here = here.iloc[np.unique(np.linspace(0, max(len(here) - 1, 0), MOST).astype(int))] if len(here) > MOST else here
    if here.empty:
        return SoundPhotos(photos=here, castings=np.zeros(0, dtype=np.int64), embedding=np.zeros((0, 1), np.float32))
    answers = model.scorer.score(pixel_cache().take(list(here["photo"])))
    passed = (answers.score < model.point.threshold) & answers.found
    return SoundPhotos(
        photos=here[passed],
        castings=here.loc[passed, "casting"].to_numpy(dtype=np.int64),
        embedding=_of_length_one(answers.embedding[passed]),
    )


def nearest(photo: str, casting: int | None, embedding: NDArray[np.float32], among: SoundPhotos) -> Neighbour | None:
    """The sound photo of another casting whose embedding points most nearly where this one, (d,), does; perhaps none."""
    if among.photos.empty:
        return None
    likeness = among.embedding @ _of_length_one(embedding[np.newaxis])[0]
    itself = (among.photos["photo"] == photo).to_numpy()
    if casting is not None:
        itself |= among.castings == casting
    likeness = np.where(itself, -np.inf, likeness)
    if not np.isfinite(likeness.max()):
        return None
    row = among.photos.iloc[int(likeness.argmax())]
    onto, laid = _laid_over(str(row["photo"]), photo)
    return Neighbour(photo=str(row["photo"]), path=str(row["path"]), onto=onto, laid=laid)


def _laid_over(sound: str, photo: str) -> tuple[tuple[float, ...], bool]:
    """The map from the sound photo to the other, by their edges, and whether they agree."""
    still, over = (outline.find_edges(grey) for grey in pixel_cache().take([photo, sound]))
    found, agreement = outline.register(still, outline.reference(over))
    if agreement < SURE:
        return (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), False
    side = float(outline.SIDE)
    turn = found[:, :2]
    # Middles of pixels lie at whole numbers there, half a pixel from the edge.
    shift = (found[:, 2] + 0.5 - 0.5 * turn.sum(axis=1)) / side
    return tuple(float(one) for one in np.column_stack([turn, shift]).ravel()), True


def _of_length_one(embedding: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(embedding, axis=1, keepdims=True)
    return np.asarray(embedding / np.maximum(length, 1e-9), dtype=np.float32)
