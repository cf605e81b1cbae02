"""What a BMP file holds; it is one picture always, and costs little unless it is packed by run lengths."""

from casting_core.data.imaging.contents.limits import RUN_LENGTH, Contents, at_most, behind

RUNS = {1, 2}  # compressions by run lengths


def look(content: bytes) -> Contents:
    """What the file holds; ``PhotoError`` where unpacking it would take too long."""
    head = content[14:54]
    if len(head) < 20 or int.from_bytes(head[:4], "little") < 40:  # the small header of OS/2 has nothing to unpack
        return Contents()
    width, height = (int.from_bytes(head[at : at + 4], "little", signed=True) for at in (4, 8))
    further = behind(content, int.from_bytes(content[2:6], "little"))
    packed = int.from_bytes(head[16:20], "little") in RUNS
    if packed:
        at_most(len(content), RUN_LENGTH, "bytes of run lengths")
    return Contents(pictures=1 + further, width=abs(width), height=abs(height), bytes_per_pixel=4 + packed)
