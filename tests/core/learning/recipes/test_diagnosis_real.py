"""Real trainings made to show something, and what the fit reader says of them."""

from dataclasses import replace

import numpy as np
import pytest

from casting_core.data.drawing.synthetic import copy_casting, draw_casting
from casting_core.domain import Label
from casting_core.learning.inputs.photos import Photos
from casting_core.learning.recipes.choices import NetworkName
from casting_core.learning.recipes.diagnosis import Curves, Kind, Reading, read
from casting_core.learning.recipes.events import Event, LightTested, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.learning.training.train import train

pytestmark = [pytest.mark.slow, pytest.mark.long]
CASTINGS, COPIES = 70, 2


@pytest.fixture(scope="module")
def drawn() -> Photos:
    """Seventy drawn castings, half of them defective, two photos of each."""
    pixels = []
    for seed in range(CASTINGS):
        casting = draw_casting(seed, label=Label(seed % 2))
        pixels += [casting.pixels, copy_casting(casting, 1000 + seed).pixels]
    labels = (np.arange(CASTINGS) % 2).repeat(COPIES).astype(np.float32)
    return Photos(pixels=np.stack(pixels), rows=np.arange(len(labels)), labels=labels)


def told(photos: Photos, recipe: Recipe) -> Reading:
    """What is read of a training on these photos that watches three of ten castings."""
    events: list[Event] = []
    castings = photos.rows // COPIES
    known = replace(photos, castings=castings)
    trained = train(known, recipe, report=events.append, should_stop=lambda: False, validation=castings % 10 < 3)
    prepared = next(event for event in events if isinstance(event, Prepared))
    light = next((event for event in events if isinstance(event, LightTested)), None)
    return read(Curves(epochs=trained.epochs, recipe=recipe, prepared=prepared, light=light))


def test_thirty_photos_are_too_few_to_tell(drawn: Photos) -> None:
    reading = told(drawn.subset(np.arange(30)), Recipe(epochs=4))
    assert reading.kind is Kind.TOO_FEW
    assert "castings are used for validation" in reading.sentence


@pytest.mark.parametrize("network", NetworkName)
def test_a_learning_rate_a_hundred_times_too_high_is_unstable(drawn: Photos, network: NetworkName) -> None:
    rate = {NetworkName.CLASSIC: 0.1, NetworkName.EVIDENCE: 0.4}[network]
    reading = told(drawn, Recipe(network=network, epochs=4, batch_size=16, learning_rate=rate))
    assert reading.kind is Kind.UNSTABLE
    assert reading.changes == {"learning_rate": 0.001}


def test_light_added_to_one_class_is_what_was_learned(drawn: Photos) -> None:
    lamp = (50 * drawn.labels).astype(np.uint8)[:, None, None]
    lit = np.clip(drawn.pixels, 0, 200) + lamp
    reading = told(
        Photos(pixels=lit, rows=drawn.rows, labels=drawn.labels), Recipe(epochs=15, batch_size=16, learning_rate=0.002)
    )
    assert reading.kind is Kind.LIGHT
    assert reading.changes == {"network": NetworkName.EVIDENCE}
