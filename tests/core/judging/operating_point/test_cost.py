"""The threshold that costs least."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casting_core.domain import OperatingPoint, Verdict
from casting_core.judging.operating_point import cost
from casting_core.judging.operating_point.castings import THRESHOLDS, Castings
from casting_core.judging.operating_point.cost import Costs

SCORES = st.lists(st.floats(0.001, 0.999), min_size=1, max_size=12)


def costs(**given: float) -> Costs:
    return Costs(**{"escape": 500.0, "false_alarm": 10.0, "defect_rate": 0.02} | given)


def of(castings: Castings, told: Costs, point: OperatingPoint) -> float:
    """What a casting costs, added up verdict by verdict."""
    look = 0.0 if told.inspection is None else told.inspection
    of_defective = {Verdict.PASS: told.escape, Verdict.INSPECT: look, Verdict.REJECT: 0.0}
    of_ok = {Verdict.PASS: 0.0, Verdict.INSPECT: look, Verdict.REJECT: told.false_alarm}
    bad = np.mean([of_defective[point.verdict(score)] for score in castings.defective])
    good = np.mean([of_ok[point.verdict(score)] for score in castings.ok])
    return float(told.defect_rate * bad + (1 - told.defect_rate) * good)


@given(defective=SCORES, ok=SCORES, rate=st.floats(0.01, 0.5), escape=st.floats(1, 1000))
def test_no_threshold_costs_less(defective: list[float], ok: list[float], rate: float, escape: float) -> None:
    castings, told = Castings(defective=np.sort(defective), ok=np.sort(ok)), costs(escape=escape, defect_rate=rate)
    found = cost.choose(castings, told)
    assert found.cost == pytest.approx(of(castings, told, OperatingPoint(threshold=found.threshold)))
    assert found.curve.min() == pytest.approx(found.cost)
    least = min(of(castings, told, OperatingPoint(threshold=float(one))) for one in THRESHOLDS[::37])
    assert found.cost <= least + 1e-9 * escape


@given(defective=SCORES, ok=SCORES, look=st.floats(0.5, 20))
def test_no_two_thresholds_cost_less(defective: list[float], ok: list[float], look: float) -> None:
    castings, told = Castings(defective=np.sort(defective), ok=np.sort(ok)), costs(inspection=look)
    found = cost.choose(castings, told)
    point = OperatingPoint(threshold=found.threshold, upper=found.rejects_from)
    assert found.cost == pytest.approx(of(castings, told, point))
    some = THRESHOLDS[::97].tolist()
    pairs = [OperatingPoint(threshold=low, upper=high) for low in some for high in some if high > low]
    assert found.cost <= min(of(castings, told, pair) for pair in pairs) + 1e-6


def test_the_flat_part_is_told_and_the_point_in_it_is_where_calibrated_scores_put_it() -> None:
    castings = Castings(defective=np.array([0.8, 0.9]), ok=np.array([0.05, 0.1]))
    told = costs(escape=49.0, false_alarm=1.0)  # as likely as not at 2 %: the score 0.5
    assert told.even == pytest.approx(0.5)
    found = cost.choose(castings, told)
    assert found.threshold == pytest.approx(0.5)
    assert found.flat == pytest.approx((0.101, 0.8))
    assert found.rejects_from is None


def test_the_dearer_an_escape_the_lower_the_threshold() -> None:
    castings = Castings(defective=np.linspace(0.2, 1, 50), ok=np.linspace(0, 0.8, 50))
    found = [cost.choose(castings, costs(escape=escape)).threshold for escape in (50, 500, 5000)]
    assert found[0] > found[1] > found[2]


def test_a_cheap_look_is_taken_where_the_classes_overlap() -> None:
    castings = Castings(defective=np.linspace(0.2, 1, 50), ok=np.linspace(0, 0.8, 50))
    found = cost.choose(castings, costs(inspection=1.0))
    assert found.rejects_from is not None
    assert found.threshold < found.rejects_from
    assert cost.choose(castings, costs(inspection=1000.0)).rejects_from is None


@pytest.mark.parametrize("wrong", [{"escape": 0.0}, {"false_alarm": -1.0}, {"inspection": 0.0}, {"defect_rate": 1.0}])
def test_costs_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"above 0|between 0 and 1"):
        costs(**wrong)
