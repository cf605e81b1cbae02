"""Files by their content in a bucket or a shared folder, by way of fsspec; a copy of each is kept on this machine.

A file's key is made of its sha256, and of nothing else. What comes back is read no further than it should be long, and
held against its sum before anybody sees it; nobody lists what else lies there.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from casting_core import files
from casting_core.errors import CastingError, SettingsError

BUCKETS = {"s3", "gs", "az", "abfs"}
AGAIN = 5.0  # seconds for which a store that could not be reached is left alone
BLOCK = 2**20  # bytes
WAITS = {"timeout": "60s", "connect_timeout": "3s", "allow_http": True}
TRIES: dict[str, Any] = {"max_retries": 1, "retry_timeout": timedelta(seconds=10)}


class ObjectStore:
    """The store at this address, as ``s3://bucket/prefix`` or a folder, with copies kept in the folder ``cache``."""

    def __init__(self, address: str, cache: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.address, self._cache, self._clock = address.rstrip("/"), cache, clock
        self._until = float("-inf")

    def put(self, path: Path, sha256: str) -> bool:
        """Writes the file into the store, if it is not there; whether it had to.

        Raises ``CastingError`` where the store cannot be reached, or the file is not the one of this sum any more.
        """
        with self._reaching():
            if self._files.exists(self._key(sha256)):
                return False
        if sum_of(path) != sha256:
            raise CastingError(f"the file {path.name!r} is not what it was when it was put on record")
        with self._reaching():
            if "://" not in self.address:
                self._files.makedirs(self._key(sha256).rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(path), self._key(sha256))
        return True

    def keep(self, path: Path) -> tuple[str, int]:
        """Keeps a copy of a file that may be replaced at any moment, to be written from there; its sha256 and bytes."""
        beside = self._cache / uuid4().hex
        with files.replaced(beside) as copy, path.open("rb") as source:
            shutil.copyfileobj(source, copy, BLOCK)
        sha256, size = sum_of(beside), beside.stat().st_size
        kept = self._cache / sha256[:2] / sha256
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(kept)
        return sha256, size

    def put_kept(self, sha256: str) -> bool:
        """Writes the copy of this sum into the store; whether there is such a copy."""
        kept = self._cache / sha256[:2] / sha256
        if not kept.is_file():
            return False
        self.put(kept, sha256)
        return True

    def remove(self, sha256: str) -> None:
        """Removes a file that nothing needs any more from the store, and its copy."""
        self.forget(sha256)
        with self._reaching(), suppress(FileNotFoundError):
            self._files.rm_file(self._key(sha256))

    def has(self, sha256: str) -> bool:
        """Whether a file of this sum is in the store; ``CastingError`` where it cannot be reached."""
        with self._reaching():
            return bool(self._files.exists(self._key(sha256)))

    def get(self, sha256: str, size: int, goal: Path) -> None:
        """Puts the file of this sum and length in its place, from the copy on this machine or from the store.

        Raises ``CastingError`` where the store has no such file, another one, or cannot be reached.
        """
        kept = self._cache / sha256[:2] / sha256
        if not kept.is_file() or kept.stat().st_size != size or sum_of(kept) != sha256:
            self._fetch(sha256, size, kept)
        goal.parent.mkdir(parents=True, exist_ok=True)
        with files.replaced(goal) as target, kept.open("rb") as source:
            shutil.copyfileobj(source, target, BLOCK)

    def forget(self, sha256: str) -> None:
        """Removes the copy on this machine, which lies in its place by now."""
        with suppress(OSError):
            (self._cache / sha256[:2] / sha256).unlink()

    def _fetch(self, sha256: str, size: int, kept: Path) -> None:
        found, left = hashlib.sha256(), size
        with files.replaced(kept) as target:
            with self._reaching(), self._files.open(self._key(sha256), "rb") as source:
                while block := source.read(min(BLOCK, left + 1)):
                    left -= len(block)
                    if left < 0:
                        break
                    found.update(block)
                    target.write(block)
            if left or found.hexdigest() != sha256:
                raise CastingError(f"the store holds another file than the one of sha256 {sha256[:12]}…; not used")

    def _key(self, sha256: str) -> str:
        return f"{self._root}/files/{sha256[:2]}/{sha256}"

    @property
    def _root(self) -> str:
        scheme, _, rest = self.address.rpartition("://")
        return rest if scheme and scheme != "file" else os.path.abspath(rest)  # noqa: PTH100 - keys are text

    @cached_property
    def _files(self) -> Any:
        scheme = self.address.partition("://")[0] if "://" in self.address else "file"
        try:
            if scheme in BUCKETS:
                made = import_module("obstore.fsspec").FsspecStore
                return made(scheme, client_options=WAITS, retry_config=TRIES)
            return import_module("fsspec").filesystem(scheme, **({"auto_mkdir": True} if scheme == "file" else {}))
        except (ImportError, ValueError) as error:
            raise SettingsError(
                f"CASTING_STORE={self.address!r} will not do: {error}; requirements-scale.lock brings what it needs, "
                "and one looks like s3://bucket/prefix"
            ) from error

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turns whatever keeps the store from answering into one sentence, and lets it be for a while."""
        if self._clock() < self._until:
            raise CastingError(f"the store {self.address} cannot be reached; it is tried again in some seconds")
        try:
            yield
        except CastingError:
            raise
        except FileNotFoundError as error:
            raise CastingError("the store does not have it yet") from error
        except Exception as error:  # each kind of store has errors of its own
            self._until = self._clock() + AGAIN
            reason = str(error).strip().partition("\n")[0][:200] or type(error).__name__
            raise CastingError(f"the store {self.address} cannot be reached: {reason}") from error


def sum_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
