"""Photos to learn from, in memory."""

import numpy as np
import pytest

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.domain import Label
from casting_core.learning.inputs.photos import Photos


@pytest.fixture(scope="session")
def photos() -> Photos:
    """Twelve drawn castings of each label."""
    labels = [Label(number % 2) for number in range(24)]
    pixels = np.stack([draw_casting(number, label=label).pixels for number, label in enumerate(labels)])
    return Photos(pixels=pixels, rows=np.arange(24), labels=np.array(labels, dtype=np.float32))
