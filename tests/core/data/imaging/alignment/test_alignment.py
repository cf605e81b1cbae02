"""Alignment: the same part gives the same view, however it lies; what is not round stays as it is, and says so."""

import json

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from casting_core.data.drawing.drawn import copy_casting, draw_casting
from casting_core.data.drawing.parts import Part
from casting_core.data.drawing.products.bracket import any_bracket
from casting_core.data.imaging.alignment.alignment import COLUMNS, ROWS, Alignment, Kind, free
from casting_core.data.imaging.alignment.choice import learn
from casting_core.data.imaging.alignment.outline import narrowed
from casting_core.data.imaging.alignment.placement import Placement, whole_photo
from casting_core.data.imaging.images import Grey
from casting_core.domain import Label
from casting_core.learning.inputs.augmentation import moved


def castings(part: Part, number: int = 12) -> list[Grey]:
    return [draw_casting(seed, label=Label(seed % 2), part=part).pixels for seed in range(number)]


@pytest.fixture(scope="module")
def impellers() -> list[Grey]:
    return castings(Part.IMPELLER)


@pytest.fixture(scope="module")
def round_part(impellers: list[Grey]) -> Alignment:
    return learn(impellers)


@pytest.fixture(scope="module")
def bracket() -> Alignment:
    return learn(castings(Part.BRACKET, 16))


def seen(grey: Grey, matrix: NDArray[np.float64]) -> Grey:
    """The photo of the same part, moved about its middle."""
    middle = np.array([149.5, 149.5])
    whole = np.column_stack([matrix, middle - matrix @ middle])
    return np.asarray(cv2.warpAffine(grey, whole, (300, 300), borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


def test_impellers_are_round_brackets_have_one_outline_and_other_photos_nothing_in_common(
    round_part: Alignment, bracket: Alignment
) -> None:
    assert round_part.kind is Kind.ROUND
    assert round_part.reason.startswith("Round: 9")
    assert bracket.kind is Kind.REGISTERED
    assert bracket.reason.startswith("Of one outline: laid over a reference, edges agree by 0.9")
    rng = np.random.default_rng(2)
    clouds = [cv2.GaussianBlur(rng.normal(0, 1, (300, 300)), (0, 0), 9) for _ in range(12)]
    others = learn([np.clip(128 + 900 * one, 0, 255).astype(np.uint8) for one in clouds])
    assert others.kind is Kind.FREE
    assert others.reason.startswith("Neither round nor of one outline")
    assert learn(castings(Part.BRACKET, 3), wanted=Kind.ROUND).reason == "Chosen by hand"


def test_a_bracket_is_turned_back_however_it_was_photographed(bracket: Alignment) -> None:
    for seed in range(40, 48):
        casting = draw_casting(seed, label=Label(seed % 2), part=Part.BRACKET)
        copy = copy_casting(casting, seed)
        placements = [bracket.place(one.pixels) for one in (casting, copy)]
        assert min(one.confidence for one in placements) > 0.8
        upright, turned = (
            bracket.view(one.pixels, where).astype(float)
            for one, where in zip((casting, copy), placements, strict=True)
        )
        assert np.corrcoef(upright[60:240, 60:240].ravel(), turned[60:240, 60:240].ravel())[0, 1] > 0.85


def test_a_bracket_fills_its_view_and_is_told_from_the_desk(bracket: Alignment) -> None:
    rows, columns = bracket.shape
    assert rows % 8 == columns % 8 == 0
    assert max(rows, columns) < 280
    part = bracket.part()
    assert part.shape == (rows, columns)
    assert 0.35 < part.mean() < 0.7, "a bracket is an L, so about half of the rectangle about it is desk"
    for seed in range(50, 54):
        casting = draw_casting(seed, label=Label.DEFECTIVE, part=Part.BRACKET)
        where = bracket.place(casting.pixels)
        defect = bracket.view((255 * casting.mask).astype(np.uint8), where) > 127
        assert (defect & cv2.dilate(part.astype(np.uint8), np.ones((25, 25), np.uint8)).astype(bool)).sum() > (
            0.9 * defect.sum()
        )


def test_the_edge_of_a_part_is_found_to_a_pixel_or_two(bracket: Alignment) -> None:
    """Of sound brackets it is known where they end; what alignment alone knows of that is too wide."""
    photos = [draw_casting(seed, label=Label.OK, part=Part.BRACKET).pixels for seed in range(60, 84)]
    views = np.stack([bracket.view(grey, bracket.place(grey)) for grey in photos])
    wide, narrow = bracket.part(), narrowed(bracket.part(), views)
    assert not (narrow & ~wide).any()
    true = np.mean([_on_bracket(bracket, seed) for seed in range(60, 84)], axis=0) > 0.5
    beyond, within = ((cv2.distanceTransform(side.astype(np.uint8), cv2.DIST_L2, 5)) for side in (~true, true))
    edge = narrow & ~cv2.erode(narrow.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    assert np.median(np.maximum(beyond, within)[edge]) < 4
    coarse = wide & ~cv2.erode(wide.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    assert np.median(np.maximum(beyond, within)[coarse]) > 6


def _on_bracket(bracket: Alignment, seed: int) -> NDArray[np.bool_]:
    """Where the plate of this sound bracket lies in its view."""
    sound = np.random.default_rng(np.random.SeedSequence(seed).spawn(3)[0])
    cover = any_bracket(sound).outline.inside(1.0)
    photo = draw_casting(seed, label=Label.OK, part=Part.BRACKET).pixels
    return bracket.view((255 * cover).astype(np.uint8), bracket.place(photo)) > 127


def test_a_mask_moves_with_its_view(bracket: Alignment, round_part: Alignment) -> None:
    grey = draw_casting(61, label=Label.OK, part=Part.BRACKET).pixels
    usual, rng = bracket.place(grey), np.random.default_rng(2)
    now = moved(usual, Kind.REGISTERED, rng)
    upright = bracket.view(grey, usual) < 90
    there = bracket.moved(upright, seen=usual, now=now)
    here = bracket.view(grey, now) < 90
    assert (there & here).sum() > 0.8 * (there | here).sum()
    assert (upright & here).sum() < 0.7 * (upright | here).sum()
    whole = np.ones(round_part.shape, dtype=bool)
    assert round_part.moved(whole, seen=usual, now=now) is whole


def test_of_any_other_part_the_whole_view_counts(round_part: Alignment) -> None:
    assert round_part.part().all()
    assert free(300, reason="for a test").part().all()


def test_a_card_from_before_there_were_windows_shows_the_whole_photo(bracket: Alignment, impellers: list[Grey]) -> None:
    card = bracket.to_dict()
    del card["window"]
    old = Alignment.of(card)
    assert old.shape == (300, 300)
    assert old.view(impellers[0], whole_photo(300)) is impellers[0]


def test_a_thin_dark_line_keeps_its_depth_in_a_view_but_not_in_that_of_a_card_from_before(bracket: Alignment) -> None:
    """Lines one pixel wide, seen half a pixel beside where they were photographed."""
    lines = np.full((300, 300), 200, dtype=np.uint8)
    lines[:, ::6] = 40
    card = bracket.to_dict()
    assert card.pop("sharp") is True
    before = Alignment.of(card)
    assert not before.sharp
    matrix = whole_photo(300).matrix.copy()
    matrix[0, 2] += 0.5
    beside = Placement(matrix=matrix, confidence=1.0)
    straight = {"window": [], "kind": Kind.REGISTERED}
    now, then = (
        Alignment.of(one.to_dict() | straight).view(lines, beside)[100:200, 100:200].astype(int).min(axis=1).mean()
        for one in (bracket, before)
    )
    assert then == pytest.approx(120, abs=1)
    assert now < 110


def test_what_is_seen_slanted_smaller_and_elsewhere_has_the_same_rings(
    round_part: Alignment, impellers: list[Grey]
) -> None:
    grey = impellers[0]
    before = round_part.view(grey, round_part.place(grey)).astype(float)
    moved = seen(grey, np.array([[0.85, 0.06], [0.0, 0.9]]))
    after = round_part.view(moved, round_part.place(moved)).astype(float)
    levels = [view[: ROWS * 3 // 4].mean(axis=1) for view in (before, after)]
    assert np.corrcoef(*levels)[0, 1] > 0.98
    assert np.abs(before - after).mean() < 0.5 * np.abs(before - np.roll(before, 6, axis=0)).mean()


def test_a_turned_part_has_its_view_rolled(round_part: Alignment, impellers: list[Grey]) -> None:
    grey = impellers[1]
    turned = seen(grey, np.array([[0.0, -1.0], [1.0, 0.0]]))  # a quarter of a turn
    before, after = (round_part.view(one, round_part.place(one)).astype(float) for one in (grey, turned))
    apart = [np.abs(np.roll(before, shift, axis=1) - after).mean() for shift in range(COLUMNS)]
    assert abs(int(np.argmin(apart)) - COLUMNS // 4) <= 3


def test_the_whole_face_is_in_the_view_from_the_middle_to_beyond_the_rim(
    round_part: Alignment, impellers: list[Grey]
) -> None:
    placement = round_part.place(impellers[0])
    reach = np.linalg.norm(placement.matrix[:, :2], axis=0)
    assert reach.min() > 118, "the rim lies at 114 to 131 pixels"
    assert reach.max() < 165
    rim = placement.outline(1.0)
    assert rim[0] == pytest.approx(rim[-1], abs=1e-3)
    assert rim.mean(axis=0) == pytest.approx(placement.centre, abs=1.0)


@pytest.mark.parametrize("what", ["black", "noise", "bracket"])
def test_what_is_no_such_part_is_not_found(round_part: Alignment, what: str) -> None:
    grey = {
        "black": np.zeros((300, 300), np.uint8),
        "noise": np.random.default_rng(1).integers(0, 255, (300, 300)).astype(np.uint8),
        "bracket": draw_casting(3, label=Label.OK, part=Part.BRACKET).pixels,
    }[what]
    assert not round_part.found(round_part.place(grey))


def test_every_drawn_impeller_is_found(round_part: Alignment) -> None:
    fresh = [draw_casting(seed, label=Label.DEFECTIVE).pixels for seed in range(500, 530)]
    assert all(round_part.found(round_part.place(grey)) for grey in fresh)


def test_a_free_photo_stays_as_it_is(impellers: list[Grey]) -> None:
    alignment = free(300, reason="for a test")
    placement = alignment.place(impellers[0])
    assert alignment.found(placement)
    assert alignment.shape == (300, 300)
    assert alignment.view(impellers[0], placement) is impellers[0]
    assert placement.centre == whole_photo(300).centre == (149.5, 149.5)


@pytest.mark.parametrize("which", ["round_part", "bracket"])
def test_an_alignment_comes_back_from_a_card(which: str, impellers: list[Grey], request: pytest.FixtureRequest) -> None:
    learned: Alignment = request.getfixturevalue(which)
    again = Alignment.of(json.loads(json.dumps(learned.to_dict())))
    assert again == learned
    one, other = (alignment.place(impellers[2]) for alignment in (learned, again))
    # Threads add up in any order, so the last digits of two looks at one photo may differ.
    assert np.allclose(one.matrix, other.matrix, atol=0.01)  # pixels


@pytest.mark.parametrize("change", [{"kind": "oval"}, {"reference": "no base64 !"}, {"reference": "AAAA"}])
def test_a_damaged_card_is_no_alignment(bracket: Alignment, change: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        Alignment.of(bracket.to_dict() | change)


def test_blank_photos_are_not_found_and_break_nothing(bracket: Alignment) -> None:
    blank = np.full((300, 300), 128, dtype=np.uint8)
    assert not bracket.found(bracket.place(blank))
    assert learn([blank] * 3).kind is Kind.FREE
