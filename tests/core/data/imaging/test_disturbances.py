"""Photos under stress: each does what it is called, and leaves the part where it is."""

import numpy as np
import pytest

from casting_core.data.drawing.drawn import draw_casting
from casting_core.data.imaging.disturbances import STRESSES
from casting_core.data.imaging.measures import brightness, sharpness
from casting_core.domain import Label

GREY = draw_casting(5, label=Label.OK).pixels


@pytest.mark.parametrize("name", STRESSES)
def test_a_stress_changes_the_photo_and_not_the_part(name: str) -> None:
    made = STRESSES[name](GREY)
    assert made.shape == GREY.shape
    assert made.dtype == np.uint8
    assert not np.array_equal(made, GREY)
    assert np.corrcoef(made.ravel(), GREY.ravel())[0, 1] > 0.9
    assert np.array_equal(made, STRESSES[name](GREY)), "the same photo suffers the same twice"


def test_each_stress_does_what_it_is_called() -> None:
    made = {name: stress(GREY) for name, stress in STRESSES.items()}
    assert brightness(made["brightness x 0.6"]) == pytest.approx(0.6 * brightness(GREY), rel=0.02)
    assert brightness(made["gamma 0.7"]) > brightness(GREY) > brightness(made["gamma 1.4"])
    assert sharpness(made["blur of 1 px"]) < sharpness(GREY) < sharpness(made["noise of 5 levels"])
    assert (made["noise of 5 levels"].astype(float) - GREY).std() == pytest.approx(5, rel=0.1)
