"""Views of parts as they might have been photographed too: turned, mirrored, nearer, in other light, less sharp.

The part is moved before it is unwound or cut out, so that every view is sampled from its photo once. The label stays.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.data.imaging.alignment.placement import Placement
from casting_core.data.imaging.images import Grey

TURN = {Kind.ROUND: np.pi, Kind.REGISTERED: 0.03, Kind.FREE: np.pi}  # radians, either way
SHEAR = {Kind.ROUND: 0.02, Kind.REGISTERED: 0.02, Kind.FREE: 0.05}  # shear and stretch, share: what alignment leaves
SIZE = {Kind.ROUND: 0.05, Kind.REGISTERED: 0.02, Kind.FREE: 0.05}  # larger or smaller, share
SHIFT = {Kind.ROUND: 0.015, Kind.REGISTERED: 0.015, Kind.FREE: 0.04}  # radii of the part, either way
GAIN = (0.55, 1.8)  # factor on all grey levels
GAMMA = {Kind.ROUND: (0.5, 2.0), Kind.REGISTERED: (0.7, 1.4), Kind.FREE: (0.7, 1.4)}
BLURRED = 0.5  # share of views
BLUR = {Kind.ROUND: (0.3, 1.5), Kind.REGISTERED: (0.3, 1.1), Kind.FREE: (0.3, 1.1)}  # pixels of the view
NOISE = {Kind.ROUND: 10.0, Kind.REGISTERED: 7.0, Kind.FREE: 7.0}  # grey levels of standard deviation, at most
NOISE_BANK = 1 << 20  # values of noise to choose from
NOISE_SPREAD = 32.0  # their standard deviation, so that whole numbers are fine enough


def augmented(grey: Grey, placement: Placement, alignment: Alignment, rng: np.random.Generator) -> Grey:
    """A view of the part in this photo, shape ``alignment.shape``, moved and relit at random."""
    return relit(alignment.view(grey, moved(placement, alignment.kind, rng)), alignment.kind, rng)


def moved(placement: Placement, kind: Kind, rng: np.random.Generator) -> Placement:
    """The part moved at random: turned, sheared, scaled and shifted as far as its alignment leaves open.

    It is mirrored in half of the cases where its alignment does not tell sides apart.
    """
    turn, size = rng.uniform(-TURN[kind], TURN[kind]), 1 + rng.uniform(-SIZE[kind], SIZE[kind])
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * size
    sheared = np.eye(2) + rng.uniform(-SHEAR[kind], SHEAR[kind], (2, 2))
    mirrored = np.diag([1.0, 1.0 if kind is Kind.REGISTERED else rng.choice((-1.0, 1.0))])
    shift = rng.uniform(-SHIFT[kind], SHIFT[kind], 2)
    on_part = np.column_stack([sheared @ turned @ mirrored, shift])
    matrix = placement.matrix[:, :2] @ on_part
    matrix[:, 2] += placement.matrix[:, 2]
    return Placement(matrix=matrix.astype(np.float32), confidence=placement.confidence)


def mirrored_quarter(grey: Grey, number: int) -> Grey:
    """A square photo turned by quarters, mirrored or not: ``number`` counts its eight ways to lie, and begins anew."""
    turned = np.rot90(grey, number % 4)
    return np.ascontiguousarray(turned[:, ::-1] if number % 8 >= 4 else turned)


def in_other_light(view: Grey, kind: Kind, rng: np.random.Generator) -> Grey:
    """The view brighter or darker, and with a lamp or a camera that favours bright or dark grey levels."""
    levels = rng.uniform(*GAIN) * (np.arange(256) / 255.0) ** rng.uniform(*GAMMA[kind])
    return cv2.LUT(view, np.clip(255.0 * levels, 0, 255).astype(np.uint8)).astype(np.uint8, copy=False)


def relit(view: Grey, kind: Kind, rng: np.random.Generator) -> Grey:
    """The view in other light, at another exposure, less sharp and with the noise of a sensor.

    A skin that was cast hides more than one that was turned, so there less is varied: defects would go under.
    """
    if rng.random() < BLURRED:
        view = cv2.GaussianBlur(view, (0, 0), rng.uniform(*BLUR[kind])).astype(np.uint8, copy=False)
    view = in_other_light(view, kind, rng)
    start = int(rng.integers(NOISE_BANK - view.size))
    noise = _noise_bank()[start : start + view.size].reshape(view.shape)
    # Saturating sums of 8 bits are what OpenCV does best: a tenth of the time that floats take.
    scaled = cv2.convertScaleAbs(noise, alpha=rng.uniform(0, NOISE[kind]) / NOISE_SPREAD)
    return np.where(noise < 0, cv2.subtract(view, scaled), cv2.add(view, scaled)).astype(np.uint8, copy=False)


@cache
def _noise_bank() -> NDArray[np.int16]:
    return np.random.default_rng(0).normal(0, NOISE_SPREAD, NOISE_BANK).astype(np.int16)
