"""What a version's embedding says of many photos, in a file for each version; photos are added, never worked out twice.

There are two: of the photos of datasets, as the network learned from them, and of kept photos, as verdicts saw them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core import files
from casting_core.domain import Progress
from casting_core.judging.scoring import Scores
from casting_core.records.card import ModelCard
from casting_core.records.version_files import GRAPH
from casting_core.settings import settings
from casting_core.workflows.judging.inspect import judge_group
from casting_core.workflows.judging.model import Model
from casting_core.workflows.keeping import photos as kept_photos
from casting_core.workflows.stores import pixel_cache

AT_ONCE = 64  # photos that are looked at before somebody may stop it
SAVED = 2048  # photos after which what was worked out is on the disk
NAMES = ("photo", "score", "embedding")


class Of(StrEnum):
    """Whose photos."""

    CASTINGS = "castings"  # of datasets
    VERDICTS = "verdicts"  # kept with verdicts


@dataclass(frozen=True, kw_only=True, eq=False)
class Index:
    """What a version says of n photos; of one that it cannot judge the score is no number, and the embedding is 0."""

    photo: NDArray[np.bytes_]  # (n,), sha256, in order
    score: NDArray[np.float32]  # (n,)
    embedding: NDArray[np.float32]  # (n, d), each of length 1

    def __len__(self) -> int:
        return len(self.photo)


Looked = tuple[float, NDArray[np.float32]]  # a score and an embedding of any length, (d,)


def read(card: ModelCard, of: Of) -> Index | None:
    """What is known of a version's photos; none where nothing is, or the file is damaged."""
    found = files.arrays_in(_place(card, of), NAMES)
    if found is None or not len(found["photo"]) == len(found["score"]) == len(found["embedding"]):
        return None
    return Index(photo=found["photo"], score=found["score"], embedding=found["embedding"])


def stamp(card: ModelCard, of: Of) -> tuple[int, int]:
    """Changes whenever there is more to read; zeros where there is nothing."""
    try:
        about = _place(card, of).stat()
    except OSError:
        return (0, 0)
    return (about.st_mtime_ns, about.st_size)


def missing(index: Index | None, wanted: Sequence[str]) -> list[str]:
    """Which of these photos are not in it, each once."""
    known = set() if index is None else set(index.photo.astype(str))
    return [photo for photo in dict.fromkeys(wanted) if photo not in known]


def grow(model: Model, of: Of, wanted: Sequence[str], *, report: Progress = lambda _done, _total: None) -> Index | None:
    """The index with all of these photos in it, which is on the disk now; ``report`` may raise to stop it.

    What was worked out by then stays. Kept photos that are gone are taken out.
    """
    index = read(model.card, of)
    if index is not None and of is Of.VERDICTS:
        index = _only(index, wanted)
    fresh, waiting = missing(index, wanted), dict[str, Looked]()
    look = _look_at_castings if of is Of.CASTINGS else _look_at_kept
    try:
        for start in range(0, len(fresh), AT_ONCE):
            report(start, len(fresh))
            waiting |= dict(look(fresh[start : start + AT_ONCE], model))
            if len(waiting) >= SAVED:
                index, waiting = _saved(model.card, of, index, waiting), {}
    finally:
        if waiting:
            index = _saved(model.card, of, index, waiting)
    report(len(fresh), max(len(fresh), 1))
    return index


def of_length_one(embedding: NDArray[np.float32]) -> NDArray[np.float32]:
    """Embeddings (n, d) or one (d,) at the same angles, each of length 1; nothing stays nothing."""
    length = np.linalg.norm(embedding, axis=-1, keepdims=True)
    return np.asarray(embedding / np.maximum(length, 1e-9), dtype=np.float32)


def _look_at_castings(some: Sequence[str], model: Model) -> Iterator[tuple[str, Looked]]:
    answers: Scores = model.scorer.score(pixel_cache(model.scorer.image_size).take(list(some)))
    for at, photo in enumerate(some):
        yield photo, (float(answers.score[at]), answers.embedding[at])


def _look_at_kept(some: Sequence[str], model: Model) -> Iterator[tuple[str, Looked]]:
    there = [(photo, content) for photo in some if (content := kept_photos.find(photo)) is not None]
    findings = judge_group([content for _, content in there], model)
    nothing = np.zeros(0, dtype=np.float32)
    told = {photo: finding for (photo, _), finding in zip(there, findings, strict=True)}
    for photo in some:
        finding = told.get(photo)
        if finding is None or finding.embedding is None or finding.score is None:
            yield photo, (float("nan"), nothing)
        else:
            yield photo, (finding.score, finding.embedding)


def _saved(card: ModelCard, of: Of, index: Index | None, more: dict[str, Looked]) -> Index:
    """The index with these photos, in the place of the one that was there."""
    long = max([len(one) for _, one in more.values()] + ([] if index is None else [index.embedding.shape[1]]))
    fresh = np.zeros((len(more), long), dtype=np.float32)
    for at, (_, one) in enumerate(more.values()):
        fresh[at, : len(one)] = of_length_one(one)
    photo = np.array(list(more), dtype="S64")
    score = np.array([score for score, _ in more.values()], dtype=np.float32)
    if index is not None:
        before = np.zeros((len(index), long), dtype=np.float32)
        before[:, : index.embedding.shape[1]] = index.embedding
        photo, score = np.concatenate([index.photo, photo]), np.concatenate([index.score, score])
        fresh = np.concatenate([before, fresh])
    order = np.argsort(photo)
    made = Index(photo=photo[order], score=score[order], embedding=fresh[order])
    with files.replaced(_place(card, of)) as file:
        np.savez(file, photo=made.photo, score=made.score, embedding=made.embedding)
    return made


def _only(index: Index, wanted: Sequence[str]) -> Index:
    there = np.isin(index.photo, np.array(list(wanted), dtype="S64"))
    return Index(photo=index.photo[there], score=index.score[there], embedding=index.embedding[there])


def _place(card: ModelCard, of: Of) -> Path:
    return settings().data_dir / "looks" / f"{card.files.get(GRAPH, card.name)[:32]}-{of}.npz"
