"""Random turned parts: sound, of many shapes, alike within a product, lying where they are said to lie."""

import numpy as np

from casting_core.data.drawing.products.impeller_plan import HUB, RECESS, RING
from casting_core.data.drawing.random_products.turned import Turned, castings
from casting_core.data.drawing.random_products.turned_plan import RINGS, Surface, any_plan
from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.data.imaging.alignment.choice import learn

STRIPS = Alignment(kind=Kind.ROUND, reason="drawn so", size=300)


def strips(drawn: Turned) -> np.ndarray:
    views = [STRIPS.view(photo, lies) for photo, lies in zip(drawn.photos, drawn.placements, strict=True)]
    return np.stack(views).astype(np.float32)


def rings(drawn: Turned) -> np.ndarray:
    """How strongly each row of a product's strips differs from the next, as one profile, its spread 1."""
    steps = np.abs(np.diff(strips(drawn).mean(axis=2), axis=1)).mean(axis=0)
    return np.asarray((steps - steps.mean()) / steps.std())


def test_castings_of_a_product_have_the_same_rings_and_those_of_others_have_not() -> None:
    first, again = zip(
        *((rings(Turned(one.photos[:4], one.placements[:4])), rings(Turned(one.photos[4:], one.placements[4:])))
          for one in (castings(product, 8) for product in range(6))),
        strict=True,
    )  # fmt: skip
    agree = np.array(first) @ np.array(again).T / len(first[0])
    assert (agree.argmax(axis=1) == np.arange(6)).all()
    assert np.diag(agree).mean() > np.median(agree[~np.eye(6, dtype=bool)]) + 0.3


def test_the_same_number_gives_the_same_castings_and_no_two_photos_are_alike() -> None:
    one, again = castings(7, 2), castings(7, 2)
    assert one.photos.shape == (2, 300, 300)
    assert one.photos.dtype == np.uint8
    assert np.array_equal(one.photos, again.photos)
    assert not np.array_equal(one.photos[0], one.photos[1])


def test_parts_lie_where_alignment_finds_them() -> None:
    beside = []
    for product in range(8):
        drawn = castings(product, 4)
        alignment = learn(list(drawn.photos), wanted=Kind.ROUND)
        for photo, lies in zip(drawn.photos, drawn.placements, strict=True):
            beside.append(np.hypot(*np.subtract(alignment.place(photo).centre, lies.centre)))
    assert np.median(beside) < 5, "pixels"


def test_plans_are_many_and_none_is_the_impeller_that_is_drawn_by_name() -> None:
    plans = [any_plan(np.random.default_rng(product)) for product in range(300)]
    assert {ring.surface for plan in plans for ring in plan.rings} == set(Surface)
    assert all(1 <= len(plan.rings) <= RINGS for plan in plans)
    assert all(0 < plan.bore < plan.rings[-1].outer for plan in plans)
    with_holes = sum(plan.holes is not None for plan in plans)
    assert 15 < with_holes < 90
    for plan in plans:
        radii = np.array([ring.outer for ring in plan.rings])
        assert not all(np.abs(radii - impeller).min() < 0.01 for impeller in (RING, RECESS, HUB))
