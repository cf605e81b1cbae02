"""Photos of one casting are found, however they were taken; two castings of one product stay apart."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.data.castings.grouping import Grouping, group
from casting_core.data.castings.joining import Groups, confirmed
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.drawing.synthetic import Part, copy_casting, draw_casting
from casting_core.data.imaging.features import MIRROR, describe
from casting_core.data.imaging.images import Grey
from casting_core.data.imaging.matching import HIGHEST, LIKE, LOWEST, Match, enough
from casting_core.domain import Label
from casting_core.errors import DatasetError

MIDDLE = (150, 150)
BRACKET = [(40, 60), (250, 60), (250, 120), (130, 120), (130, 250), (40, 250)]
MOVES = {
    "turned": {"angle": 137.0},
    "mirrored": {"angle": 20.0, "mirror": True},
    "sheared": {"angle": 75.0, "shear": 0.15},
    "smaller": {"angle": -50.0, "scale": 0.8},
    "larger": {"angle": 5.0, "scale": 1.2},
    "darker": {"angle": 190.0, "gain": 0.6, "offset": 5.0},
}


def moved(
    grey: Grey,
    *,
    angle: float,
    mirror: bool = False,
    shear: float = 0.0,
    scale: float = 1.0,
    gain: float = 1.0,
    offset: float = 0.0,
) -> tuple[Grey, NDArray[np.float64]]:
    """Another photo of the part, and the map (2, 3) that takes a pixel of the first to its place in this one."""
    turn = cv2.getRotationMatrix2D((0, 0), angle, scale)[:, :2]
    matrix = turn @ np.array([[-1.0 if mirror else 1.0, shear], [0.0, 1.0]])
    whole = np.column_stack([matrix, MIDDLE - matrix @ MIDDLE])
    picture = cv2.warpAffine(grey, whole, (300, 300), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(picture.astype(np.float32) * gain + offset, 0, 255).astype(np.uint8), whole


def bracket(seed: int) -> Grey:
    """A part that is not round: always the same edges and holes in the same place, and a surface of its own."""
    rng = np.random.default_rng(seed)
    plan = np.full((300, 300), 120, dtype=np.uint8)
    cv2.fillPoly(plan, [np.array(BRACKET, dtype=np.int32)], 185)
    for hole in ((70, 90), (150, 90), (220, 90), (85, 150), (85, 215)):
        cv2.circle(plan, hole, 13, 215, -1)
        cv2.circle(plan, hole, 8, 40, -1)
    skin = sum(cv2.GaussianBlur(rng.standard_normal((300, 300)), (0, 0), s) * s * 14 for s in (1.0, 3.0))
    surface = plan + np.where(plan > 130, skin, 0)
    blurred = cv2.GaussianBlur(surface, (0, 0), 0.6) + rng.normal(0, 1.5, plan.shape)
    return np.clip(blurred, 0, 255).astype(np.uint8)


def grouped(photos: list[Grey]) -> Grouping:
    return group([f"{at:064x}" for at in range(len(photos))], np.stack(photos))


def photos_of(part: Part, *, castings: int) -> list[Grey]:
    """Castings of one product, three photos of each."""
    firsts = [draw_casting(seed, label=Label(seed % 2), part=part) for seed in range(castings)]
    return [
        photo.pixels
        for seed, first in enumerate(firsts)
        for photo in (first, copy_casting(first, 100 + seed), copy_casting(first, 200 + seed))
    ]


def spoiled(grey: Grey, seed: int) -> Grey:
    """The photo as a poor camera in uneven light would have taken it: a slope of light, blur and noise."""
    rng = np.random.default_rng(seed)
    slope = np.linspace(rng.uniform(0.75, 1), rng.uniform(1, 1.25), 300, dtype=np.float32)
    blurred = cv2.GaussianBlur(grey * slope, (0, 0), rng.uniform(0.3, 0.7))
    return np.clip(blurred + rng.normal(0, 2, grey.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def impellers() -> list[Grey]:
    return photos_of(Part.IMPELLER, castings=8)


@pytest.mark.parametrize("how", MOVES)
@pytest.mark.parametrize("part", [*Part, "plain bracket"])
def test_a_photo_of_the_same_casting_is_found(part: str, how: str) -> None:
    first = bracket(3) if part == "plain bracket" else draw_casting(3, label=Label.OK, part=Part(part)).pixels
    again, truth = moved(first, **MOVES[how])  # type: ignore[arg-type]  # some moves are true or false
    found = grouped([first, again])
    assert found.casting.tolist() == [0, 0]
    assert found.links[0].mirrored == (how == "mirrored")
    assert np.abs(found.links[0].map @ [150, 90, 1] - truth @ [150, 90, 1]).max() < 1.0


@pytest.mark.parametrize("part", Part)
def test_castings_of_one_product_stay_apart(part: Part) -> None:
    found = grouped(photos_of(part, castings=8))
    assert found.casting.tolist() == [casting for casting in range(8) for _ in range(3)]
    assert len(found.links) == 16


@pytest.mark.parametrize("part", Part)
def test_a_poor_camera_in_uneven_light_does_not_hide_whom_a_photo_shows(part: Part) -> None:
    found = grouped([spoiled(photo, seed) for seed, photo in enumerate(photos_of(part, castings=8))])
    assert found.casting.tolist() == [casting for casting in range(8) for _ in range(3)]


def test_brackets_in_one_and_the_same_place_stay_apart() -> None:
    photos = [photo for seed in range(10) for photo in (bracket(seed), moved(bracket(seed), angle=31.0 * seed + 9)[0])]
    assert grouped(photos).casting.tolist() == [casting for casting in range(10) for _ in range(2)]


def test_the_same_photos_give_the_same_groups_and_links(impellers: list[Grey]) -> None:
    one, other = grouped(impellers), grouped(impellers)
    assert one.casting.tolist() == other.casting.tolist()
    assert [(link.first, link.second, link.points) for link in one.links] == [
        (link.first, link.second, link.points) for link in other.links
    ]


def test_pairs_looked_at_grow_with_the_photos_and_not_with_their_square() -> None:
    looked = []
    for count in (20, 80):
        photos = [
            draw if at else first.pixels
            for seed in range(count // 4)
            for first in [draw_casting(500 + seed, label=Label.OK)]
            for at, draw in enumerate([first.pixels, *(copy_casting(first, seed * 9 + k).pixels for k in range(3))])
        ]
        looked.append(grouped(photos).compared / count)
    assert looked[1] <= 1.3 * looked[0]
    assert looked[1] < 8


def test_photos_come_from_the_cache_and_a_photo_named_twice_is_one(impellers: list[Grey], tmp_path: Path) -> None:
    cache = PixelCache(tmp_path)
    names = [f"{at:064x}" for at in range(6)]
    cache.add(zip(reversed(names), reversed(impellers[:6]), strict=True))
    found = group([*names, names[0]], cache)
    assert found.casting.tolist() == [0, 0, 0, 1, 1, 1, 0]
    assert len(found.links) == 4
    with pytest.raises(DatasetError, match="not in the pixel cache"):
        group(["f" * 64], cache)


def test_photos_with_nothing_on_them_stand_alone() -> None:
    blank = np.zeros((300, 300), dtype=np.uint8)
    assert grouped([blank, blank + 9, blank + 200]).casting.tolist() == [0, 1, 2]
    assert len(group([], np.zeros((0, 300, 300), dtype=np.uint8)).casting) == 0


def test_it_reports_to_the_end_and_stops_when_asked(impellers: list[Grey]) -> None:
    names, steps = [str(at) for at in range(6)], []
    group(names, np.stack(impellers[:6]), report=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]
    with pytest.raises(DatasetError, match="stopped"):
        group(names, np.stack(impellers[:6]), should_stop=lambda: True)


def test_a_mirrored_descriptor_is_what_the_mirrored_photo_shows() -> None:
    grey = bracket(1)
    seen, mirror = describe(grey), describe(np.ascontiguousarray(grey[:, ::-1]))
    assert sorted(MIRROR.tolist()) == list(range(128))
    likeness = (seen.vectors(mirrored=True) @ mirror.vectors().T).max(axis=1) / 512**2
    assert np.median(likeness) > 0.97


def test_a_doubtful_link_joins_only_what_other_photos_confirm() -> None:
    groups = Groups(6)
    for one, other in ((0, 1), (1, 2), (3, 4), (4, 5)):
        groups.join(one, other)
    assert not confirmed(groups, 0, 3, lambda *_: False)
    assert confirmed(groups, 0, 3, lambda *_: True)
    assert confirmed(Groups(2), 0, 1, lambda *_: False)  # nobody else to ask


def test_look_alikes_that_agree_in_much_ask_for_more() -> None:
    def pairs(agreements: list[float]) -> list[Match | None]:
        return [Match(points=50, share=0.2, map=np.eye(2, 3), agreement=at, overlap=1.0) for at in agreements]

    assert enough([None] * 90 + pairs([0.9] * 10)) == LOWEST
    assert enough(pairs([0.3, 0.31, 0.29] * 30)) == LIKE
    assert LIKE < enough(pairs([0.5, 0.52, 0.54] * 30 + [0.9] * 20)) < HIGHEST
