"""Files as a shortcut: found where how they were made depends on the label, and not where it does not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from casting_core.data.audit.finding import Remedy, Severity
from casting_core.data.audit.storage import storage
from casting_core.data.imaging.headers import Header, read_header
from tests.core.data.audit.photos import DEFECTIVE, castings

PHOTOS = castings(ok=30, defective=30, copies=2)
PLAIN = Header(format="JPEG", step=10.0, camera="A", hour=9.0)


def of_label(ok: Header, defective: Header) -> list[Header]:
    return [defective if label == DEFECTIVE else ok for label in PHOTOS["label"]]


@pytest.mark.parametrize(
    ("other", "what"),
    [
        (replace(PLAIN, step=14.0), "their compression"),
        (replace(PLAIN, format="PNG", step=10.0), "their format"),
        (replace(PLAIN, camera="B"), "the camera"),
        (replace(PLAIN, hour=22.5), "the time of day"),
    ],
)
def test_whatever_of_a_file_depends_on_the_label_is_a_shortcut(other: Header, what: str) -> None:
    finding = storage(PHOTOS, of_label(PLAIN, other))
    assert (finding.severity, finding.remedy) == (Severity.SERIOUS, Remedy.RETAKE)
    assert f"by {what} alone, an ok and a defective photo are told apart right 100 times in 100" in finding.title


def test_the_size_of_the_photos_is_one_too() -> None:
    wide = PHOTOS.assign(width=np.where(PHOTOS["label"] == DEFECTIVE, 320, 300))
    assert "by their size in pixels alone" in storage(wide, [PLAIN] * len(PHOTOS)).title


def test_files_that_differ_whatever_the_label_are_none() -> None:
    rng = np.random.default_rng(0)
    mixed = [
        Header(format=rng.choice(["JPEG", "PNG"]), step=rng.normal(10, 2), camera="A", hour=rng.uniform(6, 22))
        for _ in range(len(PHOTOS))
    ]
    for headers in (mixed, [PLAIN] * len(PHOTOS), [Header()] * len(PHOTOS)):
        finding = storage(PHOTOS, headers)
        assert (finding.severity, finding.remedy) == (Severity.FINE, Remedy.NONE)


def test_too_few_castings_are_said_to_be_too_few() -> None:
    few = castings(ok=4, defective=30)
    assert not storage(few, [PLAIN] * len(few)).answered


def test_a_header_says_format_compression_camera_and_time_of_day(tmp_path: Path) -> None:
    photo, exif = Image.new("L", (40, 30), 90), Image.Exif()
    exif[0x0110], exif[0x0132] = "Camera 7", "2026:11:29 06:30:00"
    for quality in (95, 75):
        photo.save(tmp_path / f"{quality}.jpg", quality=quality, exif=exif)
    fine, coarse = (read_header(tmp_path / f"{quality}.jpg") for quality in (95, 75))
    assert (fine.format, fine.camera, fine.hour) == ("JPEG", "Camera 7", 6.5)
    assert 0 < fine.step < coarse.step
    photo.save(tmp_path / "plain.png")
    assert read_header(tmp_path / "plain.png").format == "PNG"
    (tmp_path / "odd.jpg").write_bytes(b"\xff\xd8\xff\xe1 odd")
    assert read_header(tmp_path / "odd.jpg") == Header() != read_header(tmp_path / "plain.png")
    assert read_header(tmp_path / "none.jpg") == Header()


@pytest.mark.real
def test_boards_that_were_saved_with_another_quality_are_found() -> None:
    """The circuit boards among the other products: all but 7 of 300 are told by their compression."""
    folder = Path(__file__).resolve().parents[5] / "shared" / "products" / "pcb"
    if not folder.is_dir():
        pytest.skip("no real photos in ../shared/products")
    rows = [(path, int(path.parent.name == "defective")) for path in sorted(folder.glob("*/*/*.*"))]
    names = pd.Series([path.stem.rsplit("_", 1)[0] for path, _ in rows])
    photos = pd.DataFrame(
        {
            "label": [label for _, label in rows],
            "casting": names.astype("category").cat.codes,
            "width": 640,
            "height": 640,
        }
    )
    finding = storage(photos, [read_header(path) for path, _ in rows])
    assert finding.severity is Severity.SERIOUS
    assert "by their compression alone" in finding.title
