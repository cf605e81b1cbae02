"""What photos of a size can show: said when they are first seen, not when a model has learned from them.

Some are too small for any verdict; of large ones the network sees a smaller picture, in which small defects vanish.
"""

from collections import Counter
from collections.abc import Sequence
from math import ceil

from casting_core.data.datasets.scan import Dataset
from casting_core.judging.gating.gate import SMALLEST
from casting_core.learning.recipes.choices import Detail
from casting_core.learning.recipes.recipe import IMAGE_SIZE, SETTINGS
from casting_core.wording import count, verb

LEAST = ceil(SMALLEST * IMAGE_SIZE)  # pixels of the shorter side: of anything smaller, the gate says "retake"
VISIBLE = 4  # pixels of what the network sees, across, that a defect must have to be told from noise
SPOT = 1.5  # the same of a dark or bright spot, where a network looks for spots at more pixels than usual
REMEDY = "go closer, or use a better camera"

Size = tuple[int, int]  # width and height, in pixels


def too_small(dataset: Dataset) -> tuple[str, ...]:
    """A sentence, where photos of this dataset are too small for a verdict; nothing where all are large enough."""
    usable = dataset.usable
    return of_sizes(list(zip(usable["width"].tolist(), usable["height"].tolist(), strict=True)))


def vanishing(dataset: Dataset, *, seen_at: int = IMAGE_SIZE) -> str:
    """Which defects are too small to be seen, in a sentence; empty where the network sees photos at their own size.

    ``seen_at``: pixels at which it sees them, both sides.
    """
    usable = dataset.usable
    return vanishing_at(list(zip(usable["width"].tolist(), usable["height"].tolist(), strict=True)), seen_at=seen_at)


def vanishing_at(sizes: Sequence[Size], *, seen_at: int = IMAGE_SIZE) -> str:
    """The same of photos of these sizes; half of them are at least as large as the one that is named."""
    if not sizes:
        return ""
    width, height = sorted(sizes, key=max)[len(sizes) // 2]
    longest = max(width, height)
    if longest <= seen_at:
        return ""
    seen = f"the network sees photos of {width:,} x {height:,} pixels at {seen_at:,}"
    nearer = "take photos of a part of the casting"
    wide = ceil(VISIBLE * longest / IMAGE_SIZE)
    if seen_at > IMAGE_SIZE:
        return (
            f"{seen}: of what is less than about {wide} pixels wide in yours it knows dark and bright spots and lines "
            f"only, and those of less than about {ceil(SPOT * longest / seen_at)} vanish; for smaller ones, {nearer}"
        )
    return (
        f"{seen}: a defect that is less than about {wide} pixels wide in yours vanishes; {_finer(longest)}for smaller "
        f"ones, {nearer}"
    )


def _finer(longest: int) -> str:
    """Which setting finds smaller spots in photos whose longer side has so many pixels; empty where none does."""
    useful = [int(one) for one in Detail if IMAGE_SIZE < int(one) <= longest]
    if not useful:
        return ""
    title = SETTINGS["detail"].about.title
    return (
        f"with Backbone and “{title}” at {useful[-1]:,}, spots and lines are found from about "
        f"{ceil(SPOT * longest / useful[-1])}; "
    )


def of_sizes(sizes: Sequence[Size], *, looked_at: bool = False) -> tuple[str, ...]:
    """The same of photos of these sizes; ``looked_at``: they are examples, and there are more."""
    small = Counter(size for size in sizes if min(size) < LEAST)
    if not small:
        return ()
    (width, height), _ = small.most_common(1)[0]
    number, which = small.total(), "looked at" if looked_at else ""
    shown = f"{width} x {height} pixels" + (" or so" if len(small) > 1 else "")
    if number == len(sizes):
        those = f"all {number:,} photos {which}".strip() if number > 1 else f"the photo {which}".strip()
        return (
            f"no model could judge these photos: {those} {verb(number, 'have')} {shown}, and a verdict takes {LEAST} "
            f"on the shorter side; {REMEDY}",
        )
    some = f"{number:,} of {count(len(sizes), 'photo')} {which}".rstrip()
    needs = f"no model gives a verdict on fewer than {LEAST} on the shorter side"
    return (f"{some} {verb(number, 'have')} {shown}; {needs}: {REMEDY}",)
