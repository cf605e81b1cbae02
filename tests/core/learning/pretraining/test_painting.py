"""Painted defects: each view its own, and a mask that says where."""

import cv2
import numpy as np
import pytest

from casting_core.learning.pretraining import painting
from casting_core.learning.pretraining.painting import MOST, VISIBLE, WINDOW, paint_defects

ANYWHERE = np.ones((200, 160), dtype=bool)


def plain(rows: int = 200, columns: int = 160) -> np.ndarray:
    return np.full((rows, columns), 150, np.uint8)


def test_the_mask_says_what_was_changed_and_nothing_else_is() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        view, mask = paint_defects(plain(), ANYWHERE, rng)
        off = np.abs(view.astype(int) - 150)
        assert view.shape == mask.shape == (200, 160)
        assert off[~mask].max() <= VISIBLE
        assert not mask.any() or off[mask].min() >= VISIBLE


def test_most_views_show_defects_and_some_none() -> None:
    rng = np.random.default_rng(1)
    shares = np.array([paint_defects(plain(), ANYWHERE, rng)[1].mean() for _ in range(60)])
    assert 0.5 < (shares > 0).mean() < 1
    assert shares.max() < MOST * WINDOW**2 / plain().size


def test_the_same_seed_paints_the_same_and_another_something_else() -> None:
    one, same, other = (paint_defects(plain(), ANYWHERE, np.random.default_rng(seed))[0] for seed in (3, 3, 4))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_view_as_small_as_one_defect_is_painted_on() -> None:
    view, _ = paint_defects(plain(WINDOW, WINDOW), np.ones((WINDOW, WINDOW), dtype=bool), np.random.default_rng(5))
    assert view.shape == (WINDOW, WINDOW)


def test_defects_lie_where_they_may() -> None:
    rng, corner = np.random.default_rng(2), np.zeros((200, 160), dtype=bool)
    corner[:20, :20] = True
    seen = np.mean([paint_defects(plain(), corner, rng)[1] for _ in range(60)], axis=0)
    assert seen[:20, :20].mean() > 0.02
    assert not seen[WINDOW:].any()
    assert not seen[:, WINDOW:].any()
    assert seen[:20, :20].sum() > seen.sum() / 2, "their middles lie on the part"


def test_what_is_elsewhere_in_the_view_is_among_the_defects() -> None:
    """Of a view that is dark on the left and bright on the right, something bright comes to lie on the left."""
    halves = np.repeat(np.array([[60] * 80 + [200] * 80], np.uint8), 200, axis=0)
    rng, left = np.random.default_rng(3), np.tile(np.arange(160) < 20, (200, 1))
    assert max(paint_defects(halves, left, rng)[0][:, :50].max() for _ in range(40)) > 150


def test_a_part_with_an_edge_has_metal_missing_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bite lies at the edge, within the part, and shows raw metal or what is beyond."""
    monkeypatch.setattr(painting, "DEFECTS", ())  # so that nothing but bites is painted
    part = np.zeros((200, 160), dtype=bool)
    part[40:160, 30:130] = True
    view = np.where(part, 120, 200).astype(np.uint8)
    from_edge = cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5)
    rng, depths, bites = np.random.default_rng(4), [], 0
    for _ in range(30):
        after, mask = paint_defects(view, part, rng)
        assert not mask[~cv2.dilate(part.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)].any()
        if mask.any():
            bites += 1
            depths.append(from_edge[mask & part].max())
            assert (mask & part).sum() > 0.7 * mask.sum()
            assert np.array_equal(after[~mask & (from_edge > 20)], view[~mask & (from_edge > 20)])
    assert bites > 20
    assert 3 < np.median(depths) < 16


def test_a_part_that_fills_its_view_has_no_edge() -> None:
    assert not painting._at_edge(ANYWHERE).any()
    assert painting._at_edge(np.pad(np.ones((50, 50), dtype=bool), 20)).sum() == 4 * 49
