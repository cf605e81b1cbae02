"""The pixel cache: each photo is decoded once, and its grey levels are memory-mapped ever after.

Two files per image size. ``grey-300.pixels`` holds one photo after the other, ``grey-300.photos`` their identities in
the same order. Both only grow: pixels are written first and named second, so a reader never sees half a photo.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from casting_core import files
from casting_core.data.imaging.images import READING, Grey, fit
from casting_core.errors import DatasetError, written

DIGEST = 32  # bytes of a sha256


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
