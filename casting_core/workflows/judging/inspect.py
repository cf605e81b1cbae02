"""From the bytes of one photo to a verdict, or to the reason why there is none."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from casting_core.data.datasets.folders import photos_to_judge
from casting_core.data.datasets.reading.listing import foreign_format
from casting_core.data.imaging import images
from casting_core.data.imaging.images import Grey, Photo
from casting_core.domain import OperatingPoint, Verdict
from casting_core.errors import NOT_UNICODE, PhotoError
from casting_core.judging.gating import gate
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
    evidence: NDArray[np.float32] | None = None  # (rows, columns)
    kind: str = ""  # of defect, that what does not pass most probably shows; empty where the model knows none
    kind_probability: float | None = None  # that it is of this kind, if it is defective and of one that the model knows
    note: str = ""  # what a person should know of how the photo was read and looked at


def judge(content: bytes, model: Model, *, point: OperatingPoint | None = None) -> Finding:
    """What the model says of the photo in these bytes; it never raises for a bad photo, it gives the reason."""
    try:
        photo = images.decode(content)
    except PhotoError as error:
        return Finding(sha256=images.identity(content), reason=str(error))
    return _judge_photo(photo, model, point or model.point)


def _judge_photo(photo: Photo, model: Model, point: OperatingPoint) -> Finding:
    looked = gate.look(photo.grey, model.card.image_size, model.gate)
    seen, note = looked.seen, "; ".join(filter(None, (photo.note, looked.note)))
    if looked.reason:
        return Finding(sha256=photo.sha256, reason=f"Retake: {looked.reason}", seen=seen, note=note)
    answers = model.scorer.score(seen[np.newaxis])
    if not answers.found[0]:
        return Finding(sha256=photo.sha256, verdict=Verdict.INSPECT, reason=NOT_FOUND, seen=seen, note=note)
    score, evidence = float(answers.score[0]), answers.evidence[0]
    said = Finding(
        sha256=photo.sha256, score=score, verdict=point.verdict(score), seen=seen, evidence=evidence, note=note
    )
    if said.verdict is Verdict.PASS or model.kinds is None:
        return said
    (kind,), (sure,) = model.kinds.suggest(answers.embedding)
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
        if not is_unicode(str(path)):
            raise PhotoError(NOT_UNICODE)
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # reading it could wait for ever
            raise PhotoError("it is a pipe, a socket or a device, not a file")
        if about.st_size > settings().max_photo_bytes:
            raise PhotoError(images.too_large())
        finding = judge(path.read_bytes(), model, point=point)
    except OSError as error:
        return Finding(sha256="", reason=f"the file cannot be opened: {error.strerror or error}")
    except PhotoError as error:
        return Finding(sha256="", reason=str(error))
    if finding.seen is None and (reason := foreign_format(path.name)):
        return replace(finding, reason=reason)
    return finding


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long to be one; reading it will say so
        return False
