"""Zip files that mean harm, or that somebody had bad luck with: made when a test wants them, never stored."""

import io
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image

from tests.core.data.encoded import encoded, png_header

Files = Mapping[str, bytes]


def photo(seed: int = 0, kind: str = "PNG") -> bytes:
    """A small grey photo; another seed gives other bytes."""
    rng = np.random.default_rng(seed)
    return encoded(Image.fromarray(rng.integers(0, 255, (40, 40), dtype=np.uint8)), kind)


HONEST = {"train/ok_front/a.png": photo(1), "train/def_front/b.png": photo(2)}


def zipped(files: Files, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An ordinary zip file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_name(name: str) -> bytes:
    """An honest archive and one more photo of this name."""
    stand_in = name.replace("\0", "\N{SUBSTITUTE}")  # the packer would cut the name off there
    return zipped({**HONEST, stand_in: photo(3)}).replace(stand_in.encode(), name.encode())


def with_mode(mode: int, content: bytes = b"/etc") -> bytes:
    """An honest archive and one entry that Unix takes for something else than a file."""
    packed = io.BytesIO(zipped(HONEST))
    with zipfile.ZipFile(packed, "a") as archive:
        info = zipfile.ZipInfo("train/ok_front/link.png")
        info.create_system, info.external_attr = 3, mode << 16
        archive.writestr(info, content)
    return packed.getvalue()


def changed(content: bytes, *, line: int | None = None, head: int | None = None, to: bytes = b"") -> bytes:
    """The archive with bytes of the last file's line in the table of contents, or of its head, written over."""
    data = bytearray(content)
    for mark, offset in ((b"PK\x01\x02", line), (b"PK\x03\x04", head)):
        if offset is not None:
            at = data.rindex(mark) + offset
            data[at : at + len(to)] = to
    return bytes(data)


def crowd(number: int) -> bytes:
    """This many empty files, in an archive of a hundred bytes each."""
    heads, lines = [], []
    at = 0
    for name in (f"ok/{count:07}.png".encode() for count in range(number)):
        heads.append(_head(name, b"", 0, b""))
        lines.append(_raw_line(name, 0, 0, 0, at))
        at += len(heads[-1])
    return _closed(b"".join(heads), lines)


def shared_kernel(files: int = 300, size: int = 2**20) -> bytes:
    """Every file of the table of contents is one and the same stretch of bytes."""
    raw = bytes(size)
    packed = _deflated(raw)
    name = b"ok/kernel.png"
    body = _head(name, packed, zlib.crc32(raw), raw)
    names = [f"ok/{count}.png".encode() for count in range(files)]
    return _closed(body, [_raw_line(one, zlib.crc32(raw), len(packed), size, 0) for one in names])


def quoted_overlap(files: int = 100, size: int = 2**20) -> bytes:
    """The bomb of D. Fifield (2019): each file quotes the head of the next one and goes on with that one's bytes."""
    raw = bytes(size)
    behind, lines, distances = _deflated(raw), [], []  # what follows a head, up to the end of the last file
    for count in reversed(range(files)):
        name, crc = f"ok/{count:04}.png".encode(), zlib.crc32(raw)
        head = _bare_head(name, crc, len(behind), len(raw))
        lines.append((name, crc, len(behind), len(raw)))
        distances.append(len(head) + len(behind))
        quote = b"\0" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF) if count else b""
        raw, behind = head + raw, quote + head + behind
    places = [len(behind) - distance for distance in distances]
    table = [_raw_line(*line, place) for line, place in zip(lines, places, strict=True)]
    return _closed(behind, table[::-1])


def random_bytes(size: int) -> bytes:
    """Bytes that no packer makes smaller."""
    return random.Random(0).randbytes(size)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a path upwards": (lambda: with_name("../../evil.png"), "outside its folder"),
    "a path upwards in the middle": (lambda: with_name("train/ok/../../../evil.png"), "outside its folder"),
    "a path upwards in the way of Windows": (lambda: with_name("..\\..\\evil.png"), "outside its folder"),
    "an absolute path": (lambda: with_name("/tmp/evil.png"), "outside its folder"),
    "a drive": (lambda: with_name("C:/evil.png"), "outside its folder"),
    "a share of the network": (lambda: with_name("\\\\server\\evil.png"), "outside its folder"),
    "a link": (lambda: with_mode(stat.S_IFLNK | 0o777), "a link or a device"),
    "a device": (lambda: with_mode(stat.S_IFCHR | 0o666), "a link or a device"),
    "a pipe": (lambda: with_mode(stat.S_IFIFO | 0o666), "a link or a device"),
    "folders without end": (lambda: with_name("/".join(["ok"] * 40) + "/a.png"), "41 deep"),
    "100,000 files": (lambda: crowd(100_000), "100,000 files; at most 50,000"),
    "a bomb of ten megabytes": (lambda: zipped({"ok/a.png": bytes(10 * 2**20)}), "200 times its size.*_ZIP_RATIO"),
    "a bomb of many files": (lambda: zipped({f"ok/{n}.png": bytes(2**20) for n in range(9)}), "200 times its size"),
    "one stretch of bytes for all files": (lambda: shared_kernel(3, 1000), "overlap"),
    "files that quote each other": (lambda: quoted_overlap(5, 1000), "overlap"),
    "the same with much in it": (shared_kernel, "200 times its size"),
    "100 gigabytes by its own word": (
        lambda: changed(zipped(HONEST), line=24, to=struct.pack("<I", 0xFFFFFFF0)),
        "200 times its size",
    ),
    "a password": (lambda: changed(zipped(HONEST), line=8, to=b"\x01"), "encrypted"),
    "bzip2": (lambda: zipped(HONEST, method=zipfile.ZIP_BZIP2), "not read here"),
    "lzma": (lambda: zipped(HONEST, method=zipfile.ZIP_LZMA), "not read here"),
    "an unknown way of packing": (lambda: changed(zipped(HONEST), line=10, to=b"\x63"), "not read here"),
    "an archive that is cut off": (lambda: zipped(HONEST)[:-200], "not a zip file"),
    "the first half of one": (lambda: zipped(HONEST)[: len(zipped(HONEST)) // 2], "not a zip file"),
    "a table that begins nowhere": (lambda: zipped(HONEST)[:-6] + b"\xff\xff\xff\x7f\0\0", "none of 2 photos"),
    "no archive at all": (lambda: b"Dear foundry, please find attached", "not a zip file but a text"),
    "nothing": (lambda: b"", "not a zip file but an empty file"),
    "a photo": (lambda: photo(kind="JPEG"), "not a zip file but a JPEG photo"),
    "RAR called a zip": (lambda: b"Rar!\x1a\x07\x01\0" + random_bytes(500), "not a zip file but a RAR archive"),
    "7z called a zip": (lambda: b"7z\xbc\xaf\x27\x1c" + random_bytes(500), "not a zip file but a 7z archive"),
    "a tar.gz called a zip": (lambda: b"\x1f\x8b\x08" + random_bytes(500), "not a zip file but a gzip archive"),
    "a page called a zip": (lambda: b"<!doctype html><title>Sign in</title>", "not a zip file but a web page"),
    "a pointer called a zip": (
        lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\n",
        "not a zip file but a Git LFS pointer",
    ),
    "the last of three parts": (lambda: zipped(HONEST)[:-18] + b"\2\0\2\0" + zipped(HONEST)[-14:], "last of 3 parts"),
    "the first of several parts": (lambda: b"PK\x07\x08" + zipped(HONEST)[:-60], "but the first part of a zip file"),
    "archives in an archive": (
        lambda: zipped({"a.zip": zipped(HONEST), "b.ZIP": zipped(HONEST), "c.7z": b"7z", "d.txt": b""}),
        r"no photos were found in the zip file, but 3 archives \('a.zip', 'b.ZIP', 'c.7z'\): unpack them",
    ),
    "an empty archive": (lambda: zipped({}), "the zip file is empty"),
    "notes only": (lambda: zipped({"ok/readme.txt": b"hello", "table.csv": b"a,b"}), "no photos were found"),
    "an archive in an archive": (
        lambda: zipped({"inner.zip": zipped(HONEST)}),
        "but another archive .'inner.zip'.: unpack",
    ),
    "a folder for each casting": (
        lambda: zipped({f"casting {n}/{n}.png": photo(n) for n in range(60)}),
        "60 class folders",
    ),
}

# In an archive that is otherwise honest: what is refused alone, and why; the two honest photos go on.
DAMAGED: dict[str, tuple[Callable[[], bytes], str]] = {
    "a size that is too small": (
        lambda: changed(with_name("ok/c.png"), line=24, to=struct.pack("<I", 30)),
        "damaged|cut off|not a photo",
    ),
    "a wrong sum": (lambda: changed(with_name("ok/c.png"), line=16, to=b"\0\0\0\0"), "damaged within the zip file"),
    "another name in its head": (lambda: changed(with_name("ok/c.png"), head=30, to=b"no"), "damaged within"),
    "bytes that are not deflated": (lambda: changed(with_name("ok/c.png"), head=40, to=b"\xff" * 20), "damaged within"),
    "an empty file": (lambda: zipped({**HONEST, "ok/c.png": b""}), "the file is empty"),
    "a text": (lambda: zipped({**HONEST, "ok/c.png": b"no photo"}), "not a photo"),
    "a drawing": (lambda: zipped({**HONEST, "ok/c.png": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}), "not a photo"),
    "an archive called a photo": (
        lambda: zipped({**HONEST, "ok/c.jpg": zipped(HONEST)}),
        "not a photo.*but a zip file",
    ),
    "a photo that is cut off": (lambda: zipped({**HONEST, "ok/c.png": photo(3)[:200]}), "damaged or cut off"),
    "a photo of 3.6 gigapixels": (lambda: zipped({**HONEST, "ok/c.png": png_header(60_000, 60_000)}), "pixels"),
    "a file of three megabytes": (
        lambda: zipped({**HONEST, "ok/c.png": bytes(3 * 2**20), "notes.txt": random_bytes(2**18)}),
        "larger than 1 MiB",
    ),
}

NAMES = {
    "NUL": "ok/a\0b.png",
    "right to left": "ok/a\u202egnp.png",
    "300 letters": f"ok/{'x' * 300}.png",
    "a picture in Markdown": "ok/![x](http:__example.org_a.png) **bold**.png",
    "HTML": "ok/<img src=x onerror=alert(1)>.png",
    "a name that Windows keeps for itself": "ok/CON.png",
    "no letters of ours": "ok/\u826f\u54c1 \U0001f600.png",
    "a formula": "ok/=HYPERLINK(1).png",
    "dots": "ok/a....png",
}


def _deflated(raw: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(raw) + packer.flush()


def _head(name: bytes, packed: bytes, crc: int, raw: bytes) -> bytes:
    return _bare_head(name, crc, len(packed), len(raw)) + packed


def _bare_head(name: bytes, crc: int, packed: int, raw: int) -> bytes:
    fields = (20, 0, 8 if packed else 0, 0, 33, crc, packed, raw, len(name), 0)
    return b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields) + name


def _raw_line(name: bytes, crc: int, packed: int, raw: int, at: int) -> bytes:
    fields = (20, 20, 0, 8 if packed else 0, 0, 33, crc, packed, raw, len(name), 0, 0, 0, 0, 0, at)
    return b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", *fields) + name


def _closed(body: bytes, lines: list[bytes]) -> bytes:
    table = b"".join(lines)
    number = min(len(lines), 0xFFFF)
    return body + table + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, number, number, len(table), len(body), 0)
