"""What a drawn data set is: castings whose defects are known to the pixel, in the folders of the public one."""

import csv
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from casting_core.data.drawing.canvas import SIZE
from casting_core.data.drawing.drawn import DrawnCasting, copy_casting, draw_casting
from casting_core.data.drawing.parts import Part
from casting_core.data.drawing.scene import DefectKind
from casting_core.domain import Label, Split
from casting_core.errors import DatasetError

__all__ = [
    "DefectKind",
    "DrawnCasting",
    "Part",
    "copy_casting",
    "draw_casting",
    "read_castings",
    "read_labels",
    "read_masks",
    "write_sample",
]

TABLE, MASKS = "drawn_castings.csv", "drawn_masks.npz"
FOLDERS = {Label.DEFECTIVE: ("def_front", "cast_def_0"), Label.OK: ("ok_front", "cast_ok_0")}  # folder, start of a name
QUALITY = 90  # of the JPEG files


def write_sample(
    out: Path,
    *,
    part: Part = Part.IMPELLER,
    castings: int = 200,
    copies: int = 3,
    seed: int = 0,
    defective_share: float = 0.6,
    test_share: float = 0.3,
    leaky: bool = False,
    report: Callable[[int, int], None] | None = None,
) -> int:
    """How many photos it wrote: a data set of castings of one part, ``copies`` photos each, the first the original.

    ``OUT/train|test/def_front|ok_front/*.jpeg`` are the photos, ``drawn_castings.csv`` says which casting each shows
    and ``drawn_masks.npz`` where its defects are. Whole castings go to test, the same share of both labels; with
    ``leaky`` each photo goes by itself, as in the public data set. Raises ``DatasetError`` where ``out`` has files.
    """
    _check(out, castings=castings, copies=copies, seed=seed, shares=(defective_share, test_share))
    labels = [Label.DEFECTIVE] * round(castings * defective_share)
    labels += [Label.OK] * (castings - len(labels))
    paths = _paths(labels, copies=copies, test_share=test_share, leaky=leaky, rng=np.random.default_rng(seed))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as room:
            beside = Path(room) / "sample"
            _write(beside, part, labels, paths, seed=seed, report=report)
            if out.exists():
                out.rmdir()  # it is empty, or somebody wrote into it meanwhile and this fails
            beside.rename(out)
    except OSError as error:
        raise DatasetError(f"the sample cannot be written to {str(out)!r}: {error.strerror or error}") from error
    return castings * copies


def read_masks(out: Path) -> dict[str, NDArray[np.bool_]]:
    """Where the defects are, (300, 300) for each defective photo, by the photo's path within ``out``."""
    try:
        with (out / MASKS).open("rb") as file, np.load(file, allow_pickle=False) as packed:
            bits = {path: np.unpackbits(packed[path], count=SIZE * SIZE) for path in packed.files}
    except (OSError, EOFError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise DatasetError(f"no masks in {str(out)!r}: {MASKS} is missing or damaged") from error
    return {path: flat.reshape(SIZE, SIZE).astype(np.bool_) for path, flat in bits.items()}


def read_castings(out: Path) -> dict[str, int]:
    """Which casting each photo shows, by the photo's path within ``out``; empty where nobody wrote it down."""
    try:
        with (out / TABLE).open(newline="", encoding="utf-8") as file:
            return {row["path"]: int(row["casting"]) for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def read_labels(out: Path) -> dict[str, Label]:
    """What each photo was drawn as, by its path within ``out``, whatever its folder is called; empty as above."""
    try:
        with (out / TABLE).open(newline="", encoding="utf-8") as file:
            return {row["path"]: Label[row["label"].upper()] for row in csv.DictReader(file)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _check(out: Path, *, castings: int, copies: int, seed: int, shares: tuple[float, float]) -> None:
    if castings < 1 or copies < 1:
        raise DatasetError(f"a sample has at least one casting and one photo of each, not {castings} and {copies}")
    if not all(0 <= share <= 1 for share in shares):
        raise DatasetError(f"shares lie between 0 and 1, not at {shares[0]} and {shares[1]}")
    if seed < 0:
        raise DatasetError(f"a seed is 0 or more, not {seed}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DatasetError(f"{str(out)!r} exists and is not empty; name a new folder, or empty this one first")


def _paths(
    labels: Sequence[Label], *, copies: int, test_share: float, leaky: bool, rng: np.random.Generator
) -> list[list[str]]:
    """Where each photo of each casting goes, within the data set; numbers run over the photos of a label."""
    splits = np.full((len(labels), copies), Split.TRAIN, dtype=object)
    numbers = np.empty((len(labels), copies), dtype=int)
    for label in Label:
        rows = np.flatnonzero(np.array(labels) == label)
        units = np.arange(len(rows) * copies) if leaky else np.repeat(np.arange(len(rows)), copies)
        chosen = rng.permutation(units.max(initial=-1) + 1)[: round((units.max(initial=-1) + 1) * test_share)]
        splits[rows] = np.where(np.isin(units, chosen), Split.TEST, Split.TRAIN).reshape(-1, copies)
        numbers[rows] = rng.permutation(len(units)).reshape(-1, copies)  # a name does not give the casting away
    return [
        [f"{splits[row, at]}/{FOLDERS[label][0]}/{FOLDERS[label][1]}_{numbers[row, at]}.jpeg" for at in range(copies)]
        for row, label in enumerate(labels)
    ]


def _write(
    out: Path,
    part: Part,
    labels: Sequence[Label],
    paths: Sequence[Sequence[str]],
    *,
    seed: int,
    report: Callable[[int, int], None] | None,
) -> None:
    """The photos, drawn by two threads, then the table and the masks; reports from the thread that called."""
    for folder in {(out / path).parent for places in paths for path in places}:
        folder.mkdir(parents=True)
    seeds = np.random.SeedSequence(seed).spawn(len(labels))
    masks: dict[str, NDArray[np.uint8]] = {}
    pool, done, total = ThreadPoolExecutor(2), 0, sum(map(len, paths))
    try:
        with (out / TABLE).open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(("path", "casting", "label", "kinds"))
            drawn = pool.map(lambda at: _photos(out, part, labels[at], paths[at], seeds[at]), range(len(labels)))
            for casting, (kinds, found) in enumerate(drawn):
                masks |= found
                for path in paths[casting]:
                    table.writerow((path, casting, labels[casting].word, "+".join(kinds)))
                    done += 1
                    if report:
                        report(done, total)
    finally:
        pool.shutdown(cancel_futures=True)
    np.savez_compressed(out / MASKS, **masks)  # type: ignore[arg-type]  # numpy's own option allow_pickle is in the way


def _photos(
    out: Path, part: Part, label: Label, paths: Sequence[str], seed: np.random.SeedSequence
) -> tuple[tuple[DefectKind, ...], dict[str, NDArray[np.uint8]]]:
    """Writes the photos of one casting; its kinds of defect, and the packed mask of each defective photo."""
    first, *others = (int(number) for number in seed.generate_state(len(paths), np.uint64))
    original = draw_casting(first, label=label, part=part)
    masks = {}
    for path, casting in zip(paths, (original, *(copy_casting(original, other) for other in others)), strict=True):
        Image.fromarray(casting.pixels).save(out / path, quality=QUALITY)
        if label is Label.DEFECTIVE:
            masks[path] = np.packbits(casting.mask)
    return original.kinds, masks
