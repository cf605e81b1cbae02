"""The picture of scores: what it says at each threshold is what the server says of it."""

import numpy as np
import pytest

from casting_core.domain import OperatingPoint
from casting_core.judging.operating_point.castings import Castings
from pages.parts.charts.score_line.picture import STEPS, Line, Plant, of_castings

SHOWN = (0, 1, 137, 500, 501, 999, 1000)  # steps of the line


@pytest.fixture
def castings() -> Castings:
    chance = np.random.default_rng(7)
    on_a_step = np.array([0.0, 0.137, 0.5, 1.0])  # a score at the threshold does not pass
    return Castings(
        defective=np.sort(np.concatenate([chance.beta(5, 1, 60), on_a_step])),
        ok=np.sort(np.concatenate([chance.beta(1, 5, 90), on_a_step])),
    )


def test_counts_and_bounds_are_those_of_the_operating_point_at_every_step(castings: Castings) -> None:
    told = of_castings(castings, Line(low=0.5, high=None), Plant())["outcomes"]
    for step in SHOWN:
        found = castings.outcomes(OperatingPoint(threshold=step / STEPS))
        for name, outcome in (("defective", found.defective), ("ok", found.ok)):
            here = told[name]
            assert (here["castings"], here["wrong"][step]) == (outcome.n, outcome.wrong)
            assert here["upper"][here["wrong"][step]] == pytest.approx(outcome.upper, abs=1e-5)


def test_what_a_person_looks_at_is_what_lies_between_two_steps(castings: Castings) -> None:
    told = of_castings(castings, Line(low=0.2, high=0.7), Plant())["outcomes"]
    bad, good = castings.to_inspect(OperatingPoint(threshold=0.2, upper=0.7))
    assert told["defective"]["wrong"][700] - told["defective"]["wrong"][200] == bad
    assert told["ok"]["wrong"][200] - told["ok"]["wrong"][700] == good


def test_each_casting_stands_in_one_bar(castings: Castings) -> None:
    bars = of_castings(castings, Line(low=0.5, high=None), Plant())["bars"]
    assert [(bar["word"], sum(bar["counts"])) for bar in bars] == [("ok", 94), ("defective", 64)]
    assert of_castings(None, Line(low=0.5, high=None), Plant())["outcomes"] is None
