"""Two thresholds, and what a person has to look at between them."""

import numpy as np
import pytest

from casting_core.domain import OperatingPoint
from casting_core.judging.operating_point import workload
from casting_core.judging.operating_point.castings import Castings
from casting_core.judging.operating_point.workload import Workload

WANTED = Workload(escapes=0.05, false_rejects=0.05, confidence=0.9)  # half of the doubt each: 59 castings of a class


def test_between_the_classes_nobody_has_to_look() -> None:
    castings = Castings(defective=np.full(60, 0.9), ok=np.full(60, 0.1))
    found = workload.choose(castings, WANTED)
    assert found.threshold == found.rejects_from
    assert found.threshold is not None
    assert 0.1 < found.threshold < 0.9


def test_where_they_overlap_a_person_looks_at_as_few_as_can_be() -> None:
    defective, ok = np.repeat([0.3, 0.9], [15, 45]), np.repeat([0.1, 0.6], [45, 15])
    castings = Castings(defective=defective, ok=ok)
    found = workload.choose(castings, WANTED)
    assert found.threshold == pytest.approx(0.3)  # above it 15 defective castings would pass
    assert found.rejects_from == pytest.approx(0.601)  # below it 15 ok castings would be rejected
    assert found.rejects_from is not None
    point = OperatingPoint(threshold=0.3, upper=found.rejects_from)
    assert castings.to_inspect(point) == (15, 15)
    assert workload.share_to_inspect(castings, point, 0.02) == pytest.approx(0.02 * 0.25 + 0.98 * 0.25)


def test_each_class_that_is_too_small_is_said_to_be() -> None:
    found = workload.choose(Castings(defective=np.full(60, 0.9), ok=np.full(10, 0.1)), WANTED)
    assert found.threshold is not None
    assert found.rejects_from is None
    assert found.false_rejects.further == 49
