"""Photos of one's own in a real browser: a zip and a folder are dropped, watched, stopped, and taken away again."""

import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import walk
from tests.browser.served import Server
from tests.patience import MILLISECONDS


@pytest.fixture
def archive(server: Server, page: Page, tmp_path: Path) -> Path:
    """The drawn sample as somebody would pack it: 600 photos in a folder, several times under other names."""
    walk.open_page(page, f"{server.url}/dataset", "Dataset")  # the sample is drawn first
    photos = sorted((server.data_dir / "sample").rglob("*.jpeg"))
    with zipfile.ZipFile(tmp_path / "pump.zip", "w") as packed:
        for copy in range(6):
            for photo in photos:
                path = photo.relative_to(server.data_dir / "sample")
                packed.writestr(f"my photos/{path.parent}/{copy}-{path.name}", photo.read_bytes() + bytes([copy]))
    return tmp_path / "pump.zip"


def test_a_zip_is_taken_in_with_progress_and_can_be_stopped(page: Page, server: Server, archive: Path) -> None:
    walk.own_photos(page, archive)
    expect(page.get_by_text("3,600 photos in 2 classes")).to_be_visible()
    walk.wait_until_drawn(page)
    going_on = page.get_by_test_id("stExpanderDetails").filter(has_text="Taking photos in")
    cancel = button(going_on, "Cancel")
    walk.press(button(page, "Import"), until=cancel)
    walk.press(cancel, until=page.get_by_text("Stopped before its end"))
    assert list((server.data_dir / "datasets").iterdir()) == [], "a stopped import leaves nothing"
    walk.own_photos(page, archive.rename(archive.with_stem("again")))
    name = page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_have_value("again")  # until then it is the field of the first zip
    walk.write(name, "Pump **4711**")
    walk.press(button(page, "Import"), until=page.get_by_text(re.compile(r"Taking photos in · \d+ %")))
    expect(page.get_by_text("3,600 photos came into Pump **4711**")).to_be_visible(timeout=MILLISECONDS)
    assert len(list((server.data_dir / "datasets").rglob("*.jpg"))) == 3600
    walk.press(button(page, "Manage"), until=button(page, "Remove this dataset"))
    walk.press(button(page, "Remove this dataset"), until=page.get_by_text("No model learned from it"))
    removed = page.get_by_text(re.compile("was removed. Its photos are deleted at the next start"))
    walk.press(button(page, "Remove"), until=removed)
    back = page.get_by_test_id("stMetric").filter(has_text="Photos").filter(has_text="3,600")
    walk.press(button(page, "Undo"), until=back)


def test_a_folder_from_the_visitors_machine_keeps_its_classes(page: Page, server: Server, tmp_path: Path) -> None:
    walk.open_page(page, f"{server.url}/dataset", "Dataset")
    sample = server.data_dir / "sample" / "test"
    for name in ("ok_front", "def_front"):
        (tmp_path / "valves" / name).mkdir(parents=True)
        for photo in sorted((sample / name).iterdir())[:4]:
            (tmp_path / "valves" / name / photo.name).write_bytes(photo.read_bytes())
    folder = page.get_by_role("radio", name="A folder", exact=True)
    walk.press(page.get_by_text("Add your own photos"), until=folder)
    walk.tick(folder)
    page.locator("input[type=file]").set_input_files(tmp_path / "valves")
    expect(page.get_by_text("8 photos in 2 classes")).to_be_visible()
    walk.press(button(page, "Import"), until=page.get_by_text("8 photos came into valves"))


def test_what_is_no_archive_is_a_sentence_and_the_page_lives_on(page: Page, server: Server, tmp_path: Path) -> None:
    walk.open_page(page, f"{server.url}/dataset", "Dataset")
    bad, good = tmp_path / "![x](http:__example.org_a.png).zip", tmp_path / "good.zip"
    bad.write_bytes(b"no archive")
    walk.own_photos(page, bad)
    expect(page.get_by_text("This is not a zip file")).to_be_visible()
    with zipfile.ZipFile(good, "w") as packed:
        photo = sorted((server.data_dir / "sample" / "test" / "ok_front").iterdir())[0]
        packed.write(photo, "ok/a.jpeg")
    page.locator("input[type=file]").set_input_files(good)
    expect(page.get_by_text("1 photo in 1 class")).to_be_visible()


def button(place: Page | Locator, label: str) -> Locator:
    """The button of this name."""
    return place.get_by_role("button", name=label, exact=True)
