"""What good photos look like: learned from those a version was trained on, and kept with it."""

import io
import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from casting_core.data.imaging.alignment import borders
from casting_core.data.imaging.alignment.alignment import Alignment, Kind, free
from casting_core.data.imaging.alignment.choice import learn as learn_alignment
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.part import find_part
from casting_core.data.imaging.thumbnails import thumbnail
from casting_core.data.imaging.traces.compression import stretched_blocks
from casting_core.data.imaging.traces.mosaic import chequered
from casting_core.errors import ModelError
from casting_core.judging.gating import appearance, ranges
from casting_core.judging.gating.appearance import Appearance
from casting_core.judging.gating.ranges import Range, Sign

BLUR = 0.3  # of the least sharp trained photos: the bound of gates that older programs learned
UNLIKE = 0.5  # share of the strangest trained photo that is not explained, from which on photos have little in common
ENOUGH = 40  # photos; with fewer, what a casting looks like cannot be learned
RAW = 0.01  # of their brightness: from there on grey levels swing from pixel to pixel as behind colour filters
BLOCKS = 3.5  # medians of the spectrum: from there on blocks of JPEG are seen to be longer one way than the other
REGULAR = 1.5  # times as plainly as in 95 of 100 known photos: a regular part, as a sieve is, looks like such blocks

NOTHING = Appearance(mean=np.zeros(0), components=np.zeros((0, 0)), strangest=1.0, spread=np.zeros(0), farthest=0.0)


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

    @property
    def alike(self) -> bool:
        """Whether photos show one part, and not what each of them has for itself, as crops and boards do."""
        return self.alignment is None or _alike(self.alignment, self.photo)

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


def _alike(alignment: Alignment, photo: Appearance | None) -> bool:
    return alignment.finds_part and (photo is None or photo.strangest < UNLIKE)


def _shape(fitted: Grey) -> float:
    """The short side of the photo in a fitted one, in long sides."""
    lengths = [len(fitted) - 2 * added for added in borders.added(fitted)]
    return min(lengths) / max(lengths)


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
