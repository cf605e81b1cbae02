"""What a WebP file holds: the pictures of an animation, and what the decoder of animations keeps of each pixel."""

from casting_core.data.imaging.contents.limits import CHUNKS, EXIF, Contents, at_most, behind, damaged

KEPT = 12  # bytes a pixel: two canvases of four bytes, and the picture Pillow makes of one


def look(content: bytes) -> Contents:
    """What the file holds; ``PhotoError`` where its chunks are more than a photo needs."""
    place, frames, size = 12, 0, _canvas(content)
    end = int.from_bytes(content[4:8], "little") + 8
    for number in range(CHUNKS + 1):
        at_most(number, CHUNKS - 1, "chunks")
        kind, length = content[place : place + 4], int.from_bytes(content[place + 4 : place + 8], "little")
        frames += kind == b"ANMF"
        if kind == b"EXIF":
            at_most(length, EXIF, "bytes of notes of the camera")
        place += 8 + length + length % 2
        if place >= len(content):
            break
    return Contents(pictures=max(1, frames) + behind(content, end), width=size[0], height=size[1], bytes_per_pixel=KEPT)


def _canvas(content: bytes) -> tuple[int, int]:
    """Width and height that the first chunk says."""
    kind, data = content[12:16], content[20:30]
    if kind == b"VP8X" and len(data) == 10:
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8 " and len(data) == 10:
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    if kind == b"VP8L" and len(data) >= 5:
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise damaged("has no header")
