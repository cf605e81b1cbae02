"""The pixel cache: each photo is decoded once, and its grey levels are memory-mapped ever after.

Two files per image size. ``grey-300.pixels`` holds one photo after the other, ``grey-300.photos`` their identities in
the same order. Both only grow: pixels are written first and named second, so a reader never sees half a photo.
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from casting_core import files
from casting_core.data.imaging.images import READING, Grey, fit, read
from casting_core.errors import DatasetError, PhotoError, written

DIGEST = 32  # bytes of a sha256
SIDE_BY_SIDE = 2  # photos read at a time: one of 20 million pixels takes 60 MB while it is decoded
TOGETHER = 16  # photos read before their pixels are written down

Places = Callable[[Collection[str]], Mapping[str, Sequence[Path]]]  # the files that showed photos, by their sha256


class PixelCache:
    """Grey levels of photos, ``size`` x ``size`` each, found by the sha256 of the photo's bytes.

    Processes may share one folder, and threads one cache: adding is locked between them, reading pixels needs no lock.
    """

    def __init__(self, folder: Path, *, size: int = 300) -> None:
        with written(folder):
            folder.mkdir(parents=True, exist_ok=True)
        self.size = size  # pixels, both sides
        self._pixels = folder / f"grey-{size}.pixels"
        self._photos = folder / f"grey-{size}.photos"
        self._lock = folder / f"grey-{size}.lock"
        self._reading = folder / f"grey-{size}.reading"
        self._learning = Lock()
        self._rows: dict[str, int] = {}
        self._known_bytes = 0
        self._last = b""  # digest of the last photo known
        self._forget_other_readings()

    def _forget_other_readings(self) -> None:
        """Empties a cache whose photos were read by other rules; all of them are read again."""
        if _text(self._reading) == READING:
            return
        with written(self._pixels.parent), files.held(self._lock):
            if _text(self._reading) != READING:  # nobody else has done it meanwhile
                for file in (self._photos, self._pixels):
                    file.unlink(missing_ok=True)
                files.replace(self._reading, READING)

    def rows(self) -> Mapping[str, int]:
        """The row of every photo in the cache, also of those that other processes added since the last call."""
        whole = min(_size(self._photos) // DIGEST, _size(self._pixels) // self.size**2)  # what is beyond was cut off
        with self._learning:
            if whole and self._is_the_one_known(whole * DIGEST):
                self._learn(whole * DIGEST)
            elif self._known_bytes:  # the cache was deleted under us; whoever holds the rows of before keeps them
                self._rows, self._known_bytes, self._last = {}, 0, b""
                self._learn(whole * DIGEST)
            return self._rows

    def _is_the_one_known(self, size: int) -> bool:
        """Whether the file still begins with what is known of it."""
        if size < self._known_bytes:
            return False
        with self._photos.open("rb") as file:
            file.seek(max(0, self._known_bytes - DIGEST))
            return file.read(len(self._last)) == self._last

    def _learn(self, size: int) -> None:
        """Takes in what was added up to this size of the file in bytes."""
        if size <= self._known_bytes:
            return
        with self._photos.open("rb") as file:
            file.seek(self._known_bytes)
            fresh = file.read(size - self._known_bytes)
        first = self._known_bytes // DIGEST
        for at, start in enumerate(range(0, len(fresh), DIGEST)):
            self._rows.setdefault(fresh[start : start + DIGEST].hex(), first + at)
        self._known_bytes, self._last = size, fresh[-DIGEST:]

    def read_missing(self, identities: Collection[str]) -> None:
        """Nothing: scans have read all photos at this size."""

    def add(self, photos: Iterable[tuple[str, Grey]]) -> None:
        """Adds photos (identity, grey levels of any shape) not there yet; they are fitted to the cache's size."""
        with written(self._pixels.parent), files.held(self._lock):
            known = self.rows()
            fresh = {identity: grey for identity, grey in photos if identity not in known}
            if not fresh:
                return
            whole = self._known_bytes // DIGEST
            _append(self._pixels, whole * self.size**2, (fit(grey, self.size).tobytes() for grey in fresh.values()))
            _append(self._photos, whole * DIGEST, (bytes.fromhex(identity) for identity in fresh))

    def all(self) -> NDArray[np.uint8]:
        """Every photo, memory-mapped and read-only, shape (photos, size, size); ``rows`` says which is which."""
        count = len(self.rows())
        if not count:
            return np.zeros((0, self.size, self.size), dtype=np.uint8)
        stored = self._known_bytes // DIGEST
        return np.memmap(self._pixels, dtype=np.uint8, mode="r", shape=(stored, self.size, self.size))

    def take(self, identities: Iterable[str]) -> NDArray[np.uint8]:
        """The grey levels of these photos, shape (photos, size, size); ``DatasetError`` if one was never added."""
        rows = self.rows()
        try:
            wanted = [rows[identity] for identity in identities]
        except KeyError as error:
            raise DatasetError(
                f"photo {error.args[0][:12]} is not in the pixel cache: scan the dataset again"
            ) from error
        return np.asarray(self.all()[wanted])


class FinerCache(PixelCache):
    """The same at more pixels than scans keep: a photo is read from its file when it is asked for first.

    ``places`` tells where files are. Few networks want so many pixels, which take up to sixteen times the room.
    """

    def __init__(self, folder: Path, *, size: int, places: Places) -> None:
        super().__init__(folder, size=size)
        self._places = places

    def read_missing(self, identities: Collection[str]) -> None:
        """Reads those of these photos that are not there yet, some at a time."""
        known = self.rows()
        missing = [identity for identity in dict.fromkeys(identities) if identity not in known]
        if not missing:
            return
        places = self._places(missing)
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            for start in range(0, len(missing), TOGETHER):
                some = missing[start : start + TOGETHER]
                found = list(pool.map(lambda one: self._read(one, places.get(one, ())), some))
                self.add((one, grey) for one, grey in zip(some, found, strict=True) if grey is not None)

    def take(self, identities: Iterable[str]) -> NDArray[np.uint8]:
        """The grey levels of these photos; ``DatasetError`` where the file of one has gone, or is another by now."""
        wanted = list(identities)
        self.read_missing(wanted)
        return super().take(wanted)

    def _read(self, identity: str, places: Iterable[Path]) -> Grey | None:
        for place in places:
            try:
                photo = read(place)
            except PhotoError:  # it has gone; perhaps another folder has a copy
                continue
            if photo.sha256 == identity:
                return fit(photo.grey, self.size)
        return None


def _size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _text(path: Path) -> str:
    """What a small file says; nothing where there is none."""
    try:
        return path.read_text("ascii")
    except (OSError, ValueError):
        return ""


def _append(path: Path, whole: int, chunks: Iterable[bytes]) -> None:
    """Writes the chunks after the first ``whole`` bytes (what lies beyond was never named) and flushes them to disk."""
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(whole)
        file.seek(whole)
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
