"""Folders of photos are judged by the notion of a photo that datasets have."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from casting_core.__main__ import main
from casting_core.data.drawing.synthetic import draw_casting
from casting_core.domain import Label
from casting_core.workflows.judging import inspect
from casting_core.workflows.judging.model import load_model
from tests.core.data.encoded import encoded

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
