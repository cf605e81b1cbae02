"""Rings of round parts: found wherever the part lies, however it is seen, and not where there are none."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.data.imaging.alignment import rings
from casting_core.data.imaging.images import Grey

CENTRE = (140.0, 163.0)  # x and y


def drawn(matrix: NDArray[np.float64]) -> Grey:
    """Discs one on the other, each of another grey, seen through an affine map about their middle."""
    y, x = np.mgrid[:300, :300].astype(float)
    back = np.linalg.inv(matrix)
    right, below = x - CENTRE[0], y - CENTRE[1]
    distance = np.hypot(back[0, 0] * right + back[0, 1] * below, back[1, 0] * right + back[1, 1] * below)
    grey = np.full((300, 300), 90.0)
    for level, radius in ((200.0, 95), (60.0, 62), (170.0, 30)):
        grey = np.where(distance < radius, level, grey)
    noisy = cv2.GaussianBlur(grey, (0, 0), 0.8) + np.random.default_rng(1).normal(0, 3, grey.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


SEEN = {
    "from above": np.eye(2),
    "tilted": np.diag([1.0, 0.85]),
    "sheared": np.array([[1.0, 0.12], [0.0, 1.0]]),
    "tilted aslant": np.array([[0.95, -0.1], [-0.1, 1.08]]),
}


@pytest.mark.parametrize("seen", SEEN)
def test_middle_and_shape_are_found_to_a_pixel(seen: str) -> None:
    matrix = SEEN[seen]
    found = rings.find_rings(rings.find_edges(drawn(matrix)))
    assert (found.centre + 1) * 150 - 0.5 == pytest.approx(CENTRE, abs=0.7)
    true = np.linalg.inv(matrix @ matrix.T)
    assert found.shape == pytest.approx(true / np.sqrt(np.linalg.det(true)), abs=0.02)
    assert found.share > 0.9


def test_a_burr_and_a_shadow_move_nothing() -> None:
    grey = drawn(np.eye(2))
    grey[40:80, 200:245] = 20
    cv2.line(grey, (20, 280), (280, 200), 250, 3)
    found = rings.find_rings(rings.find_edges(grey))
    assert (found.centre + 1) * 150 - 0.5 == pytest.approx(CENTRE, abs=1.0)


def test_a_part_without_rings_has_hardly_an_edge_on_one() -> None:
    grey = np.full((300, 300), 120, dtype=np.uint8)
    cv2.rectangle(grey, (40, 90), (260, 200), 200, -1)
    cv2.rectangle(grey, (60, 110), (120, 180), 60, -1)
    assert rings.find_rings(rings.find_edges(grey)).share < 0.4


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_photo_without_edges_has_no_rings_and_breaks_nothing(level: int) -> None:
    edges = rings.find_edges(np.full((300, 300), level, dtype=np.uint8))
    found = rings.find_rings(edges)
    assert np.isfinite([*found.centre, *found.shape.ravel(), found.share]).all()
    assert np.isfinite(rings.profile(edges, found)).all()


@pytest.mark.parametrize("times", [0.7, 0.9, 1.0, 1.25])
def test_a_larger_part_is_said_to_be_so_many_times_as_large(times: float) -> None:
    usual, other = (rings.find_edges(drawn(np.eye(2) * by)) for by in (1.0, times))
    profiles = [rings.profile(one, rings.find_rings(one)) for one in (usual, other)]
    found, agreement = rings.scale(profiles[1], profiles[0])
    assert found == pytest.approx(times, rel=0.02)
    assert agreement > 0.8
    assert rings.scaled(profiles[1], found) @ profiles[0] > 0.75
