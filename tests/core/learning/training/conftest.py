"""Photos that a head on the public network tells apart, and a shallow network hardly."""

import cv2
import numpy as np
import pytest

from casting_core.learning.inputs.photos import Photos


@pytest.fixture(scope="package")
def textures() -> Photos:
    """Twenty fine and twenty coarse grains, each of its own brightness: a shallow network hardly tells them."""
    rng = np.random.default_rng(0)
    labels = np.arange(40) % 2
    photos = []
    for label in labels:
        noise = cv2.GaussianBlur(rng.normal(0, 1, (300, 300)), (0, 0), 2.0 + 2.5 * label)
        photos.append(np.clip(rng.uniform(90, 160) + 25 * noise / noise.std(), 0, 255).astype(np.uint8))
    return Photos(pixels=np.stack(photos), rows=np.arange(40), labels=labels.astype(np.float32), castings=np.arange(40))
