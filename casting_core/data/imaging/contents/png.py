"""What a PNG file holds: the pictures of an animation, notes beside the pixels, files behind its end."""

from casting_core.data.imaging.contents.limits import CHUNKS, EXIF, NOTES, Contents, at_most, behind, damaged

START = b"\x89PNG\r\n\x1a\n"
PIXELS = {b"IDAT", b"fdAT", b"fcTL"}
COLOURED = {2, 4, 6}  # colour types that Pillow keeps in four bytes a pixel


def look(content: bytes) -> Contents:
    """What the file holds; ``PhotoError`` where its chunks are more than a photo needs."""
    place, notes, pictures, animated, framed = len(START), 0, 1, False, False
    head = content[16:29]
    if len(head) < 13 or content[12:16] != b"IHDR":
        raise damaged("has no header")
    for number in range(CHUNKS + 1):
        at_most(number, CHUNKS - 1, "chunks")
        kind, size = content[place + 4 : place + 8], int.from_bytes(content[place : place + 4], "big")
        if not kind.isalpha():  # zeros of a broken copy, say; the decoder finds out how much is there
            break
        if kind not in PIXELS:
            notes += 1
            at_most(notes, NOTES, "chunks of notes")
        if kind == b"eXIf":
            at_most(size, EXIF, "bytes of notes of the camera")
        elif kind == b"acTL":
            pictures = max(1, int.from_bytes(content[place + 8 : place + 12], "big"))
            animated = True
        elif kind == b"fcTL":
            framed = True
        elif kind == b"IDAT":
            pictures += animated and not framed  # the picture of those who know no animations is a further one
            animated = False
        place += 12 + size
        if kind == b"IEND" or place >= len(content):
            break
    bits, colours = head[8], head[9]
    return Contents(
        pictures=pictures + behind(content, place),
        width=int.from_bytes(head[:4], "big"),
        height=int.from_bytes(head[4:8], "big"),
        bytes_per_pixel=4 if colours in COLOURED else max(1, bits // 8),
        bits=bits,
    )
