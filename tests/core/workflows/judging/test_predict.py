"""Folders of photos are judged by the notion of a photo that datasets have."""

from pathlib import Path

import pytest
from PIL import Image

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


def test_a_file_that_is_named_itself_is_judged_whatever_it_is_called(folder: Path) -> None:
    [(path, finding)] = inspect.predict([folder / "._a.png"], load_model("starter"))
    assert path.name == "._a.png"
    assert finding.verdict is not None
