"""Drawn plates, sound, with a hole or with a crack: a product that no network has been made for."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.imaging.images import Grey

RULE = ClassRule(ok=frozenset({"sound"}), defective=frozenset({"blowhole", "crack"}))


def plate(rng: np.random.Generator, what: str) -> Grey:
    """A rough plate, 300 x 300, sound, with a hole in it or with a crack through it."""
    skin = cv2.GaussianBlur(rng.normal(150, 60, (300, 300)), (0, 0), 3)
    x, y = (int(place) for place in rng.integers(80, 220, 2))
    if what == "blowhole":
        cv2.circle(skin, (x, y), 30, 20, -1)
    elif what == "crack":
        cv2.line(skin, (x - 60, y - 60), (x + 60, y + 50), 20, 4)
    return np.clip(skin, 0, 255).astype(np.uint8)


def write_plates(root: Path, *, train: dict[str, int], test: dict[str, int]) -> Path:
    """So many plates of each kind in class folders that are called by it; the folder they lie in."""
    rng = np.random.default_rng(3)
    for split, numbers in (("train", train), ("test", test)):
        for what, number in numbers.items():
            folder = root / split / what
            folder.mkdir(parents=True)
            for count in range(number):
                Image.fromarray(plate(rng, what)).save(folder / f"{count}.png")
    return root
