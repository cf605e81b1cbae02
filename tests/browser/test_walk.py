"""The steps themselves, on a page that loses what is pressed while it is drawn anew."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

# Whatever is clicked or pressed first comes to nothing; each element counts what came through.
PAGE = """<!doctype html><title>Losing</title><body><div data-testid="stApp"><h1>Losing</h1>
<button id="save" data-does="told">Save</button><p id="told" hidden>saved</p>
<details><summary data-does="folded">What it means</summary><p id="folded">it folds out</p></details>
<a id="file" data-does="file" href="data:text/plain,report" download="report.txt">Download</a>
<input type="radio" id="camera" data-does="camera"><label for="camera">Camera</label>
</div><script>
for (const target of document.querySelectorAll('[data-does]'))
  target.addEventListener('click', event => {
    const lost = LOST.includes(target.dataset.does) && !target.dataset.lost;
    target.dataset.lost = 'yes';
    if (lost) event.preventDefault();
    else target.dataset.came = 1 + Number(target.dataset.came || 0);
  });
document.getElementById('save').addEventListener('click', event => {
  document.getElementById("told").hidden = event.defaultPrevented;
});
</script></body>"""


@pytest.fixture(autouse=True)
def no_long_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "AGAIN", 0.3)


def shown(page: Page, *, lost: str) -> None:
    page.set_content(PAGE.replace("LOST", repr(lost.split())))


@pytest.mark.parametrize("lost", ["", "told"])
@pytest.mark.parametrize("key", ["", "Enter"])
def test_what_was_lost_is_pressed_again_and_what_came_through_is_not(page: Page, lost: str, key: str) -> None:
    shown(page, lost=lost)
    save = page.get_by_role("button", name="Save")
    walk.press(save, key=key, until=page.get_by_text("saved"))
    expect(save).to_have_attribute("data-came", "1")


@pytest.mark.parametrize("lost", ["", "folded"])
def test_what_folds_out_stays_open(page: Page, lost: str) -> None:
    shown(page, lost=lost)
    walk.press(page.get_by_text("What it means"), until=page.get_by_text("it folds out"))
    expect(page.locator("details")).to_have_attribute("open", "")


def test_a_radio_button_is_chosen_and_a_file_comes_at_the_second_try(page: Page) -> None:
    shown(page, lost="camera file")
    walk.tick(page.get_by_role("radio", name="Camera"))
    assert walk.download(page.get_by_role("link", name="Download")).suggested_filename == "report.txt"
