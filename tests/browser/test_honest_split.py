"""From photos in a zip to an honest score, in a real browser: map, import, audit, split by casting, train, review."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from casting_core.data.datasets.scan import Dataset
from casting_core.data.drawing.synthetic import write_sample
from casting_core.records.card import ModelCard
from casting_core.records.version_files import LEARNED
from casting_core.wording import share
from casting_core.workflows import stores
from casting_core.workflows.datasets import opening, splits
from casting_core.workflows.datasets.castings import casting_of
from tests.browser import walk
from tests.browser.served import Server
from tests.conftest import installation
from tests.patience import MILLISECONDS

CASTINGS, COPIES = 24, 3
NAME, SPLIT = "Gussteile **4711**", "by casting"
FOLDERS = {"ok_front": "muster", "def_front": "lunker"}  # names that nobody has told the project


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What stands behind the pages, worked out beside the dashboard from the same files."""

    learned: int  # photos the split gives to learn from
    tested: int
    tested_castings: int
    in_both: int  # castings in train and in test
    seen_in_folders: int  # test photos of the folders' split whose casting the version was trained on
    tested_in_folders: int
    card: ModelCard | None  # of the version that was trained


def truth(server: Server, choice: str, version: str | None = None) -> Truth:
    """It of one split."""
    with installation(server.data_dir.parent):
        named = stores.dataset_book().find(NAME)
        folders: Dataset = opening.open_dataset(named.folder, rule=opening.rule_of(named.rule))
        castings = casting_of(folders)
        chosen = splits.choose(folders, choice)
        learned, tested = (chosen.part(part)["photo"].map(castings) for part in ("train", "test"))
        of_folders = folders.part("test")["photo"].map(castings)
        rows = stores.registry().file(version, LEARNED).decode().splitlines()[1:] if version else []
        trained = {castings[photo] for photo, part, *_ in (row.split(",") for row in rows) if part != "validation"}
        return Truth(
            learned=len(learned),
            tested=len(tested),
            tested_castings=tested.nunique(),
            in_both=len(set(learned) & set(tested)),
            seen_in_folders=int(of_folders.isin(trained).sum()),
            tested_in_folders=len(of_folders),
            card=stores.registry().card(version) if version else None,
        )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Drawn castings, dealt out photo by photo as in the public data set, in class folders of other names."""
    write_sample(tmp_path / "drawn", castings=CASTINGS, copies=COPIES, seed=5, leaky=True)
    with zipfile.ZipFile(tmp_path / "parts.zip", "w") as packed:
        for photo in sorted((tmp_path / "drawn").rglob("*.jpeg")):
            split, folder, name = photo.relative_to(tmp_path / "drawn").parts
            packed.write(photo, f"{split}/{FOLDERS[folder]}/{name}")
    return tmp_path / "parts.zip"


@pytest.mark.slow
@pytest.mark.long
def test_a_leaky_zip_becomes_a_score_on_castings_the_network_has_never_seen(
    page: Page, server: Server, archive: Path
) -> None:
    walk.open_page(page, f"{server.url}/dataset", "Dataset")
    take_in(page, archive)
    audit(page)
    before = truth(server, splits.FOLDERS)
    assert before.in_both > CASTINGS / 4
    leak = page.get_by_test_id("stExpander").filter(has_text=re.compile("castings? .*in train"))
    button = leak.get_by_role("button", name="Split anew, castings whole")
    walk.press(button.first, until=page.get_by_role("heading", name="Splits of these photos"))
    walk.wait_until_drawn(page)
    made = truth(server, SPLIT)
    assert (made.in_both, made.learned + made.tested) == (0, CASTINGS * COPIES)
    assert rows(page) == {
        "as the folders say": [before.in_both, before.tested, before.tested_castings, before.learned],
        SPLIT: [0, made.tested, made.tested_castings, made.learned],
    }
    train(page, made)
    review(page, server)


def take_in(page: Page, archive: Path) -> None:
    """Drops the zip, says what its folders mean, and imports it under a name that is full of Markdown."""
    walk.own_photos(page, archive)
    expect(page.get_by_text(f"{CASTINGS * COPIES} photos in 2 classes")).to_be_visible()
    walk.wait_until_drawn(page)
    for folder, word in (("muster", "ok"), ("lunker", "defective")):
        group = page.get_by_role("radiogroup", name=re.compile(folder))
        expect(group.get_by_role("radio", name="leave out")).to_be_checked()  # nothing was guessed
        chosen = group.get_by_role("radio", name=word, exact=True)
        walk.press(group.get_by_text(word, exact=True), until=chosen.is_checked)
    name = page.get_by_role("textbox", name="Name", exact=True)
    walk.write(name, NAME)
    taken = page.get_by_text(f"{CASTINGS * COPIES} photos came into {NAME}")
    walk.press(page.get_by_role("button", name="Import", exact=True), until=taken)
    walk.wait_until_drawn(page)


def audit(page: Page) -> None:
    """Asks for an audit and waits until its report is there."""
    walk.section(page, "Audit")
    begin = page.get_by_role("button", name="Audit these photos")
    walk.press(begin, until=lambda: not begin.is_visible())
    expect(page.get_by_text("questions asked")).to_be_visible(timeout=MILLISECONDS)
    walk.wait_until_drawn(page)


def rows(page: Page) -> dict[str, list[int]]:
    """The numbers in the table of splits by the name of the split: castings in both, test photos and castings, ..."""
    lines = page.get_by_test_id("stDataFrame").first.locator("canvas tr").all()
    cells = [line.locator("td").all_inner_texts() for line in lines]
    return {line[0]: [int(number) for number in line[1:5]] for line in cells if line}


def train(page: Page, made: Truth) -> None:
    """Trains one epoch on the split that the remedy has chosen."""
    walk.go_to(page, "Train")
    expect(page.get_by_text(f"{made.learned} photos to learn from")).to_be_visible()
    expect(page.get_by_role("combobox", name="Split")).to_have_value(SPLIT)
    for label, value in (("Epochs", 1), ("Batch size", 16)):
        field = page.get_by_role("spinbutton", name=label)
        walk.write(field, str(value))
    walk.press(page.get_by_role("button", name="Start training"), until=page.get_by_role("heading", name=walk.RUN))
    walk.wait_for_end(page)


def review(page: Page, server: Server) -> None:
    """Reads the score on castings never seen, and beside it what the folders' own test photos would have said."""
    known = truth(server, SPLIT, "v1")
    assert known.card is not None
    assert known.card.test is not None
    assert known.card.test.photos == known.tested
    right = share(known.card.test.accuracy)
    whole = known.card.test.whole
    assert whole is not None
    assert whole.outcomes is not None
    bad = whole.outcomes.defective
    expect(figure(page, "Defective castings escaped")).to_have_text(f"{bad.wrong} of {bad.n}")
    mistakes = page.get_by_role("button", name="Review its mistakes")
    walk.press(mistakes, until=page.get_by_role("heading", name="Review", level=1))
    walk.wait_until_drawn(page)
    assert 0 < known.seen_in_folders < known.tested_in_folders
    seen = f"{known.seen_in_folders} show castings the model has learned from"
    expect(page.get_by_text(seen)).to_be_visible()
    walk.choose(page, "Split", SPLIT)
    honest = f"{known.tested} photos of {known.tested_castings} castings, none of which the model has learned from"
    expect(page.get_by_text(honest)).to_be_visible()
    expect(figure(page, "Photos")).to_have_text(str(known.tested))
    expect(figure(page, "Photos right")).to_have_text(right)


def figure(page: Page, label: str) -> Locator:
    """The number under a label."""
    metric = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return metric.get_by_test_id("stMetricValue")
