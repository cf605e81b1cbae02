"""The evidence over the photo: at the right place, as strong as it is, and nothing where there is none."""

import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.domain import OperatingPoint
from casting_core.judging.explanation import HEAT, Grid, heat_map, overlay, strongest_place, weight
from casting_core.judging.localisation import distance_to_defect

HALF = OperatingPoint(threshold=0.5)
GRID = Grid(first=10.5, step=16.0)  # of the classic network
SIZE = 300


@pytest.fixture
def evidence() -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(size=(18, 18)).astype(np.float32)


def test_the_heat_at_the_middle_of_a_cell_is_its_evidence(evidence: NDArray[np.float32]) -> None:
    heat = heat_map(evidence, GRID, SIZE)
    assert heat.shape == (SIZE, SIZE)
    assert heat.dtype == np.float32
    for row, column in ((0, 0), (5, 11), (17, 17), (17, 0)):
        assert heat[int(GRID.middle(row)), int(GRID.middle(column))] == pytest.approx(evidence[row, column], abs=1e-5)


def test_the_heat_between_two_cells_lies_between_them_and_beyond_the_last_stays(evidence: NDArray[np.float32]) -> None:
    heat = heat_map(evidence, GRID, SIZE)
    assert heat[10, 18] == pytest.approx((evidence[0, 0] + evidence[0, 1]) / 2, abs=1e-5)
    assert heat[0, 0] == pytest.approx(evidence[0, 0], abs=1e-5)
    assert heat[299, 299] == pytest.approx(evidence[17, 17], abs=1e-5)
    assert evidence.min() <= heat.min() <= heat.max() <= evidence.max()


def test_the_strongest_place_is_the_middle_of_its_cell_as_x_and_y() -> None:
    evidence: NDArray[np.float32] = np.zeros((18, 18), dtype=np.float32)
    evidence[2, 7] = 3
    assert strongest_place(evidence, GRID) == (10.5 + 16 * 7, 10.5 + 16 * 2)


def test_a_photo_without_evidence_stays_as_it_is() -> None:
    grey = np.random.default_rng(2).integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
    picture = overlay(grey, -np.ones((18, 18), dtype=np.float32), GRID, weight=1.0)
    assert picture.shape == (SIZE, SIZE, 3)
    assert picture.dtype == np.uint8
    assert np.array_equal(picture, np.repeat(grey[..., np.newaxis], 3, axis=2))


def test_evidence_colours_its_place_and_no_other() -> None:
    grey: NDArray[np.uint8] = np.full((SIZE, SIZE), 120, dtype=np.uint8)
    evidence: NDArray[np.float32] = np.zeros((18, 18), dtype=np.float32)
    evidence[4, 9] = 5
    picture = overlay(grey, evidence, GRID, weight=1.0)
    y, x = int(GRID.middle(4)), int(GRID.middle(9))
    assert picture[y, x] == pytest.approx(0.75 * np.array(HEAT) + 0.25 * 120, abs=2)
    assert (picture[y, x + 40] == 120).all()


@pytest.mark.parametrize("logits", [0.004, 0.4, 20.0])
def test_a_reject_is_coloured_alike_whatever_its_network_calls_much(logits: float) -> None:
    """0.4 is what the classic network says of a place at most, and 20 what the evidence network says (measured)."""
    grey: NDArray[np.uint8] = np.full((SIZE, SIZE), 120, dtype=np.uint8)
    evidence: NDArray[np.float32] = np.zeros((18, 18), dtype=np.float32)
    evidence[4, 9], evidence[12, 3] = logits, logits / 2
    picture = overlay(grey, evidence, GRID, weight=weight(0.9, HALF)).astype(int)
    strongest, second = (picture[int(GRID.middle(y)), int(GRID.middle(x))] for y, x in ((4, 9), (12, 3)))
    assert strongest == pytest.approx(0.75 * np.array(HEAT) + 0.25 * 120, abs=3)
    assert second - 120 == pytest.approx((strongest - 120) / 2, abs=2)


def test_a_pass_stays_calm_though_some_place_is_its_strongest() -> None:
    grey: NDArray[np.uint8] = np.full((SIZE, SIZE), 120, dtype=np.uint8)
    evidence: NDArray[np.float32] = np.full((18, 18), 0.3, dtype=np.float32)
    calm = overlay(grey, evidence, GRID, weight=weight(0.05, HALF))
    assert np.abs(calm.astype(int) - 120).max() <= 2


def test_colour_grows_with_the_score_and_is_full_from_the_threshold_on() -> None:
    weights = [weight(score, HALF) for score in (0.0, 0.1, 0.25, 0.4, 0.5, 1.0)]
    assert weights == sorted(weights)
    assert weights[0] == 0
    assert weights[2] == pytest.approx(0.25)
    assert weights[-2:] == [1.0, 1.0]
    assert weight(0.0, OperatingPoint(threshold=0.0)) == 1.0


def test_the_strongest_place_is_ringed_on_request() -> None:
    grey: NDArray[np.uint8] = np.full((SIZE, SIZE), 120, dtype=np.uint8)
    evidence: NDArray[np.float32] = np.zeros((18, 18), dtype=np.float32)
    evidence[4, 9] = 5
    ring = (overlay(grey, evidence, GRID, weight=1.0, mark=True) == 255).all(axis=2)
    y, x = np.nonzero(ring)
    assert (x.mean(), y.mean()) == pytest.approx(strongest_place(evidence, GRID), abs=1)
    assert overlay(grey, evidence, GRID, weight=1.0).min(axis=2).max() != 255


def test_the_distance_to_a_defect_is_counted_in_pixels() -> None:
    mask: NDArray[np.bool_] = np.zeros((300, 300), dtype=np.bool_)
    mask[100:110, 200:220] = True
    assert distance_to_defect((205.0, 104.0), mask) == 0
    assert distance_to_defect((230.0, 105.0), mask) == 11
    assert distance_to_defect((222.0, 113.0), mask) == 5
    assert distance_to_defect((-5.0, 400.0), mask) == pytest.approx(np.hypot(200, 190))
    assert distance_to_defect((1.0, 1.0), np.zeros((300, 300), dtype=np.bool_)) == float("inf")
