"""Many photos judged at once: each core reads, looks at and scores a few, and only so many are in memory."""

import logging
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import cv2

from casting_core.data.imaging.images import identity
from casting_core.domain import OperatingPoint
from casting_core.errors import PhotoError
from casting_core.judging.scoring import AT_ONCE
from casting_core.workflows.judging.batch.material import Item, Read
from casting_core.workflows.judging.batch.results import Judged
from casting_core.workflows.judging.inspect import Finding, judge_group, known_by_name
from casting_core.workflows.judging.model import Model
from casting_core.workflows.keeping import photos

AHEAD = 3  # groups of each core that are begun before the first of them is asked for

Numbered = tuple[int, Item]


def cores() -> int:
    """How many photos are judged at a time: as many as this process has cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def judge_all(items: Sequence[Numbered], read: Read, model: Model, point: OperatingPoint) -> Iterator[list[Judged]]:
    """What the model says of each file, a few at a time, in order; of a bad file it is the reason.

    ``model`` scores with one thread (``load_model``): here each core has photos of its own. So has OpenCV from now on,
    in this whole process.
    """
    cv2.setNumThreads(1)
    groups = (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
    with ThreadPoolExecutor(cores(), thread_name_prefix="judge") as pool:
        waiting: deque[Future[list[Judged]]] = deque()
        try:
            for group in groups:
                waiting.append(pool.submit(_judged, group, read, model, point))
                if len(waiting) > AHEAD * cores():
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()


def judge_whatever(contents: Sequence[bytes], model: Model, point: OperatingPoint) -> list[Finding]:
    """What the model says of the photos in each of these bytes, in order.

    Where one of them makes the program itself fail, it gets no verdict for that reason, and the log has the traceback:
    of thousands one must not keep the others waiting, nor end the watching of a folder again and again.
    """
    try:
        return judge_group(contents, model, point=point)
    except Exception as error:
        if len(contents) > 1:
            return [finding for one in contents for finding in judge_whatever([one], model, point)]
        logging.getLogger(__name__).exception("photo %s", identity(contents[0]))
        reason = f"the program failed on it, and must be mended: {type(error).__name__}: {error}"
        return [Finding(sha256=identity(contents[0]), reason=reason)]


def _judged(group: Sequence[Numbered], read: Read, model: Model, point: OperatingPoint) -> list[Judged]:
    contents: list[bytes] = []
    found: dict[int, Finding] = {}
    for number, item in group:
        try:
            if item.reason:
                raise PhotoError(item.reason)
            contents.append(read(item))
        except PhotoError as error:
            found[number] = Finding(sha256="", reason=str(error))
    judged = judge_whatever(contents, model, point)
    for content, finding in zip(contents, judged, strict=True):
        if finding.seen is not None:
            photos.keep(content, finding.verdict)
    said = iter(judged)
    for number, item in group:
        if number not in found:
            found[number] = known_by_name(next(said), item.path)
    return [Judged.of(number, item.name, found[number]) for number, item in group]
