"""Photos that differ from the rest, drawn and spoilt on purpose; and drawn castings that are rightly left in peace."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageFilter

from casting_core.data.audit import odd
from casting_core.data.audit.finding import Finding, Remedy, Severity
from casting_core.data.audit.looks import Looks, look_at
from casting_core.data.datasets.pixel_cache import PixelCache
from casting_core.data.imaging.images import Grey
from casting_core.settings import settings
from tests.core.data.audit.photos import castings, drawn

Ask = Callable[[pd.DataFrame, Looks], Finding]


def blurred(grey: Grey) -> Grey:
    return np.asarray(Image.fromarray(grey).filter(ImageFilter.GaussianBlur(2)))


def dark(grey: Grey) -> Grey:
    return (grey * 0.4).astype(np.uint8)


def bright(grey: Grey) -> Grey:
    return np.asarray(np.minimum(grey.astype(np.int64) + 90, 255), dtype=np.uint8)


def black(grey: Grey) -> Grey:
    return np.zeros_like(grey)


def noise(grey: Grey) -> Grey:
    return np.random.default_rng(1).integers(0, 256, grey.shape, dtype=np.uint8)


def table_top(grey: Grey) -> Grey:
    return np.asarray(np.add.outer(np.linspace(60, 160, len(grey)), np.linspace(0, 80, len(grey))), dtype=np.uint8)


@pytest.mark.parametrize(
    ("spoil", "ask"),
    [
        (blurred, odd.blur),
        (dark, odd.exposure),
        (bright, odd.exposure),
        (black, odd.exposure),
        (noise, odd.foreign),
        (table_top, odd.foreign),
    ],
)
def test_a_spoilt_photo_is_found_among_drawn_castings(
    spoil: Callable[[Grey], Grey], ask: Ask, sample_folder: Path
) -> None:
    photos, _ = drawn(sample_folder)
    cache, spoilt = PixelCache(settings().cache_dir), "0" * 64
    cache.add([(spoilt, spoil(cache.take([photos["photo"].iloc[0]])[0]))])
    more = pd.concat([photos, photos.iloc[:1].assign(photo=spoilt, casting=999)], ignore_index=True)
    finding = ask(more, look_at(list(more["photo"]), cache, report=lambda _done, _total: None))
    assert finding.photos == (spoilt,)
    assert finding.remedy is Remedy.LEAVE_OUT
    assert finding.title.startswith("1 photo ")


@pytest.mark.parametrize("ask", [odd.blur, odd.exposure, odd.foreign])
def test_drawn_castings_are_left_in_peace(ask: Ask, sample_folder: Path) -> None:
    finding = ask(*drawn(sample_folder))
    assert (finding.severity, finding.photos) == (Severity.FINE, ())


@pytest.mark.parametrize("ask", [odd.blur, odd.exposure, odd.foreign])
def test_a_handful_of_photos_has_no_rest_to_differ_from(ask: Ask, sample_folder: Path) -> None:
    photos, seen = drawn(sample_folder)
    few = np.arange(len(photos)) < 6
    finding = ask(photos[few], seen.of(few))
    assert not finding.answered
    assert "cannot be told from 6 photos" in finding.title


def test_another_size_and_another_mode_are_found() -> None:
    photos = castings(ok=5, defective=5, copies=1)
    assert odd.sizes(photos).severity is Severity.FINE
    photos.loc[2, ["width", "height"]] = 150
    photos.loc[7, "mode"] = "RGB"
    finding = odd.sizes(photos)
    assert finding.photos == (photos["photo"].iloc[2], photos["photo"].iloc[7])
    assert finding.title.startswith("2 photos differ from the most common size and colour mode (300 x 300 pixels, L)")


def test_files_that_cannot_be_used_are_named() -> None:
    problems = pd.DataFrame({"path": ["a.txt", "b.jpg"], "problem": ["not a photo", "the file is empty"]})
    finding = odd.unreadable(problems)
    assert (finding.files, finding.remedy) == (("a.txt", "b.jpg"), Remedy.RETAKE)
    assert finding.title == "2 files cannot be used."
    assert odd.unreadable(problems.iloc[:0]).severity is Severity.FINE
