"""Judging one casting after the other by keyboard: nothing that was pressed is lost, whatever the server does."""

import random
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from casting_core.data.drawing.canvas import SIZE
from casting_core.domain import Label
from casting_core.records.chain import Entry, Kind
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import open_dataset
from tests.browser import walk
from tests.browser.served import Server
from tests.browser.test_looks import barriers, beyond
from tests.conftest import installation

NAME = "Judge one after another"
JUDGED = {"1": "label is right", "2": "label is right", "3": "label is wrong", "4": "cannot tell"}
PRESS = """([keys, every]) => new Promise((done) => {
  const root = document.querySelector('.st-key-judge-each [data-testid=stBidiComponentIsolated]').shadowRoot;
  const card = root.getElementById('card');
  let at = 0;
  const timer = setInterval(() => {
    if (at < keys.length)
      card.dispatchEvent(new KeyboardEvent('keydown', {key: keys[at++], bubbles: true, composed: true}));
    else {
      clearInterval(timer);
      done();
    }
  }, every);
})"""
SMALL = """() => [...document.querySelector('.st-key-judge-each [data-testid=stBidiComponentIsolated]').shadowRoot
  .querySelectorAll('button, input')]
  .filter((one) => one.offsetParent && Math.min(one.offsetWidth, one.offsetHeight) < 24).map((one) => one.id)"""
AT_ONCE = 30  # milliseconds between two keys: a hundred in three seconds


@pytest.fixture(scope="module", autouse=True)
def sample_named(browser: Browser, server: Server) -> None:
    """A link may lead to photos only once they have a name, which they get at the first visit."""
    page = browser.new_page()
    walk.open_page(page, server.url, "Overview")
    expect(page.get_by_text("Where to go next")).to_be_visible()
    page.close()


@pytest.fixture
def before(server: Server) -> int:
    """How many rows the ledger had."""
    return len(rows(server))


def opened(page: Page, server: Server, cell: str) -> Locator:
    """The card of the photos in a cell, signed by Ana, and with the focus."""
    walk.open_page(page, f"{server.url}/review?model=starter&split=all&cell={cell}", "Review")
    card = page.get_by_role("group", name=NAME)
    expect(card.locator("#verdict")).to_contain_text("Labelled")
    name = card.get_by_label("Judged by")
    name.fill("Ana")
    name.press("Enter")
    expect(card).to_be_focused()
    return card


def press(page: Page, keys: str) -> None:
    page.evaluate(PRESS, [list(keys), AT_ONCE])


def rows(server: Server) -> list[Entry]:
    """What the ledger says of judgements, in order."""
    with installation(server.data_dir.parent):
        return stores.ledger().rows(kinds=[Kind.JUDGEMENT])[::-1]


def judged(written: list[Entry]) -> list[str]:
    return [str(row.values.get("judged", "undone")) for row in written]


def recorded(card: Locator) -> None:
    expect(card.get_by_text("all recorded", exact=True)).to_be_visible()


def test_a_hundred_presses_in_three_seconds_leave_a_hundred_rows(page: Page, server: Server, before: int) -> None:
    card = opened(page, server, "found")
    keys = "".join(random.Random(1).choices("14", k=100))
    press(page, keys)
    expect(card.locator("#where")).to_have_text(re.compile("^101 of "))
    recorded(card)
    written = rows(server)[before:]
    assert judged(written) == [JUDGED[key] for key in keys]
    assert len({row.about for row in written}) == len({row.values["id"] for row in written}) == 100
    assert {row.actor for row in written} == {"Ana"}
    expect(card).to_be_focused()  # through all that the server drew meanwhile


def test_a_server_that_stands_still_or_dies_and_a_reload_lose_nothing(page: Page, server: Server, before: int) -> None:
    card = opened(page, server, "passed")
    keys = "".join(random.Random(2).choices("14", k=50))
    press(page, keys[:10])
    server.pause()
    press(page, keys[10:20])
    page.wait_for_timeout(5000)
    expect(card.get_by_text("unsent")).to_be_visible()
    press(page, keys[20:30])
    server.go_on()
    recorded(card)
    server.stop()
    press(page, keys[30:])
    expect(card.get_by_text("unsent 20")).to_be_visible()
    server.start()
    page.reload()
    card = page.get_by_role("group", name=NAME)
    walk.wait_until(page, "() => !Object.keys(localStorage).some(name => name.startsWith('casting judgement'))")
    assert judged(rows(server)[before:]) == [JUDGED[key] for key in keys]
    expect(card.get_by_label("Judged by")).to_have_value("Ana")  # asked once
    expect(card.locator("#where")).to_have_text(re.compile("^51 of "))  # the first that nobody has judged
    card.focus()
    page.keyboard.press("u")  # what was judged before the reload
    expect(card.get_by_text("Taken back: ")).to_be_visible()
    walk.wait_until(page, "() => !Object.keys(localStorage).some(name => name.startsWith('casting judgement'))")
    assert judged(rows(server)[before:])[50:] == ["undone"]


def test_what_is_taken_back_before_it_is_sent_leaves_no_row_and_after_it_two(
    page: Page, server: Server, before: int
) -> None:
    card = opened(page, server, "found")
    server.pause()
    press(page, "14")  # the first is on its way; the second waits for it
    expect(card.get_by_text("unsent 2")).to_be_visible()
    press(page, "u")
    expect(card.get_by_text("unsent 1")).to_be_visible()
    server.go_on()
    recorded(card)
    assert judged(rows(server)[before:]) == ["label is right"]
    press(page, "u")
    expect(card.get_by_text("Taken back: label is right")).to_be_visible()
    recorded(card)
    assert judged(rows(server)[before:]) == ["label is right", "undone"]


def test_a_missed_casting_is_judged_its_kind_named_and_its_label_corrected_without_the_mouse(
    page: Page, server: Server, before: int
) -> None:
    card = opened(page, server, "missed")
    keyboard = page.keyboard
    keyboard.press("k")
    keyboard.type("cracks c r 1")  # letters that are keys elsewhere
    keyboard.press("Enter")
    keyboard.press("n")
    keyboard.type("at the hub")
    keyboard.press("Escape")
    keyboard.press("1")
    expect(card.get_by_text("Really missed, cracks c r 1. Now 2 of")).to_be_visible()
    expect(card.get_by_label("Kind of defect")).to_have_value("")
    keyboard.press("2")
    expect(card.get_by_text("Key 2 has no meaning in this cell.")).to_be_visible()
    for key in ("ArrowLeft", "ArrowRight", "+", "+", "Shift+ArrowRight", "b", "b", "h", "0"):
        keyboard.press(key)
    keyboard.press("3")
    recorded(card)
    first, second = rows(server)[before:]
    assert (first.values["judged"], first.values["kind"], first.reason) == (
        "label is right",
        "cracks c r 1",
        "at the hub",
    )
    assert second.values["judged"] == "label is wrong"
    with installation(server.data_dir.parent):
        table = open_dataset(server.data_dir / "sample").photos.set_index("photo")["label"]
    assert table[first.about] == Label.DEFECTIVE
    assert {int(table[photo]) for photo in (second.about, *second.values.get("also", []))} == {int(Label.OK)}
    again = card.get_by_role("button", name="Bring the page up to date")
    walk.press(again, key="Enter", until=page.get_by_text("by a person"))


def test_a_region_marked_by_dragging_or_by_keys_is_kept_in_pixels_and_drawn_again(
    page: Page, server: Server, before: int
) -> None:
    card = opened(page, server, "found")
    first = int(card.locator("#where").inner_text().split(" of ")[0])
    box = card.locator("#stage").bounding_box()
    assert box is not None
    page.keyboard.press("m")
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.75 * box["height"], steps=4)
    page.mouse.up()
    for key in ("ArrowRight", "Shift+ArrowDown", "Enter", "1"):
        page.keyboard.press(key)
    expect(card.locator("#region")).to_be_hidden()  # the next casting has none
    page.keyboard.press("m")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    recorded(card)
    marked, plain = rows(server)[before:]
    region, size = marked.values["region"], SIZE
    wanted = {"left": 0.26 * size, "top": 0.5 * size, "width": 0.25 * size, "height": 0.26 * size}
    assert region["photo"] == marked.about
    assert {name: region[name] for name in wanted} == pytest.approx(wanted, abs=3)
    assert "region" not in plain.values
    page.reload()
    card = page.get_by_role("group", name=NAME)
    expect(card.locator("#where")).to_have_text(re.compile(f"^{first + 2} of "))  # the first that nobody has judged
    card.focus()
    page.keyboard.press("ArrowLeft")
    expect(card.locator("#regions div")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    expect(card.locator("#regions div")).to_have_count(1)
    expect(card.locator("#earlier")).to_contain_text("region marked")


def test_a_key_that_was_changed_does_the_same_after_a_reload_and_c_and_r_are_refused(
    page: Page, server: Server, before: int
) -> None:
    card = opened(page, server, "passed")
    page.keyboard.press("?")
    card.get_by_role("button", name="Change keys").press("Enter")
    field = card.get_by_label("Judge: cannot tell")
    field.focus()
    for key in ("c", "r"):
        page.keyboard.press(key)
        expect(card.locator("#keys-said")).to_contain_text("C and R belong to the page")
    page.keyboard.press("j")
    expect(card.get_by_label("Judge: cannot tell")).to_have_value("J")
    card.get_by_label("Note", exact=True).last.focus()
    page.keyboard.press("k")  # which was that of the kind of defect: both change places
    expect(card.get_by_label("Kind of defect").last).to_have_value("N")
    assert [one for one in barriers(page) if "#keys" in one] == []  # what lies behind a dialog is dimmed
    card.get_by_role("button", name="Done").press("Enter")
    page.reload()
    card = page.get_by_role("group", name=NAME)
    expect(card.locator("#judge kbd").nth(2)).to_have_text("J")
    card.focus()
    page.keyboard.press("4")  # means nothing now
    page.keyboard.press("j")
    recorded(card)
    assert judged(rows(server)[before:]) == ["cannot tell"]


def test_a_card_that_another_person_has_open_says_so(context: BrowserContext, page: Page, server: Server) -> None:
    opened(page, server, "found")
    other = context.new_page()
    card = opened(other, server, "found")
    expect(card.locator("#taken")).to_have_text("Ana has this casting open, too.")
    other.keyboard.press("ArrowRight")
    expect(card.locator("#taken")).to_be_empty()


def test_the_card_can_be_read_and_reached_on_a_telephone(page: Page, server: Server) -> None:
    """On a desk ``test_looks`` sees it."""
    page.set_viewport_size({"width": 390, "height": 900})
    card = opened(page, server, "found")
    card.press("?")
    expect(card.get_by_text("the same as the last one")).to_be_visible()
    wrong: list[Any] = [*barriers(page), *beyond(page)]
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    wrong += barriers(page, only="color-contrast")
    assert wrong == []
    assert page.evaluate(SMALL) == []
