"""What a version reads is called by its name: the lamp, the surroundings, nothing, or the metal.

The "networks" are functions of drawn photos: one reads brightness, one the corners of the frame, one the defect.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.data.drawing.drawn import draw_casting
from casting_core.data.imaging.alignment import choice
from casting_core.data.imaging.alignment.covering import Covered, cover
from casting_core.data.imaging.disturbances import disturbed
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.measures import corners
from casting_core.domain import Figures, Label
from casting_core.judging.panel.background import background, looks_of
from casting_core.judging.panel.curves import curves
from casting_core.judging.panel.panel import Panel
from casting_core.judging.panel.stress import LADDERS, borne, curve
from casting_core.judging.panel.verdict import Reads, verdict

CASTINGS = 16
Network = Callable[[Grey], float]


FIGURES = Figures(photos=2, accuracy=1.0, missed=0, false_alarms=0, auc=None, confusion=((1, 0), (0, 1)), report={})


class Shown(NamedTuple):
    """Photos of castings, whose defects a black spot shows, with a background that gives their label away."""

    photos: list[Grey]
    labels: NDArray[np.int64]
    covered: Covered


@pytest.fixture(scope="module")
def shown() -> Shown:
    labels = np.arange(CASTINGS) % 2
    photos = []
    for number, label in enumerate(labels.tolist()):
        grey = draw_casting(number, label=Label.OK).pixels.copy()
        edge = np.hypot(*np.meshgrid(*(np.arange(300) - 149.5,) * 2)) > 148  # beside the part
        grey[edge] = np.clip(grey[edge].astype(int) + (-60 if label else 60), 0, 255)
        if label:
            grey[140:150, 190:200] = 0
        photos.append(grey)
    covered = cover(photos, choice.learn(photos))
    assert covered is not None and covered.found.all()
    return Shown(photos=photos, labels=labels, covered=covered)


def steep(level: float, middle: float) -> float:
    return float(1 / (1 + np.exp(np.clip(level - middle, -30, 30))))


def reads_brightness(photo: Grey) -> float:
    return steep(float(photo.mean()), 149.0)


def reads_corners(photo: Grey) -> float:
    """How much brighter the corners are than the face, whatever the light."""
    return steep(20 * float(corners(photo).mean() / (photo[100:200, 100:200].mean() + 1)), 55.0)


def reads_the_spot(photo: Grey) -> float:
    """How dark the darkest spot of the part is against the usual metal, whatever the light."""
    metal = photo[60:240, 60:240]
    return steep(200 * float(cv2.blur(metal, (9, 9)).min() / max(float(np.median(metal)), 1.0)), 5.0)


def scored(network: Network, photos: Sequence[Grey]) -> NDArray[np.float64]:
    return np.array([network(photo) for photo in photos])


def panel_of(network: Network, shown: Shown, *, rows: Sequence[int] = range(CASTINGS)) -> Panel:
    """The panel of a network on some of these castings, each of one photo."""
    at = np.array(rows)
    photos, labels, castings = [shown.photos[one] for one in rows], shown.labels[at], at.astype(np.int64)
    as_taken = scored(network, photos)
    first = borne(0.0, as_taken, labels, castings, threshold=0.5)
    stress = []
    for what, ladder in LADDERS.items():
        sights = {one: [disturbed(photo, what, one) for photo in photos] for one in ladder.strengths}
        points = [borne(one, scored(network, seen), labels, castings, threshold=0.5) for one, seen in sights.items()]
        stress.append(curve(what, first, points))
    looks = np.array([looks_of(photo, shown.covered.beside[one]) for photo, one in zip(photos, rows, strict=True)])
    beside = background(
        scored(network, list(shown.covered.photos[at])),
        as_taken,
        labels,
        castings,
        threshold=0.5,
        beside=0.2,
        looks=looks,
    )
    return Panel(
        version="v1", dataset="here", split="test", made=0.0, seconds=0.0, threshold=0.5, proves=False,
        figures=FIGURES,
        photos=len(at), castings=len(at), stress=tuple(stress), background=beside,
        curves=curves(as_taken, labels, castings, threshold=0.5),
    )  # fmt: skip


def test_a_network_that_reads_only_brightness_is_called_one_that_reads_the_lamp(shown: Shown) -> None:
    said = verdict(panel_of(reads_brightness, shown))
    assert Reads.LAMP in said.reads
    assert not said.honest
    assert re.search(r"reads the lamp and not the metal: at \d+ % of the light 8 of 8 \w+ castings", said.first)


def test_a_network_that_reads_the_corners_of_the_frame_is_called_one_that_reads_the_surroundings(shown: Shown) -> None:
    said = verdict(panel_of(reads_corners, shown))
    assert Reads.SURROUNDINGS in said.reads
    assert "the background alone tells the classes apart with an AUC of 1.00" in said.first


def test_an_honest_network_is_called_that_and_what_there_was_to_be_read_is_said(shown: Shown) -> None:
    made = panel_of(reads_the_spot, shown)
    said = verdict(made)
    assert said.reads == (Reads.METAL,)
    assert said.honest
    assert "painted over" in said.first
    assert made.background is not None and made.background.told is not None and made.background.told > 0.9
    assert "The background of these photos gives the label away" in " ".join(said.others)
    assert "at 80 % of the contrast 8 of 8 defective castings escape (as taken: 0)" in " ".join(said.others)
    assert "It bears 40 % to 160 % of the light" in " ".join(said.others)


def test_a_network_that_guesses_is_said_to_guess_and_too_few_castings_tell_nothing(shown: Shown) -> None:
    guess = verdict(panel_of(lambda _photo: 0.3, shown))
    assert guess.reads == (Reads.NOTHING,)
    assert "hardly better than a guess" in guess.first
    few = verdict(panel_of(reads_the_spot, shown, rows=(0, 1)))
    assert few.reads == (Reads.UNKNOWN,)
    assert "cannot be told from 1 ok casting: it takes at least 5 of either class" in few.first


def test_a_network_that_is_mostly_wrong_on_one_class_is_not_said_to_read_the_metal(shown: Shown) -> None:
    said = verdict(panel_of(lambda photo: max(0.6, reads_the_spot(photo)), shown))
    assert said.reads == (Reads.UNKNOWN,)
    assert "wrong too often on the photos as they were taken, where 8 of 8 ok castings are rejected" in said.first


def test_a_panel_is_read_back_as_it_was_written(shown: Shown) -> None:
    made = panel_of(reads_the_spot, shown, rows=(0, 1, 2, 3))
    assert Panel.model_validate_json(made.model_dump_json()) == made
