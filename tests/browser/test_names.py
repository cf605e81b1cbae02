"""Names from outside in a real browser: shown letter by letter, and nothing in them obeyed."""

from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from casting_core.data.datasets.class_rule import ClassRule
from casting_core.domain import Label
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets.opening import names_of
from casting_core.workflows.stores import dataset_book
from pages.parts.shell.text import ON_A_TILE
from tests.browser import walk
from tests.browser.served import Server
from tests.conftest import installation

FILES = (  # each is shown under its photo, without a folder before it
    "a -> b.png",
    "-> x.png",
    "a <- b <-> c.png",
    "a -- b >= c <= d ~= e.png",
    ":streamlit:.png",
    ":material_home:.png",
    ":smile: :+1:.png",
    ":red[warm].png",
    ":red-badge[!]{a=b}.png",
    "www.example.org.png",
    "somebody@example.org.png",
    "$x^2$ $$y$$.png",
    "**bold** _slanted_ ~~gone~~.png",
    "`code` # head.png",
    "<img src=x onerror=alert(1)>.png",
    "![picture](x.png).png",
    "&amp; &#58;x&#58;.png",
    "1. one.png",
)
NAMES = (  # of datasets
    "-> :material/home: :material_home: :streamlit:",
    "http://example.org/a <-> me@example.org",
    ":blue[a] :smile: -- ![x](http://example.org/a.png)",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset whose files have the names above."""
    folder = tmp_path_factory.mktemp("hostile") / "photos"
    rng = np.random.default_rng(7)
    for class_folder, names in (("ok_front", FILES[::2]), ("def_front", FILES[1::2])):
        (folder / class_folder).mkdir(parents=True)
        for name in names:
            photo = Image.fromarray(rng.integers(0, 255, (60, 60), dtype=np.uint8))
            photo.save(folder / class_folder / name, format="PNG")
    return folder


def cut(file: str) -> str:
    """A name as a tile shows it: without its middle where it is long."""
    half = ON_A_TILE // 2
    return file if len(file) <= ON_A_TILE else f"{file[:half]}\N{HORIZONTAL ELLIPSIS}{file[-half:]}"


@pytest.fixture
def hostile(server: Server, folder: Path) -> str:
    """The address of the dashboard where datasets with these names are known."""
    with installation(server.data_dir.parent):
        for name in NAMES:
            dataset_book().put(NamedDataset(name=name, folder=str(folder), rule=names_of(ClassRule())))
    return server.url


def test_names_of_files_are_shown_letter_by_letter(page: Page, hostile: str) -> None:
    walk.open_page(page, f"{hostile}/dataset", "Dataset")
    walk.section(page, "Photos")
    expect(page.get_by_role("img", name="defective casting -> x.png")).to_be_visible()
    main = page.get_by_test_id("stMain")
    shown = [text.strip() for text in main.get_by_test_id("stCheckbox").all_inner_texts()]
    badges = {f"{icon} {label.word}" for label, icon in ((Label.OK, "check_circle"), (Label.DEFECTIVE, "dangerous"))}
    whole = {f"{cut(file)} {badge}" for file in FILES for badge in badges}
    assert set(shown) - whole == {"Scores of the model in use"}
    assert len(shown) == len(FILES) + 1
    assert all(any(f"{cut(file)} {badge}" in shown for badge in badges) for file in FILES), shown


def test_names_of_datasets_are_shown_letter_by_letter(page: Page, hostile: str) -> None:
    main = page.get_by_test_id("stMain")
    for name in NAMES:
        walk.open_page(page, f"{hostile}?{urlencode({'dataset': name})}", "Overview")
        expect(main.get_by_text(name, exact=True)).to_be_visible()
        assert main.locator("a[href*=example]").count() == 0
