"""Is this a photo we may judge at all? One unlike those a version knows gets no verdict, but a reason.

What good photos look like is learned from those a version was trained on, and kept with it. Bounds are wide: the gate
is there for photos that nobody could judge, or that show something else, not for castings that look a little
different. A part that fills less of its photo than known parts do is looked at from as near as they are, where it is
surely found.
"""

import io
import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from casting_core.data.imaging.alignment import borders
from casting_core.data.imaging.alignment.alignment import Alignment, Kind, free
from casting_core.data.imaging.alignment.choice import learn as learn_alignment
from casting_core.data.imaging.images import Grey, fit
from casting_core.data.imaging.measures import mean_and_spread
from casting_core.data.imaging.part import FoundPart, find_part
from casting_core.data.imaging.thumbnails import thumbnail
from casting_core.data.imaging.traces.compression import stretched_blocks
from casting_core.data.imaging.traces.mosaic import chequered
from casting_core.errors import ModelError
from casting_core.judging.gating import appearance, ranges
from casting_core.judging.gating.appearance import Appearance
from casting_core.judging.gating.ranges import Range, Sign, measured
from casting_core.judging.gating.window import Window

SMALLEST = 0.5  # of the model's image size: enlarging a smaller photo invents what it does not show
FLAT = 4.0  # grey levels of standard deviation; below it there is no picture
DARK = 0.45  # of the mean grey level of the darkest trained photos
BLUR = 0.3  # of the least sharp trained photos: the bound of gates that older programs learned
DARKER = 0.25  # the same where photos have little in common: what they show may be dark itself
UNLIKE = 0.5  # share of the strangest trained photo that is not explained, from which on photos have little in common
BRIGHT = 0.8  # of the way from the brightest trained photos to all white
ENOUGH = 40  # photos; with fewer, what a casting looks like cannot be learned
OBLONG = 0.04  # logarithm of width over height, from which on a photo is not square
OTHER_LIGHT = (
    5.0  # times the strangest trained part: in glaring light it is 3.5 times as strange, another part 60 times
)
RAW = 0.01  # of their brightness: from there on grey levels swing from pixel to pixel as behind colour filters
BLOCKS = 3.5  # medians of the spectrum: from there on blocks of JPEG are seen to be longer one way than the other
REGULAR = 1.5  # times as plainly as in 95 of 100 known photos: a regular part, as a sieve is, looks like such blocks

AGAIN = 2  # times

NOTHING = Appearance(mean=np.zeros(0), components=np.zeros((0, 0)), strangest=1.0, spread=np.zeros(0), farthest=0.0)
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
class Reference:
    """What the photos a model was trained on look like; made by ``learn``.

    One that an older program learned has no ranges and knows no part; it judges by what it has.
    """

    darkest: float  # mean grey level, 0..255
    brightest: float
    raw: bool = False  # whether they are raw data of a colour camera themselves
    blocks: float = np.inf  # how plainly blocks longer one way than the other may be seen; not asked by older gates
    square: bool = False  # whether they are as wide as high
    narrowest: float = 1.0  # the short side of the narrowest of them, in long sides
    ranges: dict[Sign, Range] = field(default_factory=dict)
    alignment: Alignment | None = None  # how the usual part is found
    photo: Appearance | None = None  # of whole photos; none where there were too few
    part: Appearance | None = None  # of the part, however it is turned; none where it is not round

    def without_shapes(self) -> "Reference":
        """The same, but how a part may be shaped, and how sharp and grainy it may be at most, is not asked.

        For photos that showed sound parts only: a defect may change all of that, and is to be judged.
        """
        low = {sign: replace(self.ranges[sign], high=np.inf) for sign in (Sign.SHARPNESS, Sign.GRAIN)}
        return replace(self, ranges=low)

    def to_bytes(self) -> bytes:
        """The reference as a numpy archive; programs that know less find what they know in it."""
        packed = io.BytesIO()
        np.savez_compressed(packed, **self.arrays())
        return packed.getvalue()

    def arrays(self) -> dict[str, Any]:
        """All that is known, by the names it has in the archive; those of ``photo`` are the first programs' names."""
        photo, part = self.photo or NOTHING, self.part or NOTHING
        sharpness = self.ranges.get(Sign.SHARPNESS, Range(low=0.0, high=np.inf)).low
        return {
            "darkest": self.darkest,
            "brightest": self.brightest,
            "sharpness": sharpness / BLUR,
            "mean": photo.mean,
            "components": photo.components,
            "strangest": photo.strangest,
            "raw": self.raw,
            "blocks": self.blocks,
            "square": self.square,
            "narrowest": self.narrowest,
            "signs": np.array([str(sign) for sign in self.ranges]),
            "low": np.array([one.low for one in self.ranges.values()]),
            "high": np.array([one.high for one in self.ranges.values()]),
            "alignment": np.array(json.dumps(self.alignment.to_dict() if self.alignment else None)),
            "spread": photo.spread,
            "farthest": photo.farthest,
        } | {f"part_{name}": value for name, value in vars(part).items()}

    @classmethod
    def from_bytes(cls, content: bytes) -> "Reference":
        """The way back, for archives of older programs, too; ``ModelError`` where the bytes are not a reference."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return _reference(dict(arrays))
        except Exception as error:  # zipfile, struct, json and numpy each have their own words for damaged
            raise ModelError("the model's gate cannot be read") from error


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """How a photo is looked at, and why there can be no verdict on it; no reason where there can."""

    seen: Grey  # at the model's size
    reason: str | None
    part: FoundPart | None = None  # in ``seen``, as the gate found it; none where it was not looked for
    window: Window  # of the photo as taken, that ``seen`` shows
    note: str = ""  # where it is not the whole photo that is looked at


def learn(grey: Grey, alignment: Alignment | None = None) -> Reference:
    """What these photos, shape (n, size, size), look like; ``alignment`` says how their part is found, if known."""
    light = grey.mean(axis=(1, 2))
    if alignment is None or not alignment.finds_part:
        known = len(grey) >= ENOUGH
        alignment = learn_alignment(list(grey)) if known else free(grey.shape[1], reason="too few photos")
    parts = [find_part(photo, alignment) for photo in grey]
    shapes = [_shape(photo) for photo in grey]
    photo = appearance.learn(np.array([thumbnail(one) for one in grey])) if len(grey) >= ENOUGH else None
    enough, turns = len(grey) >= ENOUGH, alignment.kind is Kind.ROUND
    return Reference(
        darkest=float(np.quantile(light, 0.001)),
        brightest=float(np.quantile(light, 0.999)),
        raw=float(np.median([chequered(photo) for photo in grey])) > RAW,
        blocks=max(BLOCKS, REGULAR * float(np.quantile([stretched_blocks(photo) for photo in grey], 0.95))),
        square=bool(np.median(shapes) == 1),
        narrowest=float(np.quantile(shapes, 0.01)),
        ranges=ranges.learn(parts, alike=_alike(alignment, photo)),
        alignment=alignment,
        photo=photo,
        part=appearance.learn(np.array([part.look for part in parts])) if enough and turns else None,
    )


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


def _alike(alignment: Alignment, photo: Appearance | None) -> bool:
    """Whether photos show one part, and not what each of them has for itself, as crops and boards do."""
    return alignment.finds_part and (photo is None or photo.strangest < UNLIKE)


def _shape(fitted: Grey) -> float:
    """The short side of the photo in a fitted one, in long sides."""
    lengths = [len(fitted) - 2 * added for added in borders.added(fitted)]
    return min(lengths) / max(lengths)


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
    alike = reference.alignment is None or _alike(reference.alignment, reference.photo)
    if light < (DARK if alike else DARKER) * reference.darkest:
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


def _reference(arrays: dict[str, Any]) -> Reference:
    photo = _appearance(arrays)
    darkest, brightest = float(arrays["darkest"]), float(arrays["brightest"])
    if "signs" not in arrays:
        sharp = Range(low=BLUR * float(arrays["sharpness"]), high=np.inf)
        return Reference(darkest=darkest, brightest=brightest, ranges={Sign.SHARPNESS: sharp}, photo=photo)
    bounds = zip(arrays["signs"].tolist(), arrays["low"].tolist(), arrays["high"].tolist(), strict=True)
    alignment = json.loads(str(arrays["alignment"]))
    return Reference(
        darkest=darkest,
        brightest=brightest,
        raw=bool(arrays["raw"]),
        blocks=float(arrays.get("blocks", np.inf)),
        square=bool(arrays["square"]),
        narrowest=float(arrays.get("narrowest", 1.0)),
        ranges={Sign(name): Range(low=low, high=high) for name, low, high in bounds},
        alignment=Alignment.of(alignment) if alignment else None,
        photo=photo,
        part=_appearance({name: arrays[f"part_{name}"] for name in vars(NOTHING)}),
    )


def _appearance(arrays: dict[str, Any]) -> Appearance | None:
    """What photos or parts look like, where that was learned."""
    if not len(arrays["components"]):
        return None
    return Appearance(
        mean=arrays["mean"],
        components=arrays["components"],
        strangest=float(arrays["strangest"]),
        spread=arrays.get("spread", np.zeros(0)),
        farthest=float(arrays.get("farthest", 0.0)),
    )
