"""Is this a photo we may judge at all? One unlike those a version knows gets no verdict, but a reason.

What good photos look like is kept with a version (``reference``). Bounds are wide: the gate is there for photos that
nobody could judge, or that show something else, not for castings that look a little different. A part that fills less
of its photo than known parts do is looked at from as near as they are, where it is surely found.
"""

from dataclasses import dataclass

import numpy as np

from casting_core.data.imaging.alignment.alignment import free
from casting_core.data.imaging.images import Grey, fit
from casting_core.data.imaging.measures import mean_and_spread
from casting_core.data.imaging.part import FoundPart, find_part
from casting_core.data.imaging.thumbnails import thumbnail
from casting_core.data.imaging.traces.compression import stretched_blocks
from casting_core.data.imaging.traces.mosaic import chequered
from casting_core.judging.gating.ranges import Sign, measured
from casting_core.judging.gating.reference import RAW, Reference
from casting_core.judging.gating.window import Window

SMALLEST = 0.5  # of the model's image size: enlarging a smaller photo invents what it does not show
FLAT = 4.0  # grey levels of standard deviation; below it there is no picture
DARK = 0.45  # of the mean grey level of the darkest trained photos
DARKER = 0.25  # the same where photos have little in common: what they show may be dark itself
BRIGHT = 0.8  # of the way from the brightest trained photos to all white
OBLONG = 0.04  # logarithm of width over height, from which on a photo is not square
OTHER_LIGHT = (
    5.0  # times the strangest trained part: in glaring light it is 3.5 times as strange, another part 60 times
)
AGAIN = 2  # times

FOREIGN = "this does not look like the castings the model was trained on; check part, distance and position"
STRETCHED = "the photo is stretched or slanted; keep its proportions, and hold the camera straight above the part"
BLURRED = "the photo is blurred; focus, and hold the camera still"
GRAINY = "the photo is far grainier than those the model was trained on; add light, or lower the camera's gain"
SHADED = "a part of the casting lies in shadow or glare; light it evenly from all sides"
SIZED = "the part is larger or smaller in the photo than the model knows it; keep the usual distance"
FOREIGN_OR_SHADED = (
    "this does not look like the castings the model was trained on, or half of it lies in shadow or glare;"
    " check the part, and light it evenly from all sides"
)
MOSAIC = "this is raw data of a colour camera; let the camera make a picture of it"


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """How a photo is looked at, and why there can be no verdict on it; no reason where there can."""

    seen: Grey  # at the model's size
    reason: str | None
    part: FoundPart | None = None  # in ``seen``, as the gate found it; none where it was not looked for
    window: Window  # of the photo as taken, that ``seen`` shows
    note: str = ""  # where it is not the whole photo that is looked at


def look(grey: Grey, size: int, reference: Reference) -> Look:
    """How a photo as taken is to be looked at, and why there can be no verdict on it, in a sentence for the camera."""
    fitted, window = fit(grey, size), Window.whole(grey)
    if reason := _spoiled(grey, fitted, reference):
        return Look(seen=fitted, reason=reason, window=window)
    whole = _part(fitted, reference)
    seen, part, near = grey, whole, Window(left=0, top=0, side=window.side)  # what is cut out is told in its pixels
    if _stretched_file(grey, whole, reference):
        return Look(seen=fitted, reason=STRETCHED, window=window)
    for _ in range(AGAIN):  # from near it is found better, and its size known better
        if not _far_away(part, reference):
            break
        about = _about(seen, part)
        seen, near = about.cut_out(seen), about.of(near)
        part = _part(fit(seen, size), reference)
    if seen is grey or not _agrees(part, reference):  # from near it is not the part
        return Look(seen=fitted, reason=_unlike(whole, reference), part=whole, window=window)
    share = f"{seen.size / grey.size:.0%}"
    note = f"the part fills less of the photo than usual, so only the {share} about it were looked at"
    reason = _too_small(seen, size, reference) or _unlike(part, reference)
    return Look(seen=part.photo, reason=reason, part=part, note=note, window=near)


def refusal(fitted: Grey, reference: Reference) -> str | None:
    """Why there can be no verdict on a photo that has the model's size already; ``None`` where there can."""
    return look(fitted, len(fitted), reference).reason


def _part(fitted: Grey, reference: Reference) -> FoundPart:
    return find_part(fitted, reference.alignment or free(len(fitted), reason="a gate of an older program"))


def _stretched_file(grey: Grey, part: FoundPart, reference: Reference) -> bool:
    """Whether both the photo and the part in it are longer in one direction than photos and parts usually are.

    A photo that is wider than high shows a part as wide as high, unless a square one was stretched to its shape.
    """
    wider = float(np.log(grey.shape[1] / grey.shape[0]))
    if not reference.square or abs(wider) < OBLONG or not part.alignment.finds_part:
        return False
    return part.widening / wider > 0.5 and _agrees(part, reference)


def _agrees(part: FoundPart, reference: Reference) -> bool:
    """Whether what was found agrees with the usual part as known ones do."""
    known = reference.ranges.get(Sign.AGREEMENT)
    return known is None or part.agreement >= known.low


def _far_away(part: FoundPart, reference: Reference) -> bool:
    """Whether there seems to be a part, smaller in its photo than any known one.

    That it is the part, and how it is lit, the gate asks when it is seen from near, as of any photo.
    """
    known = reference.ranges.get(Sign.SIZE)
    return known is not None and part.proportions[0] < known.low and part.alignment.found(part.placement)


def _spoiled(grey: Grey, fitted: Grey, reference: Reference) -> str | None:
    """What is wrong with a photo whatever it shows."""
    if not reference.raw and chequered(grey) > RAW:
        return MOSAIC
    if stretched_blocks(grey) > reference.blocks:
        return STRETCHED
    return _too_small(grey, len(fitted), reference) or _ill_lit(fitted, reference)


def _too_small(grey: Grey, size: int, reference: Reference) -> str | None:
    if min(grey.shape) >= SMALLEST * size * reference.narrowest:
        return None
    return f"{grey.shape[1]} x {grey.shape[0]} pixels are too few to see a defect; go closer or use a better camera"


def _ill_lit(fitted: Grey, reference: Reference) -> str | None:
    light, contrast = mean_and_spread(fitted)
    if contrast < FLAT:
        shade = "black" if light < 64 else "white" if light > 192 else "grey"
        return f"the photo is {shade} all over; check light, lens cap and exposure"
    if light < (DARK if reference.alike else DARKER) * reference.darkest:
        return "the photo is far darker than those the model was trained on; add light"
    if 255 - light < (1 - BRIGHT) * (255 - reference.brightest):
        return "the photo is far brighter than those the model was trained on; take away light"
    return None


def _unlike(part: FoundPart, reference: Reference) -> str | None:
    """What sets a photo at the model's size, and the part in it, apart from those it was trained on."""
    signs = measured(part)
    low = {sign for sign, known in reference.ranges.items() if signs[sign] < known.low}
    high = {sign for sign, known in reference.ranges.items() if signs[sign] > known.high}
    if reason := _told(low, high):
        return reason
    if reference.photo is not None and not reference.photo.likens(thumbnail(part.photo)):
        return FOREIGN
    if reference.part is not None and not reference.part.likens(part.look, strange=OTHER_LIGHT):
        return FOREIGN
    return None


def _told(low: set[Sign], high: set[Sign]) -> str | None:
    """The worst of what lies outside its range, as a sentence; what explains the others comes first.

    Blur and shadow hide the part, so it agrees less with the usual one; a part that is another one may be bright on one
    side as well, but rarely by as much as a shadow makes it.
    """
    outside = low | high
    told = (
        (low & {Sign.SHARPNESS, Sign.GRAIN}, BLURRED),
        (Sign.BRIGHTER_HALF in high and Sign.AGREEMENT in low, FOREIGN_OR_SHADED),
        (low & {Sign.AGREEMENT}, FOREIGN),
        (high & {Sign.SHARPNESS, Sign.GRAIN}, GRAINY),
        (outside & {Sign.LENGTH, Sign.LOPSIDED, Sign.STRETCH}, STRETCHED),
        (outside & {Sign.SIZE}, SIZED),
        (outside & {Sign.BRIGHTER_HALF, Sign.DARKEST_EIGHTH}, SHADED),
    )
    return next((sentence for found, sentence in told if found), None)


def _about(grey: Grey, part: FoundPart) -> Window:
    """The square about a part, so large that the part is as large in it as usual."""
    height, width = grey.shape
    scale = max(height, width) / len(part.photo)  # pixels of the photo as taken in one of the fitted photo
    x, y = (scale * (place - (len(part.photo) - 1) / 2) for place in part.placement.centre)
    side = max(1, round(part.proportions[0] * max(height, width)))
    return Window(left=round((width - side) / 2 + x), top=round((height - side) / 2 + y), side=side)
