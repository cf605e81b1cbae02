"""Files and folders: what is judged, what gets no verdict and why, and what is said of how a photo was read."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from casting_core.__main__ import main
from casting_core.data.drawing.synthetic import draw_casting
from casting_core.domain import Label
from casting_core.judging.gating.gate import MOSAIC
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.judging import inspect
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.judging.refused import REFUSED, in_words, refused
from tests.core.data.encoded import encoded
from tests.spoiled import SPOILED, no_parts

PHOTOS = ("a.png", "deep/er/b.PNG", "z.png")
OTHERS = ("._a.png", "__MACOSX/a.png", ".hidden/a.png", ".DS_Store", "Thumbs.db", "deep/desktop.ini", "notes.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    content = encoded(Image.fromarray(draw_casting(3, label=Label.OK).pixels))
    for path in (*PHOTOS, *OTHERS):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def test_in_a_folder_only_photos_are_judged_and_in_a_fixed_order(folder: Path) -> None:
    found = list(inspect.predict([folder], load_model("starter")))
    assert [path.relative_to(folder).as_posix() for path, _ in found] == list(PHOTOS)
    assert all(finding.verdict is not None for _, finding in found)


def test_what_is_not_judged_is_named_or_counted_and_the_exit_code_says_whether_a_part_is_missing(folder: Path) -> None:
    for name in ("def_0.jfif", "def_1.jpe"):
        (folder / name).write_bytes(encoded(Image.fromarray(draw_casting(4, label=Label.OK).pixels), "JPEG"))
    (folder / "@eaDir" / "a.png").mkdir(parents=True)
    (folder / "@eaDir" / "a.png" / "SYNOPHOTO_THUMB_M.jpg").write_bytes((folder / "a.png").read_bytes())
    done = CliRunner().invoke(main, ["predict", str(folder), "--model", "starter"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(line["path"]).name for line in lines] == ["a.png", "b.PNG", "def_0.jfif", "def_1.jpe", "z.png"]
    assert (done.exit_code, done.exception) == (0, None)
    assert "7 files are hidden, or left behind by a computer" in done.stderr
    assert "1 file is no photo by its name, and not judged" in done.stderr
    (folder / "IMG_4.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(90))
    done = CliRunner().invoke(main, ["predict", str(folder), "--model", "starter"])
    last = json.loads(done.stdout.splitlines()[-1])
    assert (done.exit_code, last["verdict"]) == (2, None)
    assert "the format of iPhones: set Camera > Formats to Most Compatible" in last["error"]


def test_a_file_that_is_named_itself_is_judged_whatever_it_is_called(folder: Path) -> None:
    [(path, finding)] = inspect.predict([folder / "._a.png"], load_model("starter"))
    assert path.name == "._a.png"
    assert finding.verdict is not None


def judged(content: bytes) -> inspect.Finding:
    """What the starter says of this file."""
    return inspect.judge(content, load_model("starter"))


def drawn(seed: int, label: Label = Label.DEFECTIVE) -> Image.Image:
    return Image.fromarray(draw_casting(seed, label=label).pixels)


def test_no_verdict_is_given_on_the_first_of_two_pages() -> None:
    pages = encoded(drawn(7, Label.OK), "TIFF", save_all=True, append_images=[drawn(7)])
    found = judged(pages)
    assert (found.verdict, found.seen) == (None, None)
    assert found.reason == "it holds 2 pictures, and only one can be judged; save each as a file of its own"


def test_no_defective_casting_passes_as_raw_data_of_a_colour_camera() -> None:
    for seed in range(30):
        found = judged(encoded(Image.fromarray(SPOILED["raw, red and blue at half"](np.asarray(drawn(seed))))))
        assert (found.verdict, found.reason) == (None, f"Retake: {MOSAIC}")


def test_a_camera_of_twelve_bits_gets_the_verdict_of_eight_and_the_note_that_says_so() -> None:
    for seed, label in ((7, Label.OK), (7, Label.DEFECTIVE)):
        plain = judged(encoded(drawn(seed, label)))
        deep = judged(encoded(Image.fromarray(np.asarray(drawn(seed, label)).astype(np.uint16) * 16), "TIFF"))
        assert plain.verdict is not None
        assert (deep.verdict, plain.note) == (plain.verdict, "")
        assert deep.score == pytest.approx(plain.score, abs=0.05)
        assert "read as 12" in deep.note
    dark = judged(encoded(Image.fromarray(np.asarray(drawn(7)).astype(np.uint16) * 64), "TIFF"))
    assert dark.verdict is None
    assert "14 bits" in dark.note


def test_a_spoiled_photo_or_no_part_gets_no_verdict_from_the_starter() -> None:
    grey = np.asarray(drawn(11))
    for kind, spoil in SPOILED.items():
        assert judged(encoded(Image.fromarray(spoil(grey)))).verdict is None, kind
    for kind, picture in no_parts().items():
        assert judged(encoded(Image.fromarray(picture))).verdict is None, kind


def test_what_the_gate_would_refuse_is_counted_beside_the_figures(sample_folder: Path) -> None:
    dataset, model = open_dataset(sample_folder), load_model("starter")
    photos = dataset.part("test")
    assert refused(photos, model).empty
    assert in_words(refused(photos, model)) == ""
    picky = replace(model, gate=replace(model.gate, darkest=1000.0))
    found = refused(photos, picky)
    assert (list(found.columns), list(found["path"])) == (list(REFUSED), list(photos["path"]))
    assert f"would refuse {len(photos)} of these photos" in in_words(found)
    assert "far darker" in in_words(found)
    assert f"and {len(photos) - 5} more" in in_words(found)
