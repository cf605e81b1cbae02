"""Where the evidence of a version peaks on drawn castings that nobody has seen: ``python -m tests.bench.evidence``.

Two questions: does it peak on the defect, kind by kind; does a bright disc beside the part draw it away? Exit codes:
0 when every bar was kept, 1 when not.
"""

import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

SEED = 20_260_409  # far from the sample's, so none of its castings is among those trained on
NEAR = 10.0  # pixels from the defect within which a peak counts as on it, and further than which one has moved
FOUND, EACH, MOVED = 0.85, 0.60, 0.05  # of all found, of each kind; of those whose peak a disc moves
FEW = 5  # found castings of a kind, below which its share says nothing
DISC, BESIDE, BRIGHT = 10, 20, 250  # radius, distance of its middle from both edges (pixels), and its grey level


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--model", "name", default="starter", show_default=True, help="Version whose evidence is looked at.")
@click.option("--castings", default=200, show_default=True, type=click.IntRange(min=10), help="Drawn, one photo each.")
def main(name: str, castings: int) -> None:
    """Measure where the evidence peaks, and whether a bright disc beside the part moves it."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        os.environ["CASTING_DATA_DIR"] = room
        kept = _measure(Path(room, "drawn"), name, castings)
    sys.exit(0 if kept else 1)


def _measure(drawn: Path, name: str, castings: int) -> bool:
    """Prints the figures; whether every bar was kept."""
    from casting_core.data.drawing.synthetic import write_sample
    from casting_core.judging.explanation import strongest_place
    from casting_core.workflows.datasets.opening import open_dataset
    from casting_core.workflows.judging.evaluate import localise
    from casting_core.workflows.judging.model import load_model
    from casting_core.workflows.stores import pixel_cache

    write_sample(drawn, castings=castings, copies=1, seed=SEED, test_share=1.0)
    dataset, model = open_dataset(drawn), load_model(name)
    found = localise(dataset, "all", model)
    near = found["distance"] <= NEAR
    kept = _said(f"{name}: evidence on the defect or within {NEAR:g} px of it", int(near.sum()), len(near), FOUND)
    kinds = _kinds(drawn)
    of_kind = defaultdict(list)
    for path, hit in zip(found["path"], near, strict=True):
        for kind in kinds[path]:
            of_kind[kind].append(bool(hit))
    for kind, hits in sorted(of_kind.items()):
        kept &= _said(f"  {kind}", sum(hits), len(hits), EACH) or len(hits) < FEW
    photos = pixel_cache().take(found["photo"])
    with_disc = np.stack([_with_disc(photo, at) for at, photo in enumerate(photos)])
    places = [
        np.array([strongest_place(one, model.grid) for one in model.scorer.score(some).evidence])
        for some in (photos, with_disc)
    ]
    moved = int((np.linalg.norm(places[1] - places[0], axis=1) > NEAR).sum())
    share = moved / max(1, len(photos))
    click.echo(f"moved by a bright disc beside the part: {moved} of {len(photos)} ({share:.1%}, bar {MOVED:.0%})")
    return kept and share < MOVED


def _said(what: str, number: int, of: int, bar: float) -> bool:
    """Prints a share; whether it reached its bar."""
    share = number / of if of else 0.0
    click.echo(f"{what}: {number} of {of} ({share:.1%}, bar {bar:.0%})")
    return share >= bar


def _kinds(drawn: Path) -> dict[str, list[str]]:
    """The kinds of defect of each photo, by its path."""
    rows = [line.split(",") for line in (drawn / "drawn_castings.csv").read_text(encoding="utf-8").splitlines()[1:]]
    return {path: [kind for kind in kinds.split("+") if kind] for path, _, _, kinds in rows}


def _with_disc(photo: NDArray[np.uint8], at: int) -> NDArray[np.uint8]:
    """The photo with a bright disc in one of its corners, where the part is not; each photo in its turn another."""
    size = len(photo)
    row, column = (BESIDE if corner else size - 1 - BESIDE for corner in divmod(at % 4, 2))
    rows, columns = np.ogrid[:size, :size]
    return np.where((rows - row) ** 2 + (columns - column) ** 2 <= DISC**2, np.uint8(BRIGHT), photo)


if __name__ == "__main__":
    main()
