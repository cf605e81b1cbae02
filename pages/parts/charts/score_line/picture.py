"""What the picture of scores is sent: bars by label, and what happens to castings at every threshold there is.

The browser computes no statistics: counts and bounds of each threshold come with the picture, so that whoever moves the
line sees them at once, and sees what the server would say.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from casting_core.domain import Label
from casting_core.judging.bounds import upper_bound
from casting_core.judging.operating_point.castings import Castings
from casting_core.judging.operating_point.cost import Costs
from pages.parts.shell.look import LABELS

BIN = 0.025  # of scores: the width of a bar
EDGES = np.round(np.arange(0, 1 + BIN / 2, BIN), 6)
STEPS = 1000  # thresholds from 0 to 1 that the line can stand at
THRESHOLDS = np.arange(STEPS + 1) / STEPS


@dataclass(frozen=True, kw_only=True)
class Line:
    """Where the line stands when it is drawn."""

    low: float  # a score below it passes
    high: float | None  # a score from it on is rejected; none: one threshold
    now: tuple[float, float | None] | None = None  # in force, where another one is looked at
    movable: bool = False


@dataclass(frozen=True, kw_only=True)
class Plant:
    """What a plant's costs and workload follow from; what is not known is not shown."""

    defect_rate: float | None = None  # of all its castings, 0..1
    costs: Costs | None = None
    castings_per_shift: int | None = None


def of_photos(table: pd.DataFrame, line: Line) -> dict[str, Any]:
    """The scores of photos (columns score and label), each bar to be pressed."""
    scores = {label: table.loc[table["label"] == label, "score"].to_numpy(dtype=np.float64) for label in Label}
    return _picture(scores, "photos", line) | {"pressed": True, "outcomes": None}


def of_castings(found: Castings | None, line: Line, plant: Plant) -> dict[str, Any]:
    """The scores of castings, each counted once, and what follows from the line; with no castings only the line."""
    scores = {} if found is None else {Label.OK: found.ok, Label.DEFECTIVE: found.defective}
    outcomes = None if found is None else _at_every_threshold(found)
    costs = None if plant.costs is None else _costs(plant.costs)
    told = {"outcomes": outcomes, "rate": plant.defect_rate, "costs": costs, "shift": plant.castings_per_shift}
    return _picture(scores, "castings", line) | told | {"pressed": False}


def _picture(scores: Mapping[Label, NDArray[np.float64]], unit: str, line: Line) -> dict[str, Any]:
    bars = [
        {
            "label": int(label),
            "word": LABELS[label].word,
            "colour": LABELS[label].colour,
            "counts": np.histogram(of_label, EDGES)[0].tolist(),
        }
        for label, of_label in scores.items()
    ]
    return {"bars": bars, "bin": BIN, "steps": STEPS, "unit": unit, **asdict(line)}


def _at_every_threshold(found: Castings) -> dict[str, Any]:
    """Of each class how many castings go wrong at each threshold, and the bound of that share."""
    wrong = {"defective": found.escaped(THRESHOLDS), "ok": found.stopped(THRESHOLDS)}
    castings = {"defective": len(found.defective), "ok": len(found.ok)}
    return {
        name: {
            "castings": castings[name],
            "wrong": of_class.tolist(),
            "upper": {int(some): round(upper_bound(int(some), castings[name]), 5) for some in np.unique(of_class)},
        }
        for name, of_class in wrong.items()
    }


def _costs(costs: Costs) -> dict[str, float | None]:
    return {"escape": costs.escape, "alarm": costs.false_alarm, "look": costs.inspection}
