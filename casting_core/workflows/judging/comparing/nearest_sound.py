"""Which sound casting looks most like a photo, by what a version's embedding says, and how the two lie over each other.

A sound casting is one that is labelled ok and that the version passes, in all of its photos that are looked at.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.imaging.alignment import outline
from casting_core.data.imaging.images import Grey
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


Looks = dict[str, tuple[bool, NDArray[np.float32]]]  # whether a version passes a photo, and its embedding, by sha256


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Where a photo lies in another one."""

    onto: tuple[float, ...]  # six numbers, row by row: from the one to the other, both 0..1 from left and top
    agrees: bool  # whether their edges agree; else it lies as it was photographed


def sound_photos(photos: pd.DataFrame, castings: "pd.Series[int] | None", model: Model, known: Looks) -> SoundPhotos:
    """Of photos of a dataset those of sound castings, one of each casting where castings are known.

    ``known`` is what the version said of photos so far; it grows by those it is asked about.
    """
    here = _candidates(photos, castings)
    fresh = [photo for photo in here["photo"] if photo not in known]
    if fresh:
        answers = model.scorer.score(pixel_cache(model.scorer.image_size).take(fresh))
        passed = (answers.score < model.point.threshold) & answers.found
        looks = _of_length_one(answers.embedding)
        known |= {photo: (bool(sound), one) for photo, sound, one in zip(fresh, passed, looks, strict=True)}
    here = here[np.array([known[photo][0] for photo in here["photo"]], dtype=bool)]
    looks = np.array([known[photo][1] for photo in here["photo"]], dtype=np.float32)
    return SoundPhotos(photos=here, castings=here["casting"].to_numpy(dtype=np.int64), embedding=looks)


def _candidates(photos: pd.DataFrame, castings: "pd.Series[int] | None") -> pd.DataFrame:
    """Photos labelled ok, of castings of which none is labelled defective; at most ``MOST``, from all over."""
    here = photos[photos["label"] == Label.OK].drop_duplicates("photo")
    if castings is None:
        here = here.assign(casting=-1)
    else:
        defective = photos.loc[photos["label"] == Label.DEFECTIVE, "photo"].map(castings)
        here = here.assign(casting=here["photo"].map(castings).fillna(-1).astype(int))
        here = here[~here["casting"].isin(defective)].drop_duplicates("casting")
    if len(here) <= MOST:
        return here
    return here.iloc[np.linspace(0, len(here) - 1, MOST).astype(int)]


def nearest(photo: str, casting: int | None, embedding: NDArray[np.float32], among: SoundPhotos) -> str | None:
    """The sound photo of another casting with the embedding most like this one, (d,); none where there is none."""
    others = (among.photos["photo"] != photo).to_numpy() & ((among.castings == -1) | (among.castings != casting))
    if not others.any():
        return None
    likeness = np.where(others, among.embedding @ _of_length_one(embedding[np.newaxis])[0], -np.inf)
    return str(among.photos["photo"].iloc[int(likeness.argmax())])


def laid_over(sound: str, photo: str) -> Laid:
    """Where a sound photo lies in another one, both by their sha256."""
    still, over = pixel_cache().take([photo, sound])
    return laid(over, still)


def laid(over: Grey, still: Grey) -> Laid:
    """Where one photo lies in another one, by the edges of both."""
    there, here = outline.find_edges(still), outline.find_edges(over)
    found, agreement = outline.register(there, outline.reference(here))
    if agreement < SURE:
        return Laid(onto=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0), agrees=False)
    turn = found[:, :2]
    # Middles of pixels lie at whole numbers there, half a pixel from the edge.
    shift = (found[:, 2] + 0.5 - 0.5 * turn.sum(axis=1)) / outline.SIDE
    return Laid(onto=tuple(float(one) for one in np.column_stack([turn, shift]).ravel()), agrees=True)


def _of_length_one(embedding: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(embedding, axis=1, keepdims=True)
    return np.asarray(embedding / np.maximum(length, 1e-9), dtype=np.float32)
