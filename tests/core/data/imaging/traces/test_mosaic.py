"""Raw data of a colour camera is told from everything else, whatever its filters, and after JPEG, too."""

import numpy as np
import pytest
from PIL import Image

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.data.imaging.disturbances import STRESSES
from casting_core.data.imaging.images import Grey, decode
from casting_core.data.imaging.traces.mosaic import chequered
from casting_core.domain import Label
from tests.core.data.encoded import encoded
from tests.spoiled import raw

RAW = 0.01  # as the gate has it
GAINS = {"RGGB": (0.55, 1, 1, 0.6), "BGGR": (0.6, 1, 1, 0.55), "GRBG": (1, 0.5, 0.7, 1), "GBRG": (1, 0.7, 0.5, 1),
         "red nearly as green": (0.93, 1, 1, 0.85), "only blue is dark": (1, 1, 1, 0.7)}  # fmt: skip


@pytest.fixture(scope="module")
def castings() -> list[Grey]:
    return [draw_casting(seed, label=Label(seed % 2)).pixels for seed in range(6)]


@pytest.mark.parametrize("gains", GAINS.values(), ids=GAINS)
def test_levels_behind_colour_filters_swing(gains: tuple[float, ...], castings: list[Grey]) -> None:
    for grey in castings:
        mosaic = raw(*gains)(grey)
        assert chequered(mosaic) > RAW
        assert chequered(mosaic[1:, 3:]) > RAW
        assert chequered(decode(encoded(Image.fromarray(mosaic), "JPEG", quality=80)).grey) > RAW


@pytest.mark.parametrize("stress", STRESSES)
def test_what_photographs_suffer_is_no_mosaic(stress: str, castings: list[Grey]) -> None:
    assert [chequered(STRESSES[stress](grey)) for grey in castings] == [0.0] * len(castings)


def test_a_fine_grid_a_board_and_blocks_of_jpeg_are_no_mosaic(castings: list[Grey]) -> None:
    y, x = np.indices((300, 300))
    grid = np.where((x % 7 < 3) | (y % 5 < 2), 200, 60).astype(np.uint8)
    board = np.where((x // 8 + y // 8) % 2, 200, 60).astype(np.uint8)
    tracks = np.zeros((300, 300), dtype=np.uint8)
    tracks[100:110, 20:280:2] = 255  # few places are lit
    blocky = decode(encoded(Image.fromarray(castings[0]), "JPEG", quality=10)).grey
    assert [chequered(grey) for grey in (grid, board, tracks, blocky)] == [0.0] * 4
    assert chequered(np.zeros((16, 16), dtype=np.uint8)) == 0.0
