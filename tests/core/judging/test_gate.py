"""The gate: castings pass however they lie, what nobody could judge does not."""

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFilter
from sklearn.datasets import load_sample_images

from casting_core.data.drawing.parts import Part
from casting_core.data.drawing.random_products import turned
from casting_core.data.drawing.synthetic import copy_casting, draw_casting
from casting_core.data.imaging.images import Grey, decode, fit
from casting_core.data.imaging.part import find_part
from casting_core.data.imaging.thumbnails import thumbnail
from casting_core.domain import Label
from casting_core.errors import ModelError
from casting_core.judging.gating.appearance import strangeness
from casting_core.judging.gating.gate import FOREIGN, MOSAIC, STRETCHED, look, refusal
from casting_core.judging.gating.ranges import Sign
from casting_core.judging.gating.reference import Reference, learn
from casting_core.judging.gating.window import Window
from casting_core.settings import ROOT
from tests.core.data.encoded import encoded
from tests.spoiled import SPOILED, no_parts, stretched

SIZE = 300


@pytest.fixture(scope="module")
def reference() -> Reference:
    """What 60 drawn castings look like, each as drawn and turned."""
    castings = [draw_casting(seed, label=Label(seed % 2)) for seed in range(60)]
    return learn(np.stack([one.pixels for casting in castings for one in (casting, copy_casting(casting, 1))]))


@pytest.fixture(scope="module")
def others() -> list[Grey]:
    """Castings that the gate has not seen."""
    return [draw_casting(1000 + seed, label=Label(seed % 2)).pixels for seed in range(12)]


def said(grey: Grey, reference: Reference) -> str | None:
    return look(grey, SIZE, reference).reason


def lit(grey: Grey, share: float) -> Grey:
    return np.asarray((grey * share).clip(0, 255), dtype=np.uint8)


PASSING: dict[str, Callable[[Grey], Grey]] = {
    "as it is": lambda grey: grey,
    "turned by a quarter": lambda grey: np.rot90(grey).copy(),
    "turned upside down": lambda grey: np.rot90(grey, 2).copy(),
    "mirrored": lambda grey: grey[:, ::-1].copy(),
    "a fifth brighter": lambda grey: lit(grey, 1.2),
    "a fifth darker": lambda grey: lit(grey, 0.8),
    "twice as large": lambda grey: np.asarray(Image.fromarray(grey).resize((600, 600), Image.Resampling.LANCZOS)),
    "a little smaller": lambda grey: np.asarray(Image.fromarray(grey).resize((240, 240), Image.Resampling.LANCZOS)),
}


@pytest.mark.parametrize("how", PASSING)
def test_a_casting_it_has_not_seen_passes(how: str, reference: Reference, others: list[Grey]) -> None:
    assert [said(PASSING[how](grey), reference) for grey in others] == [None] * len(others)


def test_a_casting_turned_by_any_angle_passes(reference: Reference) -> None:
    for seed in range(12):
        casting = draw_casting(2000 + seed, label=Label.DEFECTIVE)
        assert said(copy_casting(casting, seed).pixels, reference) is None


def shade(level: int) -> Grey:
    return np.full((SIZE, SIZE), level, dtype=np.uint8)


@pytest.mark.parametrize(("level", "word"), [(0, "black"), (3, "black"), (128, "grey"), (255, "white")])
def test_a_photo_of_one_shade_is_refused(level: int, word: str, reference: Reference) -> None:
    assert said(shade(level), reference) == f"the photo is {word} all over; check light, lens cap and exposure"


def test_a_casting_in_the_dark_is_refused(reference: Reference, others: list[Grey]) -> None:
    assert all("far darker" in (said(lit(grey, 0.2), reference) or "") for grey in others)


def test_a_casting_in_glaring_light_is_refused(reference: Reference, others: list[Grey]) -> None:
    for grey in others:
        assert "far brighter" in (said((255 - (255 - grey.astype(int)) // 8).astype(np.uint8), reference) or "")


def test_a_blurred_casting_is_refused(reference: Reference, others: list[Grey]) -> None:
    for grey in others:
        blurred = np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(6)))
        assert "blurred" in (said(blurred, reference) or "")


def test_a_photo_of_too_few_pixels_is_refused(reference: Reference, others: list[Grey]) -> None:
    small = np.asarray(Image.fromarray(others[0]).resize((200, 100)))
    assert said(small, reference) == "200 x 100 pixels are too few to see a defect; go closer or use a better camera"


def test_noise_is_refused(reference: Reference) -> None:
    for seed in range(5):
        noise = np.random.default_rng(seed).integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
        assert said(noise, reference) == FOREIGN


def test_a_temple_and_a_flower_are_no_castings(reference: Reference) -> None:
    for picture in load_sample_images().images:
        grey = np.asarray(Image.fromarray(picture).convert("L"))
        assert "does not look like" in (said(grey, reference) or "")


def wrong(kind: str) -> str:
    """What is to be said of a photo that is spoiled in this way."""
    words = {"raw": "raw data", "half": "shadow", "stretched": "stretched", "blurred": "blurred", "grain": "grainier"}
    return next(word for start, word in words.items() if start in kind)


@pytest.mark.parametrize("kind", SPOILED)
def test_a_casting_whose_photo_is_spoiled_gets_no_verdict_but_the_reason(
    kind: str, reference: Reference, others: list[Grey]
) -> None:
    reasons = [said(SPOILED[kind](grey), reference) for grey in others]
    assert None not in reasons
    assert any(wrong(kind) in str(reason) for reason in reasons)


def aslant(grey: Grey) -> Grey:
    """As a camera that looks from the side and shakes saves the part: narrower, with less detail downwards."""
    narrow = np.asarray(Image.fromarray(grey).resize((round(SIZE / 1.15), SIZE), Image.Resampling.BICUBIC))
    shaken = cv2.sepFilter2D(narrow, -1, np.ones(1), np.array([0.2, 0.6, 0.2]))
    edge = (SIZE - shaken.shape[1]) // 2
    wide = np.pad(shaken, ((0, 0), (edge, SIZE - shaken.shape[1] - edge)), mode="edge")
    return decode(encoded(Image.fromarray(wide), "JPEG", quality=80)).grey


def test_a_part_photographed_aslant_and_stretched_until_it_is_straight_gets_no_verdict(
    reference: Reference, others: list[Grey]
) -> None:
    stretch = stretched(1.15, 1.0, how=Image.Resampling.BICUBIC, cut=True)
    assert [said(stretch(aslant(grey)), reference) for grey in others] == [STRETCHED] * len(others)


def test_a_sieve_is_not_taken_for_stretched_blocks_by_who_knows_sieves(reference: Reference) -> None:
    rng = np.random.default_rng(0)
    y, x = np.indices((SIZE, SIZE))
    holes = np.where((x % 9 < 4) & (y % 11 < 5), 60, 160)
    sieves = [np.clip(holes + rng.normal(0, 4, holes.shape), 0, 255).astype(np.uint8) for _ in range(12)]
    assert said(sieves[0], reference) == STRETCHED
    assert said(sieves[0], learn(np.stack(sieves[1:]))) is None


@pytest.mark.parametrize("kind", no_parts())
def test_a_plate_and_plain_discs_are_no_castings(kind: str, reference: Reference) -> None:
    assert said(no_parts()[kind], reference) is not None


def test_another_part_is_no_casting_of_this_one(reference: Reference) -> None:
    for seed in range(4):
        assert said(draw_casting(seed, label=Label.OK, part=Part.BRACKET).pixels, reference) == FOREIGN
        assert said(turned.castings(seed, 1).photos[0], reference) is not None


def from_afar(grey: Grey, share: float) -> Grey:
    """The same part in a wider photo, off its middle, where it fills this share of what it filled."""
    side = round(SIZE / share)
    rng = np.random.default_rng(2)
    around = np.median(np.concatenate([grey[0], grey[-1]])) + rng.normal(0, 2, (side, side + 80))
    wide: Grey = np.clip(around, 0, 255).astype(np.uint8)
    top, left = (side - SIZE) // 2, (side + 80 - SIZE) // 2 + 20
    wide[top : top + SIZE, left : left + SIZE] = grey
    return wide


@pytest.mark.parametrize("share", [0.8, 0.65])
def test_a_part_that_fills_less_of_its_photo_is_looked_at_from_as_near_as_usual(
    share: float, reference: Reference, others: list[Grey]
) -> None:
    for grey in others[:6]:
        looked = look(from_afar(grey, share), SIZE, reference)
        assert looked.reason is None
        assert "fills less of the photo than usual" in looked.note
        assert reference.alignment is not None
        assert find_part(looked.seen, reference.alignment).proportions[0] == pytest.approx(1, abs=0.05)
    assert look(others[0], SIZE, reference).note == ""


def test_it_is_known_which_part_of_a_photo_is_looked_at(reference: Reference, others: list[Grey]) -> None:
    wide = from_afar(others[0], 0.65)
    looked = look(wide, SIZE, reference)
    assert looked.window.side < max(wide.shape)
    assert np.array_equal(fit(looked.window.cut_out(wide), SIZE), looked.seen)
    x, y = looked.window.place(SIZE / 2, SIZE / 2, SIZE)
    middle = ((wide.shape[1] - SIZE) // 2 + 20 + SIZE / 2, (wide.shape[0] - SIZE) // 2 + SIZE / 2)
    assert (x, y) == pytest.approx(middle, abs=10)  # where ``from_afar`` has laid it


def test_a_place_in_a_photo_that_is_not_square_is_told_in_its_own_pixels() -> None:
    whole = Window.whole(np.zeros((200, 400), dtype=np.uint8))
    assert whole.place(0, 50, 200) == (0, 0)
    assert whole.place(200, 150, 200) == (400, 200)


def test_a_part_too_far_away_to_be_found_surely_is_refused(reference: Reference, others: list[Grey]) -> None:
    assert said(from_afar(others[0], 0.2), reference) is not None


def test_a_gate_comes_back_from_its_bytes(reference: Reference, others: list[Grey]) -> None:
    again = Reference.from_bytes(reference.to_bytes())
    assert (again.darkest, again.ranges, again.alignment) == (reference.darkest, reference.ranges, reference.alignment)
    assert again.blocks == reference.blocks
    assert again.photo is not None
    assert reference.photo is not None
    assert np.array_equal(again.photo.components, reference.photo.components)
    for grey in (*others, *no_parts().values(), *(spoil(others[0]) for spoil in SPOILED.values())):
        assert said(grey, again) == said(grey, reference)


def test_photos_of_the_right_size_are_refused_as_they_would_be_from_the_camera(
    reference: Reference, others: list[Grey]
) -> None:
    for grey in (*others, *no_parts().values()):
        assert refusal(grey, reference) == said(grey, reference)


def of_an_older_program(reference: Reference) -> bytes:
    """The same gate as the first programs kept it."""
    with np.load(io.BytesIO(reference.to_bytes())) as arrays:
        known = {
            name: arrays[name] for name in ("darkest", "brightest", "sharpness", "mean", "components", "strangest")
        }
    packed = io.BytesIO()
    np.savez_compressed(packed, **known)
    return packed.getvalue()


def test_a_gate_of_an_older_program_opens_and_judges_by_what_it_knows(reference: Reference, others: list[Grey]) -> None:
    old = Reference.from_bytes(of_an_older_program(reference))
    assert (list(old.ranges), old.alignment, old.part) == ([Sign.SHARPNESS], None, None)
    assert [said(grey, old) for grey in others] == [None] * len(others)
    assert "black" in (said(shade(0), old) or "")
    assert "blurred" in (said(SPOILED["blurred by 5 px"](others[0]), old) or "")
    assert said(SPOILED["raw, green at half"](others[0]), old) == MOSAIC
    assert old.blocks == np.inf


def test_who_trained_on_raw_data_may_be_asked_about_raw_data(others: list[Grey]) -> None:
    spoil = SPOILED["raw, green at half"]
    assert said(spoil(others[0]), learn(np.stack([spoil(grey) for grey in others]))) != MOSAIC


STARTER = Reference.from_bytes((ROOT / "model" / "starter" / "gate.npz").read_bytes())
REFUSED = {"as it is": "None", "in the dark": "far darker", "blurred": "is blurred", "noisy": "does not look like"}


@pytest.mark.parametrize(("how", "word"), REFUSED.items())
def test_the_gate_of_the_starter_answers_as_on_the_day_it_was_made(how: str, word: str) -> None:
    for seed in range(6):
        grey = draw_casting(3000 + seed, label=Label(seed % 2)).pixels
        changed = {
            "as it is": grey,
            "in the dark": lit(grey, 0.2),
            "blurred": np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(6))),
            "noisy": np.random.default_rng(seed).integers(0, 256, grey.shape).astype(np.uint8),
        }
        assert word in str(said(changed[how], STARTER))


def test_a_drawn_casting_is_as_strange_to_the_starter_as_on_the_day_it_was_made() -> None:
    strange = [0.025006068861608274, 0.015213119560471671, 0.02754041453901097, 0.028702802257380432]
    for seed, before in enumerate(strange):
        assert STARTER.photo is not None
        seen = thumbnail(draw_casting(3000 + seed, label=Label(seed % 2)).pixels)
        found = strangeness(seen, STARTER.photo.mean, STARTER.photo.components)
        assert found == pytest.approx(before, rel=1e-9)


def test_bytes_that_are_no_gate_are_refused(reference: Reference) -> None:
    other = io.BytesIO()
    np.savez(other, darkest=np.zeros(1))
    for content in (b"", b"no gate", reference.to_bytes()[:-100], other.getvalue()):
        with pytest.raises(ModelError, match="the model's gate cannot be read"):
            Reference.from_bytes(content)


def test_few_photos_teach_light_and_sharpness_but_no_looks(others: list[Grey]) -> None:
    reference = learn(np.stack(others))
    assert said(others[0], reference) is None
    assert (reference.photo, reference.part) == (None, None)
    assert "black" in (said(shade(0), reference) or "")
