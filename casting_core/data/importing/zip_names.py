"""How the names in a zip file are written: most programs say so, and old ones used the code page of their country.

A zip file without the mark for UTF-8 holds names as bytes, and nothing in it says of which code page. Every name is
read with the same one: UTF-8 where all are UTF-8, else the code page that fits all of them and gives the most plausible
letters. Names are read before backslashes become slashes: in Shift-JIS, GBK and Big5 the second byte of a letter may
be a backslash.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import category

from casting_core.data.importing.code_pages import PAGES, CodePage, plausibility

MARKED = 0x800  # the flag that says that a name is UTF-8
UNICODE_PATH = 0x7075  # the extra field that has the name once more, as UTF-8
LOOKED_AT = 300  # different names that choose the code page
NO_LETTERS = ("Cc", "Cn", "Co")  # control, unassigned and private ones: a page that gives them does not fit
READABLE = 0.3  # plausibility below which no code page is believed


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names of an archive's files, in their order, with forward slashes."""

    paths: tuple[str, ...]
    told: str = ""  # which code page was taken, as a sentence; empty where the file says how its names are written


def read_names(infos: Sequence[zipfile.ZipInfo]) -> Names:
    """The names of these files; every name is Unicode, and different bytes never give the same name."""
    certain = [_certain(info) for info in infos]
    raw = [b"" if name is not None else _raw(info) for name, info in zip(certain, infos, strict=True)]
    parts = list(dict.fromkeys(part for path in raw for part in path.split(b"/") if not part.isascii()))
    read, told = _reader(parts)
    paths = [(read(path) if name is None else name).replace("\\", "/") for name, path in zip(certain, raw, strict=True)]
    return Names(paths=tuple(paths), told=told)


def _certain(info: zipfile.ZipInfo) -> str | None:
    """The name, where the archive says how it is written, or where all code pages agree."""
    if info.flag_bits & MARKED or info.orig_filename.isascii():
        return info.orig_filename
    return _unicode_path(info.extra, zlib.crc32(_raw(info)))


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The bytes of a name without the mark: ``zipfile`` reads those as code page 437, which loses nothing."""
    return info.orig_filename.encode("cp437")


def _unicode_path(extra: bytes, crc: int) -> str | None:
    """The name in the Info-ZIP Unicode Path field (APPNOTE 4.6.9), which must be about just these bytes."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == UNICODE_PATH and len(field) > 5 and field[0] == 1 and struct.unpack_from("<I", field, 1)[0] == crc:
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _reader(parts: Sequence[bytes]) -> tuple[Callable[[bytes], str], str]:
    """What turns the bytes of a name into text, and what is to be said of it."""
    if not parts:
        return _by_parts({}), ""
    utf8 = _read_all(parts, "utf-8")
    if utf8 is not None:
        return _by_parts(utf8), ""
    believed = [(page, texts) for page in PAGES if (texts := _read_all(parts, page.codec)) is not None]
    some = parts[:LOOKED_AT]
    rated = [(plausibility([texts[part] for part in some], page), page, texts) for page, texts in believed]
    best, page, texts = max(rated, key=lambda one: one[0], default=(0.0, PAGES[0], {}))
    if best < READABLE:
        told = "the zip file does not say how its names are written, and no code page fits them: unreadable letters are"
        return _by_parts({part: _escaped(part) for part in parts}), f"{told} shown by their numbers, as %FC"
    return _by_parts(texts), _told(page)


def _told(page: CodePage) -> str:
    return f"the zip file does not say how its names are written; they were read as {page.title}"


def _read_all(parts: Iterable[bytes], codec: str) -> dict[bytes, str] | None:
    """Every part in this code page; none where one does not fit, or where two would become the same."""
    try:
        texts = {part: part.decode(codec) for part in parts}
    except UnicodeDecodeError:
        return None
    proper = codec == "utf-8" or not any(category(letter) in NO_LETTERS for letter in set("".join(texts.values())))
    return texts if proper and len(set(texts.values())) == len(texts) else None


def _by_parts(texts: Mapping[bytes, str]) -> Callable[[bytes], str]:
    """Reads a path folder by folder; a slash is never the second byte of a letter."""
    return lambda path: "/".join(texts.get(part) or part.decode("ascii") for part in path.split(b"/"))


def _escaped(part: bytes) -> str:
    return "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in part)
