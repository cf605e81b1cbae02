"""The benchmarks' answer: a table for people, one object for machines."""

import os
import platform
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.aligning import Aligned
from tests.bench.defects import Defects
from tests.bench.figures import Bar, Figure
from tests.bench.first_point import FirstPoint
from tests.bench.growth import Growth, rows
from tests.bench.picture import Picture
from tests.bench.race import Race
from tests.bench.scoring import TURN, Scoring
from tests.bench.start import Start
from tests.bench.steps import Steps
from tests.bench.training import Training

NO_BROWSER = "There is no browser, so the dashboard's own times were not measured."
NO_STARTER = "There is no starter model in model/, so nothing was measured on drawn defects."


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that was measured in one run."""

    photos: str  # where they come from
    quick: bool
    training: Training
    race: Race
    steps: Steps
    aligned: list[Aligned]
    scoring: Scoring
    growth: Growth
    defects: Defects | None
    picture: Picture
    start: Start | None
    first_point: FirstPoint | None

    @property
    def bars(self) -> list[Bar]:
        measured = (self.training, self.scoring, self.growth, self.picture, self.defects, self.start, self.first_point)
        bars = [bar for part in measured if part is not None for bar in part.bars]
        return bars + [one.bar for one in self.aligned]

    @property
    def missed(self) -> list[str]:
        """The names of the bars that were not reached."""
        return [bar.name for bar in self.bars if not bar.kept]


def values(report: Report) -> dict[str, Any]:
    """The report as plain values."""
    training, scoring, defects = report.training, report.scoring, report.defects
    return {
        "photos": report.photos,
        "quick": report.quick,
        "cores": cores(),
        "training": asdict(training) | {"ratio": training.ratio},
        "race": asdict(report.race) | {"goal": report.race.goal},
        "steps": asdict(report.steps) | {"least": report.steps.least, "share": report.steps.share},
        "aligned": [asdict(one) for one in report.aligned],
        "scoring": asdict(scoring) | {"ratio": scoring.ratio},
        "growth": asdict(report.growth) | {"growth": report.growth.growth},
        "defects": asdict(defects) | {"share": defects.share} if defects else None,
        "picture": asdict(report.picture),
        "start": asdict(report.start) if report.start else None,
        "first_point": asdict(report.first_point) if report.first_point else None,
        "bars": [asdict(bar) | {"kept": bar.kept} for bar in report.bars],
        "missed": report.missed,
    }


def text(report: Report) -> str:
    """The report as a person reads it."""
    training, scoring = report.training, report.scoring
    lines = [
        f"{report.photos}; {cores()} cores, Python {platform.python_version()}",
        *(["A quick run: too few photos for its figures to mean anything."] if report.quick else []),
        "",
        f"Training, a warm epoch of {training.photos:,} photos, {training.repeats} epochs each way in turns",
        _line("our pipeline", training.ours, "photos/s"),
        _line("notebook (ImageDataGenerator)", training.notebook, "photos/s"),
        _ratio(training.ratio, training.bars[0]),
        _line("processor time, ours", training.our_processor, "ms/photo"),
        _line("processor time, notebook", training.notebook_processor, "ms/photo"),
        f"  decoding {training.decoded:,} photos, once for all epochs: {training.decoding:.2f} s",
        "",
        *_race(report.race),
        "",
        *_steps(report.steps),
        "",
        "From a photo to the view that the network evidence sees",
        *(_line(f"drawn {one.part}, {one.kind}", one.each, "ms") for one in report.aligned),
        "",
        f"From bytes to score, {scoring.photos} photos one by one, {scoring.repeats} times each, in turns of {TURN}",
        _line("our judge, gate included", scoring.ours, "ms"),
        _line("notebook (model.predict)", scoring.notebook, "ms"),
        _ratio(scoring.ratio, scoring.bars[0]),
        f"  largest difference of the scores on the same pixels: {scoring.difference:.1e} (at most 1e-05), "
        f"each with its own decoder: {scoring.difference_from_bytes:.1e}",
        "",
        "Finding the photos of one casting, among more and more drawn ones",
        *(f"  {line}" for line in rows(report.growth)),
        "",
        *(_defects(report.defects) if report.defects else [NO_STARTER]),
        "",
        *_picture(report.picture),
        "",
        *(_start(report.start) if report.start else [NO_BROWSER]),
        *(_first_point(report.first_point) if report.first_point else []),
    ]
    return "\n".join(lines)


def cores() -> int:
    """The cores of this machine."""
    return os.cpu_count() or 1


def _line(name: str, figure: Figure, unit: str) -> str:
    return f"  {name:<32}{figure.median:>9.1f} {unit:<9} ({figure.least:.1f} .. {figure.most:.1f})"


def _ratio(value: float, bar: Bar) -> str:
    return f"  {'ratio':<32}{value:>9.1f} x         (at least {bar.limit:g})"


def _race(race: Race) -> list[str]:
    goal = race.goal
    lines = [
        f"Three ways, judged on {race.held_out} drawn photos of castings none of them learned from",
        f"  {'':<20}{'photos/s':>10}{'s an epoch':>12}{'epochs':>8}"
        f"{f'until {goal:.1%} right':>20}{'best':>8}{'memory':>12}",
    ]
    for racer in race.racers:
        reached = racer.reaches(goal)
        best = max(lap.right for lap in racer.laps)
        lines.append(
            f"  {racer.name:<20}{racer.speed:>10,.0f}{racer.epoch:>12.2f}{len(racer.laps):>8}"
            f"{'never' if reached is None else f'{reached:.1f} s':>20}{best:>8.1%}{racer.memory:>8,.0f} MiB"
        )
    return lines


def _steps(steps: Steps) -> list[str]:
    return [
        f"A step of the network evidence: {steps.batch} photos, {steps.weights:,} weights",
        f"  {'arithmetic, forwards and back':<32}{steps.arithmetic:>9.0f} million operations a photo",
        f"  {'ceiling: a matrix product':<32}{steps.product:>9.0f} thousand million operations/s",
        f"  {'ceiling: its convolutions alone':<32}{steps.convolutions:>9.0f} thousand million operations/s",
        _line("a step", steps.step, "ms/photo"),
        f"  {'of that arithmetic':<32}{100 * steps.share:>9.0f} %         ({steps.least:.2f} ms at that ceiling)",
        _line("a whole epoch, photos and all", steps.epoch, "photos/s"),
    ]


def _defects(defects: Defects) -> list[str]:
    auc = "none" if defects.auc is None else f"{defects.auc:.4f}"
    share = "none" if defects.share is None else f"{defects.share:.3f}"
    return [
        f"The starter model on {defects.castings} drawn castings it has never seen (seed {defects.seed})",
        f"  {'accuracy':<32}{defects.accuracy:>9.3f}           (at least {defects.bars[0].limit:g})",
        f"  {'missed, false alarms':<32}{defects.missed:>9}, {defects.false_alarms}",
        f"  {'area under the ROC curve':<32}{auc:>9}",
        f"  {'heat map peaks on the defect':<32}{share:>9}           (at least {defects.bars[1].limit:g}; "
        f"{defects.near} of {defects.found} found, within {defects.within:.0f} px)",
    ]


def _start(start: Start) -> list[str]:
    return [
        f"From the start of the server to the first page on screen, {start.starts} times",
        f"  {'first page':<32}{start.seconds.median:>9.2f} s         "
        f"({start.seconds.least:.2f} .. {start.seconds.most:.2f}; at most {start.bars[0].limit:g})",
    ]


def _picture(picture: Picture) -> list[str]:
    return [
        f"From the events of {picture.epochs} epochs of {picture.batches} batches to the curves on the page",
        f"  {'curves':<32}{picture.seconds.median:>9.3f} s         "
        f"({picture.seconds.least:.3f} .. {picture.seconds.most:.3f}; at most {picture.bars[0].limit:g})",
    ]


def _first_point(first: FirstPoint) -> list[str]:
    return [
        "",
        f"From a click on Start training to the first point of a curve, {first.network} on the drawn sample",
        f"  {'first point':<32}{first.seconds:>9.2f} s         (at most {first.bars[0].limit:g})",
    ]
