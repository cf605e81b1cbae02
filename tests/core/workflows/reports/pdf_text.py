"""What stands in a PDF that typst has set, as text: enough of the format for tests to read our own files."""

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"(?:^|\s)(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
PAIR = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
PLAIN = rb"\\.|[^\\()]"
SHOWN = re.compile(  # a change of font, or a string; one in parentheses may hold pairs of them
    rb"/(\w+) [\d.]+ Tf|(<[0-9a-fA-F]*>|\((?:" + PLAIN + rb"|\((?:" + PLAIN + rb")*\))*\))", re.DOTALL
)


def text_of(content: bytes) -> str:
    """All text of the pages, in the order in which it is drawn, without the spaces between words."""
    objects = {int(number): body for number, body in OBJECT.findall(content)}
    return "".join(_of_page(body, objects) for body in objects.values() if re.search(rb"/Type\s*/Page\b", body))


def _of_page(page: bytes, objects: dict[int, bytes]) -> str:
    maps = {name: _letters(objects, int(font)) for name, font in _fonts(page, objects)}
    contents = re.search(rb"/Contents\s+(?:\[\s*)?(\d+) 0 R", page)
    assert contents is not None
    told, font = [], b""
    for name, shown in SHOWN.findall(_stream(objects[int(contents[1])])):
        font = name or font
        if shown:
            told += [maps[font].get(code, "") for code in _codes(shown)]
    return "".join(told)


def _fonts(page: bytes, objects: dict[int, bytes]) -> Iterator[tuple[bytes, bytes]]:
    found = re.search(rb"/Resources\s+(\d+) 0 R", page)
    resources = objects[int(found[1])] if found else page
    listed = re.search(rb"/Font\s*(?:<<(.*?)>>|(\d+) 0 R)", resources, re.DOTALL)
    assert listed is not None
    yield from re.findall(rb"/(\w+)\s+(\d+) 0 R", listed[1] or objects[int(listed[2])])


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """The letters of the codes of a font, by its own table."""
    table = re.search(rb"/ToUnicode\s+(\d+) 0 R", objects[font])
    assert table is not None
    told = _stream(objects[int(table[1])]).decode("latin-1").encode("latin-1")
    letters: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", told, re.DOTALL):
        letters |= {int(code, 16): _utf16(text) for code, text in PAIR.findall(block)}
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", told, re.DOTALL):
        for first, last, text in RANGE.findall(block):
            for place in range(int(last, 16) - int(first, 16) + 1):
                letters[int(first, 16) + place] = chr(int(text, 16) + place)
    return letters


def _utf16(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be")


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"FlateDecode" in body else found[1]


ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _codes(shown: bytes) -> Iterator[int]:
    """The codes of a string, two bytes each, whichever way it is written."""
    if shown.startswith(b"<"):
        raw = bytes.fromhex(shown[1:-1].decode())
    else:
        raw = re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, shown[1:-1], flags=re.DOTALL)
    yield from (raw[at] << 8 | raw[at + 1] for at in range(0, len(raw) - 1, 2))


def _unescaped(found: "re.Match[bytes]") -> bytes:
    told = found[1]
    return bytes([int(told, 8)]) if told.isdigit() else ESCAPES.get(told, told)
