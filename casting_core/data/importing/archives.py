"""Zip files from outside: looked through before anything is read, then read one file at a time, never unpacked to disk.

Names in an archive are never used as places on disk, so a hostile one could not write anywhere. It is refused all the
same: an archive that tries is not worth a second look.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from casting_core.data.datasets.reading.listing import is_system, looks_like_photo
from casting_core.data.imaging.signatures import BEGINNING, kind_of
from casting_core.data.importing.sources import Entry, capped
from casting_core.data.importing.zip_names import read_names
from casting_core.errors import DatasetError, PhotoError
from casting_core.settings import settings
from casting_core.wording import listed

ENTRY = b"PK\x01\x02"  # with this begins every line of an archive's table of contents
END = b"PK\x05\x06"  # with this begins what stands at the end of an archive
END_SIZE, LONGEST_COMMENT = 22, 2**16 - 1  # bytes of that, and of the remark that may follow it
HEAD = 30  # bytes before the name in the head of each file
LINE = 1024  # bytes that a line of the table of contents may have on average; 100 to 200 are usual
ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".001", ".z01")
SMALL = 2**20  # bytes; below it no ratio is a bomb
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may swell without end in one step


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much a zip file may hold, and what it is expected to be."""

    files: int
    size: int  # bytes of all its files together, unpacked
    ratio: float  # unpacked to packed, all files together
    depth: int  # folders within folders
    photos: bool = True  # it holds photos; one that holds none but other archives is refused

    @classmethod
    def of_photos(cls) -> "Limits":
        """What an archive of photos may hold, as the settings say."""
        known = settings()
        return cls(
            files=known.max_zip_files, size=known.max_zip_bytes, ratio=known.max_zip_ratio, depth=known.max_zip_depth
        )


class Archive:
    """The files of a zip. Raises ``DatasetError`` for what no honest archive of photos needs; see ``opened``."""

    def __init__(self, zipped: zipfile.ZipFile, limits: Limits) -> None:
        names = read_names(zipped.infolist())
        named = list(zip(zipped.infolist(), names.paths, strict=True))
        infos = [info for info, name in named if not name.endswith("/")]
        _check_amounts(infos, limits)
        for info, name in named:
            _check_entry(info, name)
        _check_depth(names.paths, limits.depth)
        _check_overlaps(zipped)
        self._zipped, self._infos = zipped, infos
        files = [name for name in names.paths if not name.endswith("/")]
        self.entries: Sequence[Entry] = tuple(Entry(path=name, number=at) for at, name in enumerate(files))
        self.notes: Sequence[str] = (names.told,) if names.told else ()
        if limits.photos:
            self._refuse_what_holds_archives()

    def _refuse_what_holds_archives(self) -> None:
        """Raises ``DatasetError`` where the zip file holds nothing, or no photos but archives, and says which."""
        if not self.entries:
            raise DatasetError("the zip file is empty: there is no file in it")
        if any(looks_like_photo(entry.path) for entry in self.entries):
            return
        inner = [entry.path for entry in self.entries if entry.path.lower().endswith(ARCHIVES)]
        if len(inner) == 1:
            raise DatasetError(
                f"no photos were found in the zip file, but another archive ({inner[0][-80:]!r}): unpack it once, and "
                "give what is in it"
            )
        if inner:
            shown = listed([repr(name[-60:]) for name in inner], most=3)
            raise DatasetError(
                f"no photos were found in the zip file, but {len(inner)} archives ({shown}): unpack them into one "
                "folder, and give that"
            )

    def read(self, entry: Entry, *, most: int | None = None) -> bytes:
        """The bytes of one file, never more than ``most`` or than a photo may have, whatever its head says."""
        info = self._infos[entry.number]
        try:
            with self._zipped.open(info) as file:
                content = file.read((most or settings().max_photo_bytes) + 1)
            if most is None:
                return capped(content)
            if len(content) > most:
                raise PhotoError(f"it is larger than {most / 2**20:.0f} MiB")
            return content
        except PhotoError:
            raise
        except Exception as error:  # bad sums, wrong heads and offsets raise nearly anything: zlib.error, struct.error
            raise PhotoError(f"it is damaged within the zip file ({error})") from error

    @contextmanager
    def reading(self, entry: Entry) -> Iterator[IO[bytes]]:
        """One file, to be read a piece at a time by who counts what comes; ``PhotoError`` where it is damaged."""
        try:
            with self._zipped.open(self._infos[entry.number]) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise PhotoError(f"it is damaged within the zip file ({error})") from error


@contextmanager
def opened(file: Path | IO[bytes], *, limits: Limits | None = None) -> Iterator[Archive]:
    """The archive in this file, which is closed at the end if it is given by its path.

    Raises ``DatasetError`` where it is no zip file, cut off, encrypted, too large in any way, or hostile. ``limits``:
    those of photos if not given.
    """
    limits = limits or Limits.of_photos()
    try:
        stream = file.open("rb") if isinstance(file, Path) else file
    except OSError as error:
        raise DatasetError(f"{str(file)!r} cannot be opened: {error.strerror or error}") from error
    try:
        _refuse_parts(stream)
        watched = _Watched(stream, limits.files)
        with _contents(watched, stream) as zipped:
            watched.opening = False
            yield Archive(zipped, limits)
    finally:
        if isinstance(file, Path):
            stream.close()


class _Watched(io.RawIOBase):
    """A file as ``zipfile`` sees it; while it is being opened, the table of contents is measured before it is believed.

    ``zipfile`` reads that table in one piece and makes an object of every line, however many there are.
    """

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most, self.opening = file, most, True

    def read(self, size: int = -1, /) -> bytes:
        most = self._most
        if self.opening and size > most * LINE:
            raise DatasetError(
                f"the table of contents of the zip file has {size:,} bytes, too many for "
                f"{most:,} photos (CASTING_MAX_ZIP_FILES)"
            )
        data = self._file.read(size)
        if self.opening and (found := data.count(ENTRY)) > most:
            raise DatasetError(_too_many(found, most))
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def _contents(watched: _Watched, file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(watched)
    except DatasetError:
        raise
    except Exception as error:  # a reader fed with hostile bytes raises nearly anything: struct.error, UnicodeError
        raise DatasetError(_no_zip(file, error)) from error


def _no_zip(file: IO[bytes], error: Exception) -> str:
    """What a file is that cannot be opened as a zip file, as a sentence."""
    file.seek(0)
    kind = kind_of(file.read(BEGINNING))
    if isinstance(error, UnicodeDecodeError):
        return "the zip file says that its names are UTF-8, and one is not: pack it once more"
    if kind == "a zip file":
        return (
            "this is not a zip file that can be read: it begins as one, but its table of contents, which stands at "
            f"the end, is missing or damaged ({error}); it is cut off, or one of several parts: copy it once more"
        )
    if kind:
        return f"this is not a zip file but {kind}: pack the photos as a plain zip, or give their folder"
    return f"this is not a zip file, or it is damaged or cut off ({error})"


def _refuse_parts(file: IO[bytes]) -> None:
    """Raises ``DatasetError`` where this is one of several parts of a zip file, whose table names another one."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - END_SIZE - LONGEST_COMMENT))
    tail = file.read(END_SIZE + LONGEST_COMMENT)
    at = tail.rfind(END)
    file.seek(0)
    part = int.from_bytes(tail[at + 4 : at + 6], "little") if at >= 0 else 0
    if 0 < part < 0xFFFF:  # all ones: the number stands elsewhere, as in very large files
        raise DatasetError(
            f"this is the last of {part + 1} parts of a zip file; join them first, or pack the photos as one zip file"
        )


def _check_amounts(infos: Sequence[zipfile.ZipInfo], limits: Limits) -> None:
    if len(infos) > limits.files:
        raise DatasetError(_too_many(len(infos), limits.files))
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if unpacked > limits.size:
        raise DatasetError(
            f"the zip file would unpack to {unpacked / 2**30:,.1f} GiB; at most {limits.size / 2**30:,.1f} "
            "are allowed (CASTING_MAX_ZIP_BYTES)"
        )
    if unpacked > SMALL and unpacked > packed * limits.ratio:
        raise DatasetError(
            f"the zip file would swell to more than {limits.ratio:g} times its size, which photos never do "
            "(CASTING_MAX_ZIP_RATIO)"
        )


def _check_entry(info: zipfile.ZipInfo, name: str) -> None:
    parts = name.rstrip("/").split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if ".." in parts or name.startswith("/") or parts[0][1:2] == ":":
        raise DatasetError(f"the zip file wants to write outside its folder ({name[:80]!r}) and is refused as a whole")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise DatasetError(f"the zip file holds a link or a device ({name[:80]!r}) and is refused as a whole")
    if info.flag_bits & 0x1:
        raise DatasetError(f"the zip file is encrypted ({name[:80]!r}); pack it without a password")
    if info.compress_type not in METHODS:
        raise DatasetError(
            f"the zip file is packed in a way that is not read here ({name[:80]!r}); pack it as a plain zip"
        )


def _check_depth(names: Iterable[str], most: int) -> None:
    """Folders may lie only so deep within those that wrap the whole, as ``content/drive/MyDrive`` does."""
    paths = [path for name in names if (path := [part for part in name.split("/") if part not in ("", ".")])]
    wrapped = [path[:-1] for path in paths if looks_like_photo(path[-1]) and not any(map(is_system, path))]
    first, last = min(wrapped, default=[]), max(wrapped, default=[])  # what these two share, all share
    same = next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), None)
    wrapping = min(len(first), len(last)) if same is None else same
    deepest = max((len(path) for path in paths), default=0) - wrapping
    if deepest > most:
        raise DatasetError(
            f"the zip file holds folders {deepest} deep; at most {most} are allowed (CASTING_MAX_ZIP_DEPTH)"
        )


def _check_overlaps(zipped: zipfile.ZipFile) -> None:
    """Two files may not share bytes: that is how few bytes become many."""
    infos = sorted(zipped.infolist(), key=lambda info: info.header_offset)
    starts = [info.header_offset for info in infos] + [zipped.start_dir]
    for info, following in zip(infos, starts[1:], strict=True):
        if info.header_offset + HEAD + info.compress_size > following:
            raise DatasetError(
                f"files in the zip file overlap ({info.orig_filename[:80]!r}), as in a zip bomb; it is refused"
            )


def _too_many(found: int, most: int) -> str:
    return f"the zip file holds {found:,} files; at most {most:,} are allowed (CASTING_MAX_ZIP_FILES)"
