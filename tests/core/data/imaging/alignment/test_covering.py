"""A covered part looks like every other one; what lies beside it stays as it was."""

from functools import partial

import numpy as np
import pytest

from casting_core.data.drawing.drawn import draw_casting
from casting_core.data.drawing.parts import Part
from casting_core.data.imaging.alignment import choice
from casting_core.data.imaging.alignment.alignment import Kind, free
from casting_core.data.imaging.alignment.covering import cover
from casting_core.domain import Label


@pytest.mark.parametrize(("part", "kind"), [(Part.IMPELLER, Kind.ROUND), (Part.BRACKET, Kind.REGISTERED)])
def test_parts_are_covered_alike_and_what_lies_beside_them_is_left(part: Part, kind: Kind) -> None:
    draw = partial(draw_casting, part=part)
    photos = [draw(number, label=Label(number % 2)).pixels for number in range(8)]
    alignment = choice.learn(photos)
    assert alignment.kind is kind
    covered = cover(photos, alignment)
    assert covered is not None and covered.found.all()
    taken = np.stack(photos)
    assert np.array_equal(covered.photos[covered.beside], taken[covered.beside])
    assert 0.02 < covered.beside.mean() < 0.7
    places = [alignment.place(photo) for photo in photos]

    def spread(seen: np.ndarray) -> float:
        views = np.stack([alignment.view(*pair) for pair in zip(seen, places, strict=True)]).astype(float)
        return float(views.std(axis=0)[alignment.part()].mean())

    assert spread(covered.photos) < 0.3 * spread(taken), "nothing of a casting's own is left"


def test_where_nobody_knows_where_the_part_lies_nothing_is_covered() -> None:
    photos = [draw_casting(1, label=Label.OK).pixels]
    assert cover(photos, free(300, reason="by hand")) is None
    assert cover([], choice.learn(photos, wanted=Kind.ROUND)) is None
