"""A photo that is pasted is judged and kept, stands in the history with its picture, and is fetched back on record."""

from base64 import b64encode
from pathlib import Path

from playwright.sync_api import Page, expect

from casting_core.records.chain import Kind
from casting_core.workflows import stores
from tests.browser import walk
from tests.browser.served import Server
from tests.conftest import installation

PASTE = """(photo) => {
  const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
  const clipboard = new DataTransfer();
  clipboard.items.add(new File([bytes], "image.jpeg", {type: "image/jpeg"}));
  document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true}));
}"""


def test_a_pasted_photo_is_judged_kept_shown_and_fetched_back(page: Page, server: Server, drawn: Path) -> None:
    photo = sorted((drawn / "sample").rglob("ok_front/*.jpeg"))[0].read_bytes()
    walk.open_page(page, f"{server.url}/inspection", "Inspection")
    expect(page.get_by_text("Or paste one")).to_be_visible()
    page.evaluate(PASTE, b64encode(photo).decode("ascii"))
    expect(page.get_by_text("sha256 ").first).to_be_visible()
    expect(page.get_by_text("On record")).to_be_visible()

    walk.go_to(page, "History")
    begin = page.get_by_label("From", exact=True)
    walk.press(page.get_by_role("radio", name="Fetch back"), until=begin)
    begin.fill("row 0")
    begin.press("Enter")
    expect(page.get_by_text("1 passed part")).to_be_visible()
    walk.write(page.get_by_label("Your name"), "Ana")
    walk.write(page.get_by_role("textbox", name="Why"), "complaint 4711")
    done = page.get_by_text("On record as row 2 of the ledger")
    walk.press(page.get_by_role("button", name="Put on record"), until=done)
    with installation(server.data_dir.parent):
        (row,) = stores.ledger().rows(kinds=[Kind.FETCH_BACK])
        assert (row.actor, row.values["parts"]) == ("Ana", 1)
        assert stores.ledger().verify().number == 2
