"""The threshold as a line through the scores: moved by keys, by the mouse and by typing, before the server answers."""

from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.served import Server
from tests.browser.test_looks import barriers, beyond


def test_the_line_is_moved_by_keys_typing_and_dragging_and_the_server_hears_where_it_was_left(
    page: Page, server: Server
) -> None:
    walk.open_page(page, f"{server.url}/models", "Models")
    page.get_by_text("Choose another one").click()
    by_hand = page.get_by_role("radio", name="By hand")
    walk.wait_until_drawn(page)
    if not by_hand.is_checked():
        by_hand.click()
        walk.wait_until_drawn(page)
    line = page.get_by_role("slider", name="Threshold: a score below it passes")
    expect(line).to_have_attribute("aria-valuenow", "0.500")
    server.pause()  # nothing of this waits for it
    line.focus()
    for key in ("ArrowRight", "PageUp", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect(line).to_have_attribute("aria-valuenow", "0.549")
    field = page.get_by_role("spinbutton", name="Threshold", exact=True)
    field.fill("0.3")
    field.press("Enter")
    expect(line).to_have_attribute("aria-valuenow", "0.300")
    line.scroll_into_view_if_needed()
    box, plot = line.bounding_box(), page.locator("#plot").bounding_box()
    assert box is not None and plot is not None
    assert min(box["width"], box["height"]) >= 24
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(plot["x"] + 0.75 * plot["width"], plot["y"] + 20, steps=4)
    page.mouse.up()
    expect(line).to_have_attribute("aria-valuenow", "0.750")
    page.get_by_label("A person looks at some").check()
    expect(page.get_by_role("slider", name="Rejects from this score on")).to_have_attribute("aria-valuenow", "1.000")
    server.go_on()
    expect(page.get_by_role("button", name="Judge at 0.75 to 1 from now on")).to_be_visible()
    expect(line).to_have_attribute("aria-valuenow", "0.750")
    page.set_viewport_size({"width": 390, "height": 900})
    assert [one for one in [*barriers(page), *beyond(page)] if "scores" in str(one)] == []
