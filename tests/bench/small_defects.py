"""What is found of pores a few pixels wide in photos of 2,400 x 2,400: ``python -m tests.bench.small_defects``.

Drawn parts, half of them with one pore; four folds of castings, each judged by a head that has not seen it, once at the
usual size and once finer. Exit codes: 0 when the bar was kept, 1 when not.
"""

import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from math import tau
from pathlib import Path

import click
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 2400  # pixels of a photo
SKIN = ((0.8, 2.0), (2.0, 2.0))  # grain of the metal: smoothed over so many pixels, spread in grey levels at MIDDLE
MIDDLE = 150.0  # grey level
QUALITY = 95  # of the JPEG files
SEED = 9_000
FOUND = 0.95  # area under the ROC curve


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--part", default="impeller", show_default=True, help="What is drawn: impeller or bracket.")
@click.option("--width", default=4.0, show_default=True, type=click.FloatRange(min=1), help="Of a pore, in pixels.")
@click.option("--castings", default=120, show_default=True, type=click.IntRange(min=16), help="Half with a pore.")
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(min=1), help="How often folds are drawn.")
@click.option("--detail", "details", default=("300", "900"), show_default=True, multiple=True, help="Photos seen at.")
def main(part: str, width: float, castings: int, seeds: int, details: tuple[str, ...]) -> None:
    """Measure what is found of small pores; the bar is on the mean at the last size."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        os.environ |= {"CASTING_DATA_DIR": str(Path(room, "data")), "TF_CPP_MIN_LOG_LEVEL": "3"}
        write(Path(room, "drawn"), part=part, width=width, castings=castings)
        *_, finest = [areas(Path(room, "drawn"), detail, seeds=seeds) for detail in details]
    kept = float(np.mean(finest)) >= FOUND
    click.echo(f"pores of {width:g} px in {SIDE:,} x {SIDE:,}, seen at {details[-1]}: bar {FOUND} kept: {kept}")
    sys.exit(0 if kept else 1)


def write(out: Path, *, part: str, width: float, castings: int, side: int = SIDE) -> None:
    """Draws so many castings into this new folder, every second one with one pore of this width (pixels)."""
    for folder in ("def_front", "ok_front"):
        (out / folder).mkdir(parents=True)
    asked = [(out, part, number, width * (number % 2), side) for number in range(castings)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_write_one, asked))


def _write_one(asked: tuple[Path, str, int, float, int]) -> None:
    out, part, number, width, side = asked
    path = f"{'def_front/def' if width else 'ok_front/ok'}_{number}.jpeg"
    Image.fromarray(draw(SEED + number, part=part, width=width, side=side)).save(out / path, quality=QUALITY)


def draw(seed: int, *, part: str, width: float, side: int = SIDE) -> NDArray[np.uint8]:
    """A casting at ``side`` x ``side`` pixels, metal and camera as grainy as in such a photo; 0 wide is no pore."""
    from casting_core.data.drawing import defects
    from casting_core.data.drawing.parts import PARTS, Part
    from casting_core.data.drawing.scene import DefectKind

    sound, camera, faults = (np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(3))
    scene = PARTS[Part(part)].draw(sound)
    picture = cv2.resize(scene.picture, (side, side), interpolation=cv2.INTER_CUBIC)
    skin = np.sum([np.float32(spread / MIDDLE) * _grain(camera, side, smooth) for smooth, spread in SKIN], axis=0)
    picture = np.asarray(picture * (1 + skin), dtype=np.float32)
    if width:
        x, y = ((one + 0.5) * side / len(scene.picture) - 0.5 for one in scene.spot(DefectKind.BLOWHOLE, faults))
        reach, (left, top) = int(2 * width) + 4, (int(x), int(y))
        here = np.s_[top - reach : top + reach, left - reach : left + reach]
        down, right = np.mgrid[here].astype(np.float32)
        picture[here] = defects.pit(
            picture[here].astype(np.float32), right - np.float32(x), down - np.float32(y), radius=width / 2,
            depth=defects.strength(faults), light=scene.light, turn=faults.uniform(0, tau),
        )  # fmt: skip
    seen = cv2.GaussianBlur(picture, (0, 0), scene.camera.sharpness) * np.float32(scene.camera.exposure)
    return np.clip(np.rint(seen + scene.camera.grain * _grain(camera, side, 0.45)), 0, 255).astype(np.uint8)


def _grain(rng: np.random.Generator, side: int, smooth: float) -> NDArray[np.float32]:
    grain = cv2.GaussianBlur(rng.standard_normal((side, side), dtype=np.float32), (0, 0), smooth)
    return np.asarray(grain / grain.std(), dtype=np.float32)


def areas(drawn: Path, detail: str, *, seeds: int) -> list[float]:
    """The area under the ROC curve of heads that have not seen the castings they judge, for each draw of four folds.

    It prints them with what they took.
    """
    from sklearn.metrics import roc_auc_score

    from casting_core.data.datasets import splits
    from casting_core.data.imaging.alignment.alignment import free
    from casting_core.data.imaging.images import fit, read
    from casting_core.learning.inputs.photos import Photos
    from casting_core.learning.inputs.views import Views
    from casting_core.learning.networks.backbone import network, out_of_fold
    from casting_core.learning.networks.backbone.views import NumberViews

    files = sorted(drawn.glob("*/*.jpeg"))
    pixels = np.stack([fit(read(one).grey, int(detail)) for one in files])
    labels = np.array([one.parent.name == "def_front" for one in files], dtype=np.float32)
    rows, alignment = np.arange(len(files)), free(int(detail), reason="drawn as it is seen")
    photos = Photos(pixels=pixels, rows=rows, labels=labels, castings=rows)
    views, began = NumberViews(Views(pixels, alignment), network.build(alignment)), time.process_time()
    found = []
    for seed in range(seeds):
        fold = splits.folds(rows, labels.astype(int), number=4, seed=seed)
        said = out_of_fold.logits(views, photos, fold, photos, fold)
        found.append(float(roc_auc_score(labels, said)))
    took = time.process_time() - began
    told = ", ".join(f"{one:.3f}" for one in found)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    click.echo(f"seen at {detail}: AUC {told}; {took:.0f} s of processor, {most:,.0f} MB at most")
    return found


if __name__ == "__main__":
    main()
