"""Random castings: sound, of many shapes, alike within a product, and none of them a part that is drawn by name."""

import numpy as np

from casting_core.data.drawing.drawn import draw_casting
from casting_core.data.drawing.parts import Part
from casting_core.data.drawing.random_products.relief import castings
from casting_core.data.drawing.random_products.relief_plan import COLUMNS, ROWS
from casting_core.domain import Label


def test_castings_of_a_product_are_alike_and_those_of_another_are_not() -> None:
    one, other = castings(1, 6), castings(2, 6)
    assert one.photos.shape == (6, ROWS, COLUMNS)
    assert one.photos.dtype == np.uint8
    assert one.part.shape == (ROWS, COLUMNS)
    agree = (castings(1, 1).part == one.part).mean()
    assert agree == 1, "a product keeps its outline"
    assert (one.part == other.part).mean() < 0.95
    assert not np.array_equal(one.photos[0], one.photos[1]), "each casting has a skin and a light of its own"


def test_the_same_number_gives_the_same_castings() -> None:
    assert np.array_equal(castings(7, 2).photos, castings(7, 2).photos)


def test_products_differ_in_size_and_light() -> None:
    drawn = [castings(product, 2) for product in range(12)]
    shares = [one.part.mean() for one in drawn]
    assert min(shares) < 0.25
    assert 0.4 < max(shares) < 0.98
    means = [photo.mean() for one in drawn for photo in one.photos]
    assert np.ptp(means) > 50


def test_none_is_the_bracket_that_is_drawn_by_name() -> None:
    """The bracket's outline, wherever it is laid in the view, fits no random product's."""
    desk = draw_casting(3, label=Label.OK, part=Part.BRACKET).pixels[30:270, 42:258]
    bracket = np.abs(desk.astype(float) - np.median(desk[-20:, -20:])) > 25
    parts = np.stack([castings(product, 1).part for product in range(40)])
    steps = range(-20, 21, 10)
    laid = [np.roll(bracket, (down, right), (0, 1)) for down in steps for right in steps]
    closest = max((parts == one).mean(axis=(1, 2)).max() for one in laid)
    assert closest < 0.93
