"""A folder whose photos are judged as they come: looked at again and again, each photo judged and recorded once.

A file is judged when nobody has written to it for a while, and it can be read to its end. What was judged is remembered
by path, size and time of change, and by the photo itself: neither a copy of it nor the same file after a kill is judged
again. Links are never followed.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from casting_core.data.datasets.reading.listing import files_in, foreign_format, is_system, looks_like_photo
from casting_core.data.imaging.images import identity
from casting_core.domain import Verdict
from casting_core.errors import CastingError, DatasetError, PhotoError
from casting_core.wording import readable
from casting_core.workflows.judging import recorded
from casting_core.workflows.judging.batch.batch import judge_whatever
from casting_core.workflows.judging.batch.watched import FOLDERS, Memory, Seen, Stamp, mark_of, move, remembered
from casting_core.workflows.judging.inspect import Finding, known_by_name, read_file
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.shadow.beside import Beside

EVERY = 2.0  # seconds between two looks at the folder
STILL = 2.0  # seconds without a change, after which a file is looked into
PATIENCE = 30.0  # seconds without a change, after which a file that cannot be read to its end is a bad one


@dataclass(frozen=True, kw_only=True)
class Watching:
    """How a folder is watched."""

    folder: Path
    model: Model
    move: bool = False  # judged files, to the folders of ``FOLDERS`` below it
    every: float = EVERY  # seconds between two looks
    still: float = STILL
    patience: float = PATIENCE
    actor: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told of one file."""

    path: str  # within the folder, as text
    seen: Seen
    again: bool = False  # the photo had been judged before, under another name
    moved: str = ""  # where it lies now
    trouble: str = ""  # why it could not be moved


def watch(
    watching: Watching,
    *,
    should_stop: Callable[[], bool],
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    notice: Callable[[str], None] = lambda _sentence: None,
) -> Iterator[Told]:
    """Tells of each file once it is judged, until ``should_stop`` says so; ``notice`` hears of trouble.

    Raises ``DatasetError`` where there is no such folder, ``JobError`` where another process watches it.
    """
    if not watching.folder.is_dir():
        raise DatasetError(f"there is no folder {readable(str(watching.folder))!r}")
    with remembered(watching.folder) as memory:
        folder = _Folder(watching, memory, clock, notice)
        while not should_stop():
            for path, stamp in folder.ready():
                if should_stop():
                    return
                if (told := folder.deal_with(path, stamp)) is not None:
                    yield told
            until = clock() + watching.every
            while not should_stop() and (left := until - clock()) > 0:
                sleep(min(left, 0.2))


class _Folder:
    """The folder as it was seen so far."""

    def __init__(
        self, watching: Watching, memory: Memory, clock: Callable[[], float], notice: Callable[[str], None]
    ) -> None:
        self._watching, self._memory, self._clock, self._notice = watching, memory, clock, notice
        self._beside = Beside(watching.model, actor=watching.actor)
        self._since: dict[str, tuple[Stamp, float]] = {}  # files that are not judged yet: since when they stand still
        self._said = set[str]()
        self._stuck = set[tuple[str, Stamp]]()  # judged files that could not be moved

    def ready(self) -> list[tuple[str, Stamp]]:
        """The files that are not judged yet and stand still, or are judged and still to be moved; by their paths."""
        now, waiting, found = self._clock(), dict[str, tuple[Stamp, float]](), []
        for path, stamp in self._files():
            if self._memory.of_file(path, stamp) is not None:
                if self._watching.move and (path, stamp) not in self._stuck:
                    found.append((path, stamp))
                continue
            before, since = self._since.get(path, (stamp, now))
            waiting[path] = (stamp, since if before == stamp else now)
            if now - waiting[path][1] >= self._watching.still:
                found.append((path, stamp))
        self._since = waiting
        return found

    def deal_with(self, path: str, stamp: Stamp) -> Told | None:
        """Judges a file, writes it down and moves it; nothing where it is not all there yet, or has gone."""
        known, again = self._memory.of_file(path, stamp), False
        try:
            if known is not None and self._is_still(path, known):
                return self._moved(path, known, told=False)
            found = self._judged(path, stamp)
            if found is None:
                return None
            known, again = found
            self._memory.keep(known)
        except CastingError as error:  # the database is locked, or the disk is full: it is tried again
            self._say(f"{readable(path)!r} is not on record yet: {error}")
            return None
        self._since.pop(path, None)
        return self._moved(path, known, told=True, again=again)

    def _is_still(self, path: str, known: Seen) -> bool:
        """Whether the file is the photo that was judged: a camera may count anew, and what is moved must be right."""
        with suppress(PhotoError):
            return identity(read_file(self._watching.folder / path, links=False)) == known.sha256
        return not known.sha256

    def _judged(self, path: str, stamp: Stamp) -> tuple[Seen, bool] | None:
        """What is said of it, now on record, and whether the photo was judged before; none where it has to wait."""
        finding, content = self._finding(path)
        if _stamp(self._watching.folder / path) != stamp:
            return None  # it was written to meanwhile, or is gone
        if finding.seen is None and not self._waited(path):
            return None  # it may be half written, by somebody who is slow
        known = self._memory.of_photo(finding.sha256) if finding.sha256 else None
        if known is None:
            recorded.record_once(
                finding,
                self._watching.model,
                content=content,
                file=readable(path),
                actor=self._watching.actor,
                where=self._where(path, stamp),
            )
            if content is not None and finding.seen is not None:
                self._beside.judge(content, finding, file=readable(path))
        seen = Seen(
            path=path,
            size=stamp.size,
            changed=stamp.changed,
            sha256=finding.sha256,
            verdict=known.verdict if known else finding.verdict,
            score=known.score if known else finding.score,
            reason=known.reason if known else finding.reason,
        )
        return seen, known is not None

    def _finding(self, path: str) -> tuple[Finding, bytes | None]:
        """What is said of a file, and what is in it; none where it could not be read."""
        try:
            content = read_file(self._watching.folder / path, links=False)
        except PhotoError as error:
            return Finding(sha256="", reason=str(error)), None
        (finding,) = judge_whatever([content], self._watching.model, self._watching.model.point)
        return known_by_name(finding, path), content

    def _waited(self, path: str) -> bool:
        since = self._since.get(path)
        return since is not None and self._clock() - since[1] >= self._watching.patience

    def _where(self, path: str, stamp: Stamp) -> str:
        return f"{mark_of(self._watching.folder)} {readable(path)} {stamp.size} {stamp.changed}"

    def _moved(self, path: str, seen: Seen, *, told: bool, again: bool = False) -> Told | None:
        moved = trouble = ""
        if self._watching.move:
            try:
                moved = readable(move(self._watching.folder, path, seen.verdict))
            except DatasetError as error:
                trouble = str(error)
                self._stuck.add((path, seen.stamp))
        if not told and not trouble:
            return None  # it was told of before its watching was ended
        return Told(path=readable(path), seen=seen, again=again, moved=moved, trouble=trouble)

    def _files(self) -> Iterator[tuple[str, Stamp]]:
        """All files that are called photos, but for those that were moved, with how they are now."""
        root = self._watching.folder
        if not root.is_dir():
            self._say(f"the folder {readable(str(root))!r} is not there; it is waited for")
            return
        aside = tuple(f"{name}/" for name in FOLDERS.values()) if self._watching.move else ()
        for path in files_in(root, links=False):
            if path.startswith(aside) or any(map(is_system, path.split("/"))):
                continue
            if not looks_like_photo(path) and not foreign_format(path):
                continue
            if (stamp := _stamp(root / path)) is not None:
                yield path, stamp

    def _say(self, sentence: str) -> None:
        """Once, or a folder that is away for a night would say it ten thousand times."""
        if sentence not in self._said:
            self._said.add(sentence)
            self._notice(sentence)


def _stamp(path: Path) -> Stamp | None:
    """Size and time of change of a file; none of a link, or where it has gone."""
    try:
        about = path.lstat()
    except OSError:
        return None
    if path.is_symlink():
        return None
    return Stamp(size=about.st_size, changed=about.st_mtime_ns)


def counted(told: dict[Verdict | None, int]) -> str:
    """How many files were judged, by the folders of their verdicts: ``3 passed, 1 rejected``."""
    words = [f"{told[verdict]} {FOLDERS[verdict]}" for verdict in FOLDERS if told.get(verdict)]
    return ", ".join(words) or "nothing judged"
