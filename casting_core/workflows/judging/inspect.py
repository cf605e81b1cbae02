"""From the bytes of one photo to a verdict, or to the reason why there is none."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.folders import photos_to_judge
from casting_core.data.datasets.reading.listing import foreign_format
from casting_core.data.imaging import images
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.part import FoundPart
from casting_core.domain import OperatingPoint, Verdict
from casting_core.errors import NOT_UNICODE, PhotoError
from casting_core.judging.explanation import strongest_place
from casting_core.judging.gating import gate
from casting_core.judging.gating.window import Window
from casting_core.judging.scoring import Scores
from casting_core.settings import settings
from casting_core.wording import is_unicode
from casting_core.workflows.judging.model import Model

NOT_FOUND = (
    "the part was not found as the model knows it, so a person must look at it; lay it flat in the middle, and move "
    "other things away"
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a model says of one photo.

    Without a verdict there is a ``reason``; a photo that was read but may not be judged then still has ``seen``. Where
    the part was not found, the verdict is ``INSPECT``, with a reason and without a score: it must not pass.
    """

    sha256: str
    score: float | None = None
    verdict: Verdict | None = None
    reason: str = ""
    seen: Grey | None = None  # the photo as the network saw it, (image_size, image_size)
    window: Window | None = None  # of the photo as taken, upright, that ``seen`` shows
    evidence: NDArray[np.float32] | None = None  # (rows, columns)
    place: tuple[float, float] | None = None  # (x, y) of the most evidence, in pixels of the photo as taken, upright
    kind: str = ""  # of defect, that what does not pass most probably shows; empty where the model knows none
    kind_probability: float | None = None  # that it is of this kind, if it is defective and of one that the model knows
    note: str = ""  # what a person should know of how the photo was read and looked at
    embedding: NDArray[np.float32] | None = None  # (d,), by which its look-alikes are found


def judge_group(contents: Sequence[bytes], model: Model, *, point: OperatingPoint | None = None) -> list[Finding]:
    """What ``judge`` says of the photos in each of these bytes, in order; those that may be judged are scored together.

    A few at a time: all of them are in memory.
    """
    looked = [_looked(content, model) for content in contents]
    found = [one for one, _ in looked]
    judged = {at: part for at, (one, part) in enumerate(looked) if not one.reason and part is not None}
    if judged:
        answers = model.scorer.score_found(list(judged.values()))
        for place, at in enumerate(judged):
            found[at] = _said(found[at], answers, place, model, point or model.point)
    return found


def judge(content: bytes, model: Model, *, point: OperatingPoint | None = None) -> Finding:
    """What the model says of the photo in these bytes; it never raises for a bad photo, it gives the reason."""
    return judge_group([content], model, point=point)[0]


def _looked(content: bytes, model: Model) -> tuple[Finding, FoundPart | None]:
    """The photo as it may be judged, the part in it, and no verdict as yet; with a reason where it may not be."""
    try:
        photo = images.decode(content)
    except PhotoError as error:
        return Finding(sha256=images.identity(content), reason=str(error)), None
    looked = gate.look(photo.grey, model.card.image_size, model.gate)
    note = "; ".join(filter(None, (photo.note, looked.note)))
    reason = f"Retake: {looked.reason}" if looked.reason else ""
    finding = Finding(sha256=photo.sha256, reason=reason, seen=looked.seen, window=looked.window, note=note)
    return finding, looked.part


def _said(looked: Finding, answers: Scores, place: int, model: Model, point: OperatingPoint) -> Finding:
    """The same with what the network says of it, which stands at this place among its answers."""
    if not answers.found[place]:
        return replace(looked, verdict=Verdict.INSPECT, reason=NOT_FOUND)
    score, evidence = float(answers.score[place]), answers.evidence[place]
    said = replace(
        looked,
        score=score,
        verdict=point.verdict(score),
        evidence=evidence,
        embedding=answers.embedding[place].copy(),  # a view would keep those of the whole group
    )
    if looked.window is not None:
        middle = strongest_place(evidence, model.grid)
        said = replace(said, place=looked.window.place(*middle, model.card.image_size))
    if said.verdict is Verdict.PASS or model.kinds is None:
        return said
    (kind,), (sure,) = model.kinds.suggest(answers.embedding[place : place + 1])
    return replace(said, kind=kind, kind_probability=float(sure))


def predict(
    paths: list[Path],
    model: Model,
    *,
    point: OperatingPoint | None = None,
    notice: Callable[[str], None] = lambda _sentence: None,
) -> Iterator[tuple[Path, Finding]]:
    """What the model says of each file; folders stand for all in them that looks like a photo.

    What can be read is judged first, then comes what cannot, with the reason. ``notice`` hears of all other files.
    """
    for path in paths:
        if not is_unicode(str(path)) or not _is_folder(path):
            yield path, _judge_file(path, model, point)
            continue
        found = photos_to_judge(path)
        for one in found.photos:
            yield path / one, _judge_file(path / one, model, point)
        for one, reason in found.unread:
            yield path / one, Finding(sha256="", reason=reason)
        for sentence in found.notes:
            notice(sentence)


def _judge_file(path: Path, model: Model, point: OperatingPoint | None) -> Finding:
    try:
        content = read_file(path)
    except PhotoError as error:
        return Finding(sha256="", reason=str(error))
    return known_by_name(judge(content, model, point=point), path.name)


def read_file(path: Path, *, links: bool = True) -> bytes:
    """The bytes of a file that may be a photo; ``PhotoError`` where it is none, too large, or cannot be opened.

    Without ``links`` a link is not opened, wherever it leads to.
    """
    if not is_unicode(str(path)):
        raise PhotoError(NOT_UNICODE)
    try:
        about = path.stat(follow_symlinks=links)
        if not stat.S_ISREG(about.st_mode):  # reading it could wait for ever
            raise PhotoError("it is a pipe, a socket or a device, not a file")
        if about.st_size > settings().max_photo_bytes:
            raise PhotoError(images.too_large())
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | (0 if links else getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(os.open(path, flags), "rb") as file:
            return file.read(settings().max_photo_bytes + 1)
    except OSError as error:
        raise PhotoError(f"the file cannot be opened: {error.strerror or error}") from error


def known_by_name(finding: Finding, name: str) -> Finding:
    """The same finding; of bytes that could not be read, with what the name of their file says of its format."""
    if finding.seen is None and (reason := foreign_format(name)):
        return replace(finding, reason=reason)
    return finding


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long to be one; reading it will say so
        return False
