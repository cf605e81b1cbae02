"""``python -m tests.bench.growth``: how the time to find the photos of one casting grows with the number of photos.

Exit codes: 0 when the bar was kept, 1 when it was missed.
"""

import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.data.castings.grouping import group
from casting_core.data.drawing.synthetic import TABLE, write_sample
from casting_core.data.imaging.images import read
from tests.bench.figures import Bar

COUNTS = (1000, 2000, 4000, 8000)  # photos
QUICK = (50, 100)
COPIES = 5  # of each casting
GROWTH = 2.0  # time per photo in the largest set over the smallest, at most


@dataclass(frozen=True, kw_only=True)
class Grown:
    """One set of drawn photos, grouped."""

    photos: int
    seconds: float
    compared: int  # pairs of photos looked at
    precision: float  # of the pairs put together, the share that shows one casting
    recall: float  # of the pairs that show one casting, the share put together

    @property
    def each(self) -> float:
        """Milliseconds for one photo."""
        return 1000 * self.seconds / self.photos


@dataclass(frozen=True, kw_only=True)
class Growth:
    """Sets of drawn photos, the smallest first."""

    sets: tuple[Grown, ...]

    @property
    def growth(self) -> float:
        """Time per photo in the largest set over that in the smallest."""
        return self.sets[-1].each / self.sets[0].each

    @property
    def bars(self) -> list[Bar]:
        return [Bar(name="growth of the time to find castings", value=self.growth, limit=GROWTH, upper=True)]


def measure(room: Path, *, counts: tuple[int, ...] = COUNTS) -> Growth:
    """Draws the largest set into this empty folder once; the smaller sets are its first castings."""
    write_sample(room, castings=max(counts) // COPIES, copies=COPIES, seed=20_260_501)
    table = pd.read_csv(room / TABLE)
    with ThreadPoolExecutor() as pool:
        grey = np.stack(list(pool.map(lambda path: read(room / path).grey, table["path"])))
    return Growth(sets=tuple(_grow(grey[:count], table["casting"].to_numpy()[:count]) for count in counts))


def pairwise(truth: NDArray[np.int64], found: NDArray[np.int64]) -> tuple[float, float]:
    """Precision and recall over all pairs of photos; 1 where there is no pair to be wrong about."""
    both = pd.Series(1, index=pd.MultiIndex.from_arrays([truth, found])).groupby(level=[0, 1]).sum()
    right, said, true = (_pairs(counts) for counts in (both, np.bincount(found), np.bincount(truth)))
    return right / said if said else 1.0, right / true if true else 1.0


def _pairs(counts: "pd.Series[int] | NDArray[np.int64]") -> float:
    sizes = np.asarray(counts, dtype=np.float64)
    return float((sizes * (sizes - 1) / 2).sum())


def _grow(grey: NDArray[np.uint8], truth: NDArray[np.int64]) -> Grown:
    start = perf_counter()
    found = group([str(at) for at in range(len(grey))], grey)
    seconds = perf_counter() - start
    precision, recall = pairwise(truth, found.casting)
    return Grown(photos=len(grey), seconds=seconds, compared=found.compared, precision=precision, recall=recall)


def rows(grown: Growth) -> list[str]:
    """The figures as a person reads them."""
    return [
        *(
            f"{one.photos:6,} photos  {one.seconds:6.1f} s  {one.each:5.1f} ms a photo  {one.compared:7,} pairs  "
            f"precision {one.precision:.4f}  recall {one.recall:.4f}"
            for one in grown.sets
        ),
        f"time per photo grows {grown.growth:.2f} times (at most {GROWTH:g})",
    ]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quick", is_flag=True, help="A few photos, to see that it runs; no bar is held.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, for machines.")
def main(quick: bool, as_json: bool) -> None:
    """Measure how grouping photos by casting grows."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as room:
        grown = measure(Path(room, "drawn"), counts=QUICK if quick else COUNTS)
    if as_json:
        click.echo(json.dumps({"growth": grown.growth, "sets": [vars(one) for one in grown.sets]}))
    else:
        click.echo("\n".join(rows(grown)))
    sys.exit(not quick and grown.growth > GROWTH)


if __name__ == "__main__":
    main()
