"""The gate: castings pass however they lie, what nobody could judge does not."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageFilter
from sklearn.datasets import load_sample_images

from casting_core.data.drawing.synthetic import copy_casting, draw_casting
from casting_core.data.imaging.images import Grey, fit
from casting_core.data.imaging.thumbnails import thumbnail
from casting_core.domain import Label
from casting_core.errors import ModelError
from casting_core.judging.gate import Reference, learn, refusal
from casting_core.settings import ROOT

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
    return refusal(grey, fit(grey, SIZE), reference)


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
        assert "does not look like" in (said(noise, reference) or "")


def test_a_temple_and_a_flower_are_no_castings(reference: Reference) -> None:
    for picture in load_sample_images().images:
        grey = np.asarray(Image.fromarray(picture).convert("L"))
        assert "does not look like" in (said(grey, reference) or "")


def test_a_gate_comes_back_from_its_bytes(reference: Reference, others: list[Grey]) -> None:
    again = Reference.from_bytes(reference.to_bytes())
    assert again.darkest == reference.darkest
    assert np.array_equal(again.components, reference.components)
    assert [said(grey, again) for grey in others] == [None] * len(others)


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
        seen = thumbnail(draw_casting(3000 + seed, label=Label(seed % 2)).pixels) - STARTER.mean
        left = seen - (seen @ STARTER.components.T) @ STARTER.components
        assert float(np.sum(left**2)) == pytest.approx(before, rel=1e-9)


def test_bytes_that_are_no_gate_are_refused(reference: Reference) -> None:
    other = io.BytesIO()
    np.savez(other, darkest=np.zeros(1))
    for content in (b"", b"no gate", reference.to_bytes()[:-100], other.getvalue()):
        with pytest.raises(ModelError, match="the model's gate cannot be read"):
            Reference.from_bytes(content)


def test_few_photos_teach_light_and_sharpness_but_no_looks(others: list[Grey]) -> None:
    reference = learn(np.stack(others))
    assert said(others[0], reference) is None
    assert len(reference.components) == 0
    assert "black" in (said(shade(0), reference) or "")
