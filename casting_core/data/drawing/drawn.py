"""What a drawn casting is: one photo, and the truth about it to the pixel."""

from dataclasses import dataclass, replace
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casting_core.data.drawing.canvas import SIZE, noise
from casting_core.data.drawing.defects import add_defect, changed
from casting_core.data.drawing.parts import PARTS, Part
from casting_core.data.drawing.scene import DefectKind, photograph
from casting_core.domain import Label

TWO_DEFECTS = 0.15  # share of the defective castings that have two
MARGIN = 90  # pixels of background added all round before a copy is turned


@dataclass(frozen=True, kw_only=True)
class DrawnCasting:
    """One drawn photo of a casting, with the truth about it."""

    pixels: NDArray[np.uint8]  # (300, 300) grey levels
    label: Label
    kinds: tuple[DefectKind, ...]  # none for an ok casting
    mask: NDArray[np.bool_]  # (300, 300), true on its defects
    part: Part = Part.IMPELLER


def draw_casting(seed: int, *, label: Label, part: Part = Part.IMPELLER) -> DrawnCasting:
    """The casting of this seed. Either label gives the same part in the same light, with or without its defects."""
    sound, camera, faults = (np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(3))
    scene = PARTS[part].draw(sound)
    picture, kinds = scene.picture, _kinds(faults) if label is Label.DEFECTIVE else ()
    for kind in kinds:
        picture = add_defect(kind, scene, picture, faults)
    mask = changed(scene.picture, picture)
    pixels = _rounded(photograph(scene.camera, picture, camera))
    return DrawnCasting(pixels=pixels, label=label, kinds=kinds, mask=mask, part=part)


def copy_casting(casting: DrawnCasting, seed: int) -> DrawnCasting:
    """Another photo of the casting: turned, perhaps mirrored, a little sheared or scaled, in other light."""
    rng = np.random.default_rng(seed)
    matrix = _turning(rng)
    gain, offset = rng.uniform(0.88, 1.12), rng.uniform(-12, 12)
    if scale := PARTS[casting.part].scale:
        matrix = matrix * rng.uniform(1 - scale, 1 + scale)
    padded = Image.fromarray(_widened(casting.pixels, rng))
    turned = np.asarray(_moved(padded, matrix, Image.Resampling.BICUBIC), dtype=np.float32)
    mask = Image.fromarray(np.pad(casting.mask, MARGIN).astype(np.uint8) * 255)
    moved = np.asarray(_moved(mask, matrix, Image.Resampling.BILINEAR)) > 127
    pixels = _rounded((turned - 128) * gain + 128 + offset)
    return replace(casting, pixels=pixels, mask=moved)


def _kinds(rng: np.random.Generator) -> tuple[DefectKind, ...]:
    """One kind of defect, sometimes two different ones."""
    count = 2 if rng.random() < TWO_DEFECTS else 1
    return tuple(list(DefectKind)[at] for at in rng.choice(len(DefectKind), size=count, replace=False))


def _rounded(levels: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def _turning(rng: np.random.Generator) -> NDArray[np.float64]:
    """A 2 x 2 matrix from a pixel of the copy to a pixel of the original, both about the middle of the photo."""
    angle = rng.uniform(-pi, pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shear = np.array([[1.0, rng.uniform(-0.05, 0.05)], [0.0, 1.0]])
    mirror = np.diag([-1.0 if rng.random() < 0.5 else 1.0, 1.0])
    return np.asarray(mirror @ shear @ turn, dtype=np.float64)


def _moved(wide: Image.Image, matrix: NDArray[np.float64], resample: Image.Resampling) -> Image.Image:
    """The 300 x 300 pixels that the matrix takes from a picture with a margin."""
    middle = MARGIN + SIZE / 2
    shift = middle - matrix @ np.array([SIZE / 2, SIZE / 2])
    (a, b), (d, e) = matrix.tolist()
    affine = (a, b, float(shift[0]), d, e, float(shift[1]))
    return wide.transform((SIZE, SIZE), Image.Transform.AFFINE, affine, resample=resample)


def _widened(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The photo with a margin of background, so that the corners of a turned copy are neither black nor streaked."""
    small = Image.fromarray(pixels).resize((30, 30), Image.Resampling.BOX)
    padded = Image.fromarray(np.pad(np.asarray(small), MARGIN // 10, mode="edge"))
    around = np.asarray(padded.resize((SIZE + 2 * MARGIN,) * 2, Image.Resampling.BILINEAR), dtype=np.float32)
    grainy = around + noise(rng, *around.shape) * np.float32(_grain(pixels))
    grainy[MARGIN:-MARGIN, MARGIN:-MARGIN] = pixels
    return _rounded(grainy)


def _grain(pixels: NDArray[np.uint8]) -> float:
    """Spread of the noise, in grey levels, measured between neighbours along the upper border."""
    return float(np.diff(pixels[:8].astype(np.float32), axis=1).std() / sqrt(2))
