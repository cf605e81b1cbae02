"""Very many photos, made cheaply.

Some castings are drawn once, and their files written again and again with other bytes at the end. To a scan each is a
photo of its own, decoded, kept and counted like any other.
"""

import shutil
from itertools import cycle, islice
from pathlib import Path

from casting_core.data.drawing.synthetic import write_sample

COPIES = 3  # drawn of each casting
EACH = 500  # photos in all for one casting that is drawn, but at least
LEAST = 20  # castings are drawn


def write_many(out: Path, *, photos: int, room: Path) -> None:
    """Writes a dataset of so many different photos in the public layout; ``room`` is an empty folder to draw in."""
    write_sample(room, castings=max(LEAST, photos // EACH), copies=COPIES, seed=20_260_601)
    drawn = sorted(room.rglob("*.jpeg"))
    contents = [path.read_bytes() for path in drawn]
    for folder in {path.parent.relative_to(room) for path in drawn}:
        (out / folder).mkdir(parents=True)
    for number, at in enumerate(islice(cycle(range(len(drawn))), photos)):
        place = drawn[at].parent.relative_to(room)
        name = f"{drawn[at].name.rsplit('_', 1)[0]}_{number}.jpeg"  # numbered through, as in the public dataset
        (out / place / name).write_bytes(contents[at] + number.to_bytes(8, "big"))  # behind the end of the picture
    shutil.rmtree(room)
