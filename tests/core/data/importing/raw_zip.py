"""Zip files as old programs write them: names as bytes of some code page, and no word of which."""

import struct
import zlib
from collections.abc import Sequence

MARKED = 0x800


def raw_zip(files: Sequence[tuple[bytes, bytes]], *, marked: bool = False, extra: Sequence[bytes] = ()) -> bytes:
    """A zip file with these names, as they are, and contents, stored; ``extra`` has the extra field of each."""
    body, table, flags = b"", b"", MARKED if marked else 0
    for at, (name, content) in enumerate(files):
        more = extra[at] if extra else b""
        fields = (flags, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name))
        line = struct.pack("<HHHHHHIIIHHHHHII", 20, 20, *fields, len(more), 0, 0, 0, 0, len(body))
        table += b"PK\x01\x02" + line + name + more
        body += b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", 20, *fields, 0) + name + content
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(table), len(body), 0)
    return body + table + b"PK\x05\x06" + end


def unicode_path(name: bytes, text: str) -> bytes:
    """The extra field that has a name once more, as UTF-8."""
    field = b"\x01" + struct.pack("<I", zlib.crc32(name)) + text.encode()
    return struct.pack("<HH", 0x7075, len(field)) + field
