"""Is this a photo we may judge at all? One that is black, blurred, too small or of something else gets no verdict.

What a good photo looks like is learned from the photos a model was trained on, and kept with the model. Bounds are
wide: the gate is there for photos that no network could judge, not for castings that look a little different.
"""

import io
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.measures import mean_and_spread, sharpness
from casting_core.data.imaging.thumbnails import thumbnail
from casting_core.errors import ModelError

COMPONENTS = 24  # directions in which the trained photos' thumbnails differ
SMALLEST = 0.5  # of the model's image size: enlarging a smaller photo invents what it does not show
FLAT = 4.0  # grey levels of standard deviation; below it there is no picture
BLUR = 0.3  # of the least sharp trained photos: what a blur of about three pixels leaves
DARK = 0.45  # of the mean grey level of the darkest trained photos
BRIGHT = 0.8  # of the way from the brightest trained photos to all white
STRANGE = 1.6  # times the largest share of a trained photo's look that the components do not explain
ENOUGH = 40  # photos; with fewer, what a casting looks like cannot be learned


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What the photos a model was trained on look like; made by ``learn``."""

    darkest: float  # mean grey level, 0..255
    brightest: float
    sharpness: float  # of the least sharp
    mean: NDArray[np.float64]  # (THUMBNAIL squared,)
    components: NDArray[np.float64]  # (COMPONENTS, THUMBNAIL squared); empty where there were too few photos
    strangest: float  # share of the look not explained, 0..1

    def to_bytes(self) -> bytes:
        """The reference as a numpy archive."""
        packed = io.BytesIO()
        np.savez_compressed(packed, **asdict(self))
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Reference":
        """The way back; ``ModelError`` where the bytes are not a reference."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                return cls(
                    darkest=float(arrays["darkest"]),
                    brightest=float(arrays["brightest"]),
                    sharpness=float(arrays["sharpness"]),
                    mean=arrays["mean"],
                    components=arrays["components"],
                    strangest=float(arrays["strangest"]),
                )
        except Exception as error:  # zipfile, struct and numpy each have their own words for damaged
            raise ModelError("the model's gate cannot be read") from error


def learn(grey: Grey) -> Reference:
    """What these photos, shape (n, size, size), look like.

    Half of them shape the look, the other half say how far it reaches.
    """
    light = grey.mean(axis=(1, 2))
    looks = np.array([thumbnail(photo) for photo in grey])
    mean = looks[::2].mean(axis=0)
    components, strangest = np.zeros((0, looks.shape[1])), 1.0
    if len(grey) >= ENOUGH:
        components = np.linalg.svd(looks[::2] - mean, full_matrices=False)[2][:COMPONENTS]
        strangest = max(_strangeness(one, mean, components) for one in looks[1::2])
    return Reference(
        darkest=float(np.quantile(light, 0.001)),
        brightest=float(np.quantile(light, 0.999)),
        sharpness=float(np.quantile([sharpness(photo) for photo in grey], 0.01)),
        mean=mean,
        components=components,
        strangest=strangest,
    )


def refusal(grey: Grey, fitted: Grey, reference: Reference) -> str | None:
    """Why there can be no verdict on a photo, as a sentence for the person at the camera; ``None`` where there can.

    ``grey`` is the photo as taken, ``fitted`` the same photo at the model's size.
    """
    return _too_small(grey, fitted) or _ill_lit(fitted, reference) or _foreign_or_blurred(fitted, reference)


def _too_small(grey: Grey, fitted: Grey) -> str | None:
    if min(grey.shape) >= SMALLEST * fitted.shape[0]:
        return None
    return f"{grey.shape[1]} x {grey.shape[0]} pixels are too few to see a defect; go closer or use a better camera"


def _ill_lit(fitted: Grey, reference: Reference) -> str | None:
    light, contrast = mean_and_spread(fitted)
    if contrast < FLAT:
        shade = "black" if light < 64 else "white" if light > 192 else "grey"
        return f"the photo is {shade} all over; check light, lens cap and exposure"
    if light < DARK * reference.darkest:
        return "the photo is far darker than those the model was trained on; add light"
    if 255 - light < (1 - BRIGHT) * (255 - reference.brightest):
        return "the photo is far brighter than those the model was trained on; take away light"
    return None


def _foreign_or_blurred(fitted: Grey, reference: Reference) -> str | None:
    if len(reference.components):
        strangeness = _strangeness(thumbnail(fitted), reference.mean, reference.components)
        if strangeness > min(STRANGE * reference.strangest, 0.95):
            return "this does not look like the castings the model was trained on; check part, distance and position"
    if sharpness(fitted) < BLUR * reference.sharpness:
        return "the photo is blurred; focus, and hold the camera still"
    return None


def _strangeness(one: NDArray[np.float64], mean: NDArray[np.float64], components: NDArray[np.float64]) -> float:
    """The share of a look that the components cannot explain, 0 to about 1."""
    apart = one - mean
    return float(np.sum((apart - (apart @ components.T) @ components) ** 2))
