"""What a version said of each photo of a batch, line by line in a file that only grows.

A process that is killed leaves a last line that is cut off; it is dropped, and its photo judged again.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from casting_core.data.imaging.measures import brightness
from casting_core.domain import Verdict
from casting_core.errors import LedgerError, written
from casting_core.records.chain import canonical, root
from casting_core.wording import count, printable
from casting_core.workflows.judging.inspect import Finding

FLUSHED = 512  # photos after which the file is brought to the disk, whatever becomes of the machine


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What was said of one photo."""

    number: int  # of the photo in its batch, from 0
    path: str  # as its source calls it
    sha256: str  # of its bytes; empty where it could not be read at all
    score: float | None  # none where there was no verdict, or the part was not found
    verdict: Verdict | None  # none where it may not be judged, or is no photo
    reason: str  # why there is none, or why a person must look
    kind: str  # of defect, that is suggested
    note: str  # what a person should know of how it was read
    light: float | None = None  # mean grey level of the photo as the network saw it; older batches do not say

    @property
    def bad(self) -> bool:
        """Whether it is no photo that can be read, so that no camera but a file is to be looked at."""
        return self.verdict is None and not self.retake

    @property
    def retake(self) -> bool:
        """Whether it was read, and may not be judged: the part has to be photographed anew."""
        return self.verdict is None and self.reason.startswith("Retake: ")

    @classmethod
    def of(cls, number: int, path: str, finding: Finding) -> "Judged":
        """A finding as it is kept, without its pictures."""
        names = ("sha256", "score", "verdict", "reason", "kind", "note")
        light = None if finding.seen is None else round(brightness(finding.seen), 2)
        return cls(number=number, path=path, light=light, **{name: getattr(finding, name) for name in names})

    @property
    def values(self) -> dict[str, Any]:
        """As it is written and hashed: what older batches do not say they do not say as they did then."""
        told = asdict(self)
        return told if self.light is not None else {name: one for name, one in told.items() if name != "light"}


class Results:
    """The file of a batch that goes on; ``done`` are the numbers of the photos judged already."""

    def __init__(self, file: BinaryIO, done: set[int]) -> None:
        self._file, self.done = file, done
        self._fresh = 0

    def add(self, judged: Iterable[Judged]) -> None:
        """Writes some down; none is written twice."""
        new = [one for one in judged if one.number not in self.done]
        self._file.write(b"".join(_line(one) for one in new))
        self._file.flush()  # to the system: a process that is killed loses nothing of it
        self.done |= {one.number for one in new}
        self._fresh += len(new)
        if self._fresh >= FLUSHED:
            os.fsync(self._file.fileno())
            self._fresh = 0


@contextmanager
def going_on(path: Path) -> Iterator[Results]:
    """The results of a batch, to be added to; what was cut off by the end of a process is dropped first.

    Raises ``CastingError`` where the disk is full or forbids it.
    """
    with written(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            file.seek(0)
            done, whole = _whole(file)
            file.truncate(whole)
            file.seek(whole)
            yield Results(file, done)
            file.flush()
            os.fsync(file.fileno())


def so_far(path: Path) -> list[Judged]:
    """What is written down of a batch, in the order of its photos; nothing where it was never begun."""
    try:
        with path.open("rb") as file:
            return sorted(_readable(file), key=lambda one: one.number)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LedgerError(f"the results cannot be read: {error.strerror or error}") from error


def finished(path: Path, photos: int) -> list[Judged]:
    """The results of a batch of so many photos; ``LedgerError`` where one is missing, there twice, or unreadable."""
    found = so_far(path)
    with written(path.parent):
        lines = path.read_bytes().count(b"\n") if path.exists() else 0
    if lines != len(found):
        raise LedgerError(f"line {len(found) + 1} of the results is not as it was written")
    for number, one in enumerate(found):
        if one.number != number:
            raise LedgerError(f"the results are not as they were written: photo {number} is missing, or there twice")
    if len(found) != photos:
        raise LedgerError(f"the results hold {count(len(found), 'photo')}, and {photos:,} were judged")
    return found


def root_of(judged: Sequence[Judged]) -> str:
    """One hash for all of them, as the ledger keeps it."""
    return root(one.values for one in judged)


def unlikely(judged: Sequence[Judged], threshold: float, upper: float | None) -> str:
    """The first photo whose verdict is not what its score says at these thresholds, in words; nothing if all are."""
    for one in judged:
        right = (
            one.verdict is Verdict.INSPECT
            if one.score is None
            else one.verdict is _verdict(one.score, threshold, upper)
        )
        if one.verdict is not None and not right:
            return f"photo {one.number} ({printable(one.path)[-80:]!r}) has a verdict that its score does not give"
    return ""


def _verdict(score: float, threshold: float, upper: float | None) -> Verdict:
    if score < threshold:
        return Verdict.PASS
    return Verdict.INSPECT if upper is not None and score < upper else Verdict.REJECT


def _line(one: Judged) -> bytes:
    return canonical(one.values).encode("ascii") + b"\n"


def _readable(file: BinaryIO) -> Iterator[Judged]:
    """The lines from the first to the last that can be read."""
    for line in file:
        one = _read(line)
        if one is None:
            return
        yield one


def _whole(file: BinaryIO) -> tuple[set[int], int]:
    """The numbers of the photos in the whole lines at the beginning, and how many bytes these are."""
    done, size = set[int](), 0
    for line in file:
        one = _read(line)
        if one is None:
            break
        done.add(one.number)
        size += len(line)
    return done, size


def _read(line: bytes) -> Judged | None:
    """One line; none where it is cut off or damaged."""
    if not line.endswith(b"\n"):
        return None
    try:
        told: dict[str, Any] = json.loads(line)
        verdict = None if told["verdict"] is None else Verdict(told["verdict"])
        return Judged(**told | {"verdict": verdict, "number": int(told["number"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
