"""From a missed casting to a better version without the mouse: judged, its kind named, a label corrected, retrained."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from casting_core.domain import Label, OperatingPoint
from casting_core.records.chain import Kind
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows import operating_points, stores
from casting_core.workflows.datasets.castings import casting_of
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.datasets.sample import ensure_sample
from casting_core.workflows.judging.measuring.measure import measure
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.models.comparison import on_same_castings
from tests.browser import walk
from tests.browser.conftest import serving
from tests.browser.served import Server
from tests.browser.test_looks import barriers, beyond
from tests.conftest import installation
from tests.patience import MILLISECONDS

STOPS = 250  # presses of the Tab key after which nothing is found any more


@pytest.fixture
def loop(
    browser: Browser,  # noqa: ARG001 - no browser, no server
    trained_once: Path,
    sample_folder: Path,
    castings_of_sample: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """A dashboard with a version that was trained on its sample for two epochs, at a point where it misses a lot."""
    folder = tmp_path_factory.mktemp("loop")
    shutil.copytree(trained_once, folder / "model")
    shutil.copytree(sample_folder, folder / "data" / "sample")
    shutil.copytree(castings_of_sample, folder / "data" / "cache")
    with installation(folder):
        ensure_sample()
        card = stores.registry().card("v1")
        data = card.data.model_copy(update={"folder": str(settings().sample_dir)})
        card = finish(folder / "model" / "v1", card.model_copy(update={"data": data}))
        dataset = open_dataset(settings().sample_dir)
        scored = measure(dataset, "test", load_model("v1")).table
        middle = float(scored.loc[scored["label"] == Label.DEFECTIVE, "score"].median())
        point = OperatingPoint(threshold=middle + 1e-6)  # so that it misses half of the defective photos
        operating_points.write_down(card, point, method="by hand", check="", details={}, actor="Ana", reason="a test")
    with serving(folder) as started:
        yield started


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses the Tab key until this has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(STOPS):
        if wanted.evaluate("one => one.matches(':focus')"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never comes to {wanted}")


def test_a_missed_casting_leads_to_a_version_that_is_compared_without_the_mouse(page: Page, loop: Server) -> None:
    walk.open_page(page, f"{loop.url}/review?model=v1&split=all&cell=missed", "Review")
    card = page.get_by_role("group", name="Judge one after another")
    expect(card.locator("#verdict")).to_contain_text("Labelled defective; v1 says ok")
    tab_to(page, card)
    page.keyboard.press("k")
    page.keyboard.type("cold shut")
    page.keyboard.press("Enter")
    page.keyboard.press("1")  # nobody has said who judges yet: the card asks
    page.keyboard.type("Ana")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    expect(card.get_by_text("Really missed, cold shut. Now 2 of")).to_be_visible()
    page.keyboard.press("3")
    expect(card.get_by_text("all recorded", exact=True)).to_be_visible()
    anew = card.get_by_role("button", name="Bring the page up to date")
    again = page.get_by_role("button", name=re.compile(r"Train again with \d+ corrected label"))
    tab_to(page, anew)
    walk.press(anew, key="Enter", until=again)
    tab_to(page, again)
    assert [*barriers(page)] == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(500)
    assert [*barriers(page), *beyond(page)] == []
    page.set_viewport_size({"width": 1440, "height": 900})
    tab_to(page, again)
    walk.press(again, key="Enter", until=page.get_by_role("heading", name=walk.RUN))
    walk.wait_for_end(page)

    with installation(loop.data_dir.parent):
        named, judged = stores.ledger().rows(kinds=[Kind.JUDGEMENT])[::-1]
        assert (named.values["kind"], judged.values["judged"]) == ("cold shut", "label is wrong")
        corrected = [judged.about, *judged.values.get("also", [])]
        dataset = open_dataset(settings().sample_dir)
        labels = dataset.photos.set_index("photo")["label"]
        assert {int(labels[photo]) for photo in corrected} == {0}
        for name in ("v1", "v2"):
            measure(dataset, "test", load_model(name))
        new, now = (stores.registry().card(name) for name in ("v2", "v1"))
        found = on_same_castings(new, now, dataset, casting_of(dataset), name="Drawn sample")
        assert found.classes
    page.reload()
    walk.wait_until_drawn(page)
    changed = page.get_by_text("What changed since v1")
    expect(changed).to_be_visible(timeout=MILLISECONDS)
    summary = page.locator("summary").filter(has=changed)
    tab_to(page, summary)
    walk.press(summary, key="Enter", until=page.get_by_text(found.words.split(".")[0]).first)
    assert found.differing is not None
    for words, better in (("Found by v1, missed by v2", False), ("Missed by v1, found by v2", True)):
        lost = int(((found.differing["label"] == 1) & (found.differing["better"] == better)).sum())
        expect(page.get_by_text(f"{words}: {lost} casting")).to_have_count(min(lost, 1))
    assert [*barriers(page)] == []
