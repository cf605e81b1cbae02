"""The main job in a real browser, on the drawn sample: explore, train, review the missed castings, inspect a part."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from casting_core.domain import Label
from casting_core.records.registry import STARTER
from casting_core.settings import ROOT
from tests.browser import walk
from tests.browser.conftest import serving
from tests.browser.served import Server
from tests.patience import MILLISECONDS


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - no browser, no server
    """The real dashboard as on its first day: nothing is drawn, nothing is known."""
    with serving(tmp_path_factory.mktemp("first-day"), {}) as started:
        yield started


def test_the_first_page_shows_the_data_and_the_model(page: Page, server: Server) -> None:
    page.goto(server.url)
    expect(page.get_by_text("600", exact=True)).to_be_visible(timeout=MILLISECONDS)  # the sample is drawn first
    expect(page.get_by_text(re.compile(STARTER)).first).to_be_visible()
    expect(page.get_by_text("240 ok · 360 defective")).to_be_visible()


def test_the_dataset_page_shows_the_counts(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/dataset", "Dataset")
    for label, number in (("Photos", "600"), ("ok", "240"), ("defective", "360"), ("Files with problems", "0")):
        metric = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
        expect(metric.get_by_test_id("stMetricValue")).to_have_text(number)
    tops = page.get_by_test_id("stMetric").evaluate_all("tiles => tiles.map(tile => tile.getBoundingClientRect().top)")
    assert len(tops) == 5
    assert len(set(tops)) == 1, "they stand in a row"
    for bar in ("168", "252", "72", "108"):  # train and test, ok and defective
        expect(page.locator(".stPlotlyChart text").filter(has_text=re.compile(f"^{bar}$"))).to_be_visible()
    walk.section(page, "Photos")
    expect(page.get_by_test_id("stMain").get_by_role("img", name=re.compile("casting cast_"))).to_have_count(24)


def test_a_training_draws_curves_without_a_gap_outlives_a_closed_tab_and_becomes_a_version(
    page: Page, server: Server
) -> None:
    walk.start_training(page, server.url, epochs=2, batch_size=32)
    expect(page.get_by_text(re.compile(r"epoch 1 of 2, batch \d+ of 10"))).to_be_visible(timeout=MILLISECONDS)
    _wait_until_the_loss_grows(page)
    for figure in ("Loss", "Photos/s", "Validation right", "Missed", "F1 ok · defective", "Learning rate"):
        expect(page.get_by_test_id("stMetric").filter(has_text=figure).first).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name=walk.RUN)).to_be_visible()
    walk.go_to(page, "Dataset")
    other = page.context.new_page()
    page.close()
    walk.open_page(other, f"{server.url}/train", "Train")
    expect(other.get_by_role("heading", name=walk.RUN)).to_be_visible()
    walk.wait_for_end(other)
    _assert_nothing_is_left_out(walk.lines(other), epochs=2, batches=10)
    assert (server.model_dir / "v1" / "serving.onnx").is_file()
    walk.go_to(other, "Models")
    walk.choose(other, "Version", "v1")
    expect(other.get_by_role("button", name="Put v1 in production")).to_be_visible()


def _wait_until_the_loss_grows(page: Page) -> None:
    """Waits until something is drawn of the loss, and then until more of it is."""
    drawn = "Math.max(0, ...[...document.querySelectorAll('.js-line')].map(line => line.getAttribute('d').length))"
    walk.wait_until(page, drawn)
    walk.wait_until(page, f"first => {drawn} > first", page.evaluate(drawn))


def _assert_nothing_is_left_out(lines: list[dict[str, Any]], *, epochs: int, batches: int) -> None:
    within = next(line for line in lines if line["mode"] == "lines")
    assert within["x"] == pytest.approx([(batch + 1) / batches for batch in range(epochs * batches)])
    assert all(value is not None for value in within["y"])
    ends = [line for line in lines if line["name"] in ("train", "validation", "missed", "ok", "this run")]
    assert len(ends) == 7
    assert all(line["x"] == list(range(1, epochs + 1)) for line in ends)


def test_a_click_on_the_missed_cell_shows_exactly_the_missed_castings(page: Page, server: Server) -> None:
    missed = _missed(server)
    assert len(missed), "the starter misses nothing any more: this test needs a model that does"
    walk.open_page(page, f"{server.url}/review", "Review")
    walk.choose(page, "Model", STARTER)
    found = page.get_by_role("heading", name=re.compile("Defects found"))
    walk.click_cell(page, "Defects found", until=found)
    alarms = page.get_by_role("heading", name=re.compile("False alarms"))
    walk.click_cell(page, "False alarms", until=alarms)
    walk.click_cell(page, "Defects found", until=found)  # the same cell as before
    passed = page.get_by_role("heading", name=f"Missed defects: {len(missed)} photo")
    walk.click_cell(page, "Missed defects", until=passed)
    shown = page.get_by_test_id("stMain").get_by_role("img", name=re.compile("casting cast_"))
    expect(shown).to_have_count(min(24, len(missed)))  # the photos of the cell before are gone
    names = [str(picture.get_attribute("alt")).split()[2] for picture in shown.all()]
    worst_first = [Path(path).name for path in missed.sort_values(["score", "path"])["path"]]
    assert names == worst_first[: len(names)]
    assert len(names) == min(24, len(missed))


def _missed(server: Server) -> pd.DataFrame:
    """The defective test photos that the starter passes, computed beside the dashboard."""
    from casting_core.data.imaging.images import decode, fit
    from casting_core.judging.scoring import Scorer

    scorer = Scorer((ROOT / "model" / STARTER / "serving.onnx").read_bytes())
    rows = []
    for path in sorted((server.data_dir / "sample" / "test" / "def_front").iterdir()):
        score = scorer.score(fit(decode(path.read_bytes()).grey, 300)[None]).score[0]
        rows.append({"path": path.relative_to(server.data_dir / "sample").as_posix(), "score": float(score)})
    table = pd.DataFrame(rows)
    return table[table["score"] < 0.5]


@pytest.mark.parametrize("label", list(Label))
def test_a_dropped_photo_gets_a_verdict_and_a_heat_map(page: Page, server: Server, label: Label) -> None:
    folder = {Label.OK: "ok_front", Label.DEFECTIVE: "def_front"}[label]
    photo = sorted((server.data_dir / "sample" / "test" / folder).iterdir())[0]
    walk.open_page(page, f"{server.url}/inspection", "Inspection")
    walk.drop_photo(page, photo)
    verdict = page.get_by_role("heading", name=re.compile("Pass|Reject"))
    expect(verdict).to_be_visible()
    expect(page.get_by_role("img", name="evidence for a defect, in orange")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Score 0\.\d+|Score 1\.0"))).to_be_visible()


def test_a_text_file_named_jpg_gets_a_sentence_and_the_page_lives_on(
    page: Page, server: Server, tmp_path: Path
) -> None:
    text = tmp_path / "casting.jpg"
    text.write_text("this is no photo")
    good = sorted((server.data_dir / "sample" / "test" / "ok_front").iterdir())[0]
    walk.open_page(page, f"{server.url}/inspection", "Inspection")
    walk.drop_photo(page, text)
    said = page.get_by_test_id("stAlert").get_by_text("Not a photo in a format that can be read")
    expect(said).to_be_visible()
    walk.drop_photo(page, good)
    expect(page.get_by_role("heading", name=re.compile("Pass|Reject"))).to_be_visible()


def test_a_file_name_is_shown_and_not_obeyed(page: Page, server: Server, tmp_path: Path) -> None:
    good = sorted((server.data_dir / "sample" / "test" / "ok_front").iterdir())[0]
    hostile = tmp_path / "![x](http:__example.org_a.png) **bold** $x$.jpeg"
    hostile.write_bytes(good.read_bytes())
    walk.open_page(page, f"{server.url}/inspection", "Inspection")
    walk.drop_photo(page, hostile)
    shown = page.get_by_test_id("stCaptionContainer").get_by_text("![x](http:__example.org_a.png) **bold** $x$.jpeg")
    expect(shown).to_be_visible()


def test_a_new_version_is_put_in_production_and_the_overview_says_so(page: Page, server: Server) -> None:
    walk.open_page(page, f"{server.url}/models", "Models")
    walk.choose(page, "Version", "v1")
    name = page.get_by_role("textbox", name="Your name")
    walk.press(page.get_by_role("button", name="Put v1 in production"), until=name)
    walk.write(name, "Ana")
    second = page.get_by_role("textbox", name="Name of the second person")
    if second.count():  # a version that learned nothing in so short a time is blocked
        walk.write(second, "Ben")
    back = page.get_by_role("button", name="Put starter back in production")
    walk.press(page.get_by_role("button", name="Yes, judge with v1"), until=back)
    walk.go_to(page, "Overview")
    expect(page.get_by_text("v1 · classic")).to_be_visible()
