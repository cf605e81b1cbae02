"""The picture of scores with its threshold: the line is dragged, typed, moved by keys; a bar leads to its castings."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from casting_core.jobs import control
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows import operating_points, stores
from casting_core.workflows.datasets.sample import ensure_sample
from casting_core.workflows.models.operating_point_job import KIND
from tests.browser import walk
from tests.browser.conftest import serving
from tests.browser.served import Server
from tests.browser.test_looks import barriers, beyond
from tests.conftest import installation
from tests.patience import until

IN_ONE_PIECE = """(place, word) => {
  const text = place.firstChild, at = text.data.indexOf(word), range = new Range();
  range.setStart(text, at);
  range.setEnd(text, at + word.length);
  return at >= 0 && range.getClientRects().length === 1;
}"""
STEP = 0.001  # of the line
TO = (0.2, 0.8, 0.35)  # scores that the line is dragged to, one after the other


@pytest.fixture(scope="module")
def server(
    browser: Browser,  # noqa: ARG001 - no browser, no server
    proven_once: Path,
    sample_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Server]:
    """A dashboard with a version that has scores out of fold of castings of its sample."""
    folder = tmp_path_factory.mktemp("scores")
    shutil.copytree(proven_once, folder, dirs_exist_ok=True)
    shutil.copytree(sample_folder, folder / "data" / "sample")
    with installation(folder):
        ensure_sample()
        card = stores.registry().card("v1")
        data = card.data.model_copy(update={"folder": str(settings().sample_dir)})
        finish(folder / "model" / "v1", card.model_copy(update={"data": data}))
    with serving(folder) as started:
        yield started


def score(line: Locator) -> float:
    return float(line.get_attribute("aria-valuenow") or "nan")


def drag(page: Page, line: Locator, plot: Locator, to: float) -> None:
    """Takes the line by the mouse, and lets it go at this score."""
    walk.wait_until_drawn(page)  # what is drawn above it moves it
    plot.scroll_into_view_if_needed()
    box, held = plot.bounding_box(), line.bounding_box()
    assert box is not None
    assert held is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(held["x"] + held["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (to + score(line)) / 2, middle, steps=5)
    page.mouse.move(box["x"] + box["width"] * to, middle, steps=5)
    page.mouse.up()


def test_a_line_that_is_dragged_typed_and_moved_by_keys_is_the_threshold_that_is_put_in_force(
    page: Page, server: Server
) -> None:
    walk.open_page(page, f"{server.url}/models", "Models")
    line, typed = page.locator("#low"), page.get_by_label("Threshold", exact=True)
    by_hand = page.get_by_role("radio", name="By hand")
    walk.press(page.locator("summary").filter(has_text="Choose another one"), until=by_hand)
    walk.press(by_hand, until=typed)
    plot, told = page.locator("#plot"), page.locator("#rates li").first
    expect(told).to_contain_text("defective castings escape")
    escaped = []
    for to in TO:
        drag(page, line, plot, to)
        assert score(line) == pytest.approx(to, abs=0.01)  # a pixel of a wide window is less
        passes, rejected = (int(page.locator(f"#bad-{what}").inner_text()) for what in ("pass", "reject"))
        expect(told).to_contain_text(f"{passes} of {passes + rejected} defective castings escape")
        escaped.append(passes)
    assert escaped[0] <= escaped[2] <= escaped[1]  # the higher the threshold, the more escape
    walk.wait_until_drawn(page)
    assert [*barriers(page), *beyond(page)] == []

    left = score(line)
    line.press("ArrowRight")
    line.press("PageDown")
    assert score(line) == pytest.approx(left - 49 * STEP, abs=STEP / 2)
    typed.fill("0.437")
    typed.press("Tab")
    expect(line).to_have_attribute("aria-valuenow", "0.437")
    put = page.get_by_role("button", name="Judge at 0.437 from now on")
    expect(put).to_be_visible()  # the server has heard of it
    for field, words in (("Your name", "Ada"), ("Why", "seen at the line")):
        walk.write(page.get_by_label(field, exact=True), words)
    walk.press(put, until=page.get_by_text("It is in force."))
    with installation(server.data_dir.parent):
        until(lambda: control.log().jobs(kind=KIND)[0].state.over)
        card = stores.registry().card("v1")
        assert operating_points.in_force(card).threshold == 0.437
        assert operating_points.history(card)[-1].who == "Ada"


def test_a_bar_leads_to_its_castings(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/review?model=v1&split=all", "Review")
    bar = page.locator("#bars rect.pressable").first
    words = bar.locator("title").text_content() or ""
    label, photos, low = re.fullmatch(r"(\w+), ([\d,]+) photos?: score from ([\d.]+) on", words).groups()  # type: ignore[union-attr]
    only = page.get_by_role("button", name=re.compile(rf"Filter .*: score {float(low):g} to"))
    walk.press(bar, until=only)
    card = page.get_by_role("group", name="Judge one after another")
    expect(card.locator("#verdict")).to_contain_text(f"Labelled {label}")
    walk.wait_until_drawn(page)
    assert re.search(rf"scores={float(low):g}-", page.url)
    expect(page.get_by_text(re.compile(rf"^{photos} photos? of [\d,]+ by these filters"))).to_be_visible()


def test_the_words_of_the_matrix_stay_in_one_piece_on_a_telephone(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    walk.open_page(page, f"{server.url}/review?model=v1&split=all", "Review")
    for place, word in (("#is-1", "defective"), ("#judged-1", "defective")):
        expect(page.locator(place)).to_contain_text(word)
        assert page.locator(place).evaluate(IN_ONE_PIECE, word)
    assert [*beyond(page)] == []
