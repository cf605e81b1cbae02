"""Painted defects: each view its own, and a mask that says where."""

import numpy as np

from casting_core.learning.painting import MOST, SEEN, WINDOW, painted

ANYWHERE = np.arange(200 * 160)


def plain(rows: int = 200, columns: int = 160) -> np.ndarray:
    return np.full((rows, columns), 150, np.uint8)


def test_the_mask_says_what_was_changed_and_nothing_else_is() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        view, mask = painted(plain(), ANYWHERE, rng)
        off = np.abs(view.astype(int) - 150)
        assert view.shape == mask.shape == (200, 160)
        assert off[~mask].max() <= SEEN
        assert not mask.any() or off[mask].min() >= SEEN


def test_most_views_show_defects_and_some_none() -> None:
    rng = np.random.default_rng(1)
    shares = np.array([painted(plain(), ANYWHERE, rng)[1].mean() for _ in range(60)])
    assert 0.5 < (shares > 0).mean() < 1
    assert shares.max() < MOST * WINDOW**2 / plain().size


def test_the_same_seed_paints_the_same_and_another_something_else() -> None:
    one, same, other = (painted(plain(), ANYWHERE, np.random.default_rng(seed))[0] for seed in (3, 3, 4))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_a_view_as_small_as_one_defect_is_painted_on() -> None:
    view, _ = painted(plain(WINDOW, WINDOW), np.arange(WINDOW**2), np.random.default_rng(5))
    assert view.shape == (WINDOW, WINDOW)


def test_defects_lie_where_they_may() -> None:
    rng, corner = np.random.default_rng(2), np.array([0, 1, 160])
    seen = np.any([painted(plain(), corner, rng)[1] for _ in range(20)], axis=0)
    assert seen.any()
    assert not seen[WINDOW:].any()
    assert not seen[:, WINDOW:].any()


def test_what_is_elsewhere_in_the_view_is_among_the_defects() -> None:
    """Of a view that is dark on the left and bright on the right, something bright comes to lie on the left."""
    halves = np.repeat(np.array([[60] * 80 + [200] * 80], np.uint8), 200, axis=0)
    rng, left = np.random.default_rng(3), np.flatnonzero(np.tile(np.arange(160) < 20, 200))
    assert max(painted(halves, left, rng)[0][:, :60].max() for _ in range(40)) > 150
