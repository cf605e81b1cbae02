"""``python -m tests.bench.gate``: how many good photos the gate refuses, and whether a bad one gets past it.

Good ones show castings that were not trained on: drawn ones for the starter, and, where they lie beside the project,
real ones and other products. Exit codes: 0 when every bar was kept, 1 when one was missed.
"""

import csv
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np

from casting_core.data.drawing.parts import Part
from casting_core.data.drawing.random_products import relief, turned
from casting_core.data.drawing.synthetic import copy_casting, draw_casting
from casting_core.data.imaging.images import Grey, decode, fit
from casting_core.domain import Label
from casting_core.judging.gating import gate, reference
from casting_core.records.registry import STARTER
from casting_core.records.version_files import GATE
from casting_core.settings import ROOT
from tests.bench.figures import Bar
from tests.spoiled import SPOILED, no_parts

SEED = 50_000  # far from the sample's, so none of its castings is among those trained on
REFUSED = 0.01  # share of good photos that may be refused, at most
PER_CASTING = 12  # real photos of a casting that a gate learns from, and that one is asked about
SPOILT = 30  # photos that are spoiled in every way
SIZE = 300
PRODUCTS = ("tile", "pcb", "alien")  # not round, so their gates know less of them: that spoiled ones pass is told only


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a gate said of photos of castings it does not know, and of photos that are spoiled."""

    name: str
    photos: int
    refused: int
    reasons: dict[str, int]
    spoiled: int
    passed: dict[str, int]  # of each kind of spoiled photo, where any got past
    milliseconds: float  # a photo

    def __add__(self, other: "Asked") -> "Asked":
        """What two gates said, each of photos of its own."""
        return replace(
            self,
            photos=self.photos + other.photos,
            refused=self.refused + other.refused,
            reasons=dict(Counter(self.reasons) + Counter(other.reasons)),
            spoiled=self.spoiled + other.spoiled,
            passed=dict(Counter(self.passed) + Counter(other.passed)),
        )

    @property
    def bars(self) -> list[Bar]:
        """Few good ones refused, no bad one let through."""
        refused, passed = self.refused / max(self.photos, 1), sum(self.passed.values()) / max(self.spoiled, 1)
        return [
            Bar(name=f"{self.name}: share refused", value=refused, limit=REFUSED, upper=True),
            Bar(name=f"{self.name}: share passed though spoiled", value=passed, limit=0.0, upper=True),
        ]


def ask(name: str, known: reference.Reference, good: Sequence[Grey], foreign: dict[str, list[Grey]]) -> Asked:
    """What a gate says of all these."""
    began = time.perf_counter()
    said = [gate.look(grey, SIZE, known).reason for grey in good]
    each = (time.perf_counter() - began) / max(len(good), 1)
    some = [fit(grey, SIZE) for grey in good[:: max(1, len(good) // SPOILT)]]
    bad = {kind: [spoil(grey) for grey in some] for kind, spoil in SPOILED.items()} | foreign
    past = {kind: sum(gate.look(grey, SIZE, known).reason is None for grey in photos) for kind, photos in bad.items()}
    reasons = [reason for reason in said if reason]
    return Asked(
        name=name,
        photos=len(good),
        refused=len(reasons),
        reasons={reason: reasons.count(reason) for reason in sorted(set(reasons))},
        spoiled=sum(map(len, bad.values())),
        passed={kind: passed for kind, passed in past.items() if passed},
        milliseconds=1000 * each,
    )


def drawn(number: int) -> list[Grey]:
    """One photo each of so many castings, half of them turned and lit anew."""
    castings = (draw_casting(SEED + seed, label=Label(seed % 2)) for seed in range(number))
    return [one.pixels if at % 4 < 2 else copy_casting(one, at).pixels for at, one in enumerate(castings)]


def foreign() -> dict[str, list[Grey]]:
    """What is no impeller, drawn."""
    plates = [draw_casting(seed, label=Label.OK, part=Part.BRACKET).pixels for seed in range(8)]
    return {name: [grey] for name, grey in no_parts().items()} | {
        "brackets": plates,
        "other turned parts": [photo for product in range(20) for photo in turned.castings(product, 1).photos],
        "other plates": [photo for product in range(8) for photo in relief.castings(product, 1).photos],
    }


def measure(shared: Path, castings: int) -> Iterator[Asked]:
    """The starter on drawn castings; then gates that learned real castings and products on others of them."""
    starter = reference.Reference.from_bytes((ROOT / "model" / STARTER / GATE).read_bytes())
    yield ask("starter, drawn castings", starter, drawn(castings), foreign())
    yield from _real(shared / "casting_data")
    for product in PRODUCTS:
        yield from _product(shared / "products" / product, product)


def _real(folder: Path) -> Iterator[Asked]:
    """Two halves of the real castings, each judged by a gate that learned the other."""
    if not (table := folder / "source_castings.csv").is_file():
        return
    with table.open(newline="", encoding="utf-8") as file:
        rows = sorted((int(row["source_casting"]), row["path"]) for row in csv.DictReader(file))
    numbers = np.array([casting for casting, _ in rows])
    of_casting = {int(one): np.flatnonzero(numbers == one) for one in np.unique(numbers)}
    few = {one: places[:: max(1, len(places) // PER_CASTING)][:PER_CASTING] for one, places in of_casting.items()}
    photos = {one: [decode((folder / rows[at][1]).read_bytes()).grey for at in places] for one, places in few.items()}
    halves = []
    for half in (0, 1):
        mine, others = (list(photos)[start::2] for start in (half, 1 - half))
        known = reference.learn(np.stack([grey for one in mine for grey in photos[one]]))
        halves.append(ask("real castings", known, [grey for one in others for grey in photos[one]], foreign()))
    yield halves[0] + halves[1]


def _product(folder: Path, name: str) -> Iterator[Asked]:
    if folder.is_dir():
        known = reference.learn(np.stack([fit(grey, SIZE) for grey in _photos(folder / "train")]))
        yield ask(name, known, _photos(folder / "test"), {})


def _photos(folder: Path) -> list[Grey]:
    return [decode(path.read_bytes()).grey for path in sorted(folder.glob("*/*"))]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--shared", type=click.Path(path_type=Path), default=ROOT.parent / "shared", help="Where real photos lie."
)
@click.option("--castings", default=1000, show_default=True, type=click.IntRange(min=8), help="Drawn castings.")
def main(shared: Path, castings: int) -> None:
    """Ask the gate of the starter, and of what real photos teach, about castings they do not know."""
    missed = []
    for asked in measure(shared, castings):
        share = asked.refused / max(asked.photos, 1)
        click.echo(f"{asked.name}: {asked.refused} of {asked.photos:,} good photos refused ({share:.2%}), "
                   f"{sum(asked.passed.values())} of {asked.spoiled:,} bad ones passed, "
                   f"{asked.milliseconds:.1f} ms a photo")  # fmt: skip
        for what, number in (asked.reasons | {f"PASSED: {kind}": n for kind, n in asked.passed.items()}).items():
            click.echo(f"  {number:>5}  {what}")
        held = asked.bars if asked.name not in PRODUCTS else asked.bars[:1]
        missed += [bar.name for bar in held if not bar.kept]
    if missed:
        click.echo(f"Missed: {', '.join(missed)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
