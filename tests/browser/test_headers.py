"""In a real browser: all that the pages do works under the headers, and pages of strangers get nothing."""

import json
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.parts.server.headers import INDEX
from tests.browser import walk
from tests.browser.served import LEAN, Server

INDEX_SCRIPT = re.compile(r'src="\.(/static/js/index[^"]+)"')
ATTACK = """<!doctype html><title>A stranger's page</title><body><script>
const settled = (element, name) => new Promise((done) => {
  element.onload = () => done(`${name} came`);
  element.onerror = () => done("nothing");
  document.body.append(element);
});
const socket = () => new Promise((done) => {
  const opened = new WebSocket(`ws://${TARGET}/_stcore/stream`, ["streamlit"]);
  opened.onopen = () => done("the websocket opened");
  opened.onclose = opened.onerror = () => done("nothing");
});
const read = (path, how) =>
  fetch(`http://${TARGET}${path}`, how).then((answer) => `read ${answer.status}`, () => "nothing");
const made = (kind, path) => Object.assign(document.createElement(kind), {src: `http://${TARGET}${path}`});
document.body.append(made("iframe", ""));
const attempts = [
  socket(),
  settled(made("img", "/favicon.png"), "the picture"),
  settled(made("script", SCRIPT), "the script"),
  read("/_stcore/health"),
  read("/_stcore/upload_file/session/file", {method: "PUT", body: "x"}),
  read("/_stcore/upload_file/session/file", {method: "POST", body: "x"}),
];
Promise.all(attempts).then((all) => { document.body.dataset.got = JSON.stringify(all); });
</script>"""


@pytest.fixture(scope="module")
def server(browser: Browser, sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: ARG001 - no browser, no server
    """The real dashboard below a path of its own, known to its plant by a name; it begins with few photos."""
    folder = tmp_path_factory.mktemp("headers")
    shutil.copytree(sample_folder, folder / "data" / "sample")
    started = Server(folder, path="castings", environment={**LEAN, "CASTING_HOSTS": "quality.plant.example"})
    try:
        started.start()
        yield started
    finally:
        started.close()


@pytest.fixture
def stranger(server: Server) -> Iterator[int]:
    """The port of another server on this machine, whose every page tries to get at the dashboard."""
    script = INDEX_SCRIPT.search(INDEX.read_text(encoding="utf-8"))
    assert script is not None
    target = server.url.removeprefix("http://")
    page = ATTACK.replace("TARGET", json.dumps(target)).replace("SCRIPT", json.dumps(script[1])).encode()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving.server_port
        serving.shutdown()
        thread.join()


def test_the_pages_work_under_the_headers(page: Page, server: Server) -> None:
    """What the browser forbids and what leaves the machine fail the test at its end, as everywhere in this folder.

    Tests beside this one walk the other pages.
    """
    walk.open_page(page, server.url, "Overview")
    walk.press(page.get_by_role("button", name=re.compile("Jobs")), until=page.get_by_role("dialog"))
    page.keyboard.press("Escape")
    walk.go_to(page, "Dataset")
    expect(page.locator(".stPlotlyChart .bars path").first).to_be_visible()
    walk.section(page, "Map")
    expect(page.locator(".stPlotlyChart").first).to_be_visible()
    walk.section(page, "Photos")
    assert drawn_pictures(page, "casting cast_")
    picture = page.get_by_role("dialog").get_by_role("img").first
    walk.press(page.get_by_role("button", name="Full size").first, until=picture)
    page.keyboard.press("Escape")
    walk.go_to(page, "Models")
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    with ZipFile(walk.download(page.get_by_role("button", name="Download", exact=True)).path()) as packed:
        assert any(name.endswith("card.json") for name in packed.namelist())


STREAMS = """
  window.streams = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async wanted => {
    const stream = await ask(wanted);
    streams.push(stream);
    return stream;
  };
"""


def test_photos_are_dropped_and_taken_under_the_headers(page: Page, server: Server) -> None:
    page.add_init_script(STREAMS)
    walk.open_page(page, f"{server.url}/inspection", "Inspection")
    walk.drop_photo(page, sorted((server.data_dir / "sample" / "test" / "ok_front").iterdir())[0])
    expect(page.get_by_role("heading", name=re.compile("Pass|Reject"))).to_be_visible()
    assert drawn_pictures(page, "evidence for a defect")
    none = page.get_by_text("No photo yet")
    walk.press(page.get_by_role("button", name=re.compile("Remove")).first, until=none)
    walk.tick(page.get_by_role("radio", name="Camera"))
    said = page.get_by_text(re.compile(r"The camera shows \d+ x \d+ pixels"))
    expect(said).to_be_visible()
    width, height = re.findall(r"\d+", said.inner_text())
    assert int(width) >= 1920, "all that the camera has, not the width of the page"
    taken = page.get_by_text(f"Taken, {width} x {height} pixels")
    walk.press(page.get_by_role("button", name="Take the photo"), until=taken)
    expect(none).to_be_hidden()
    expect(page.get_by_role("heading", name="No verdict")).to_be_visible()  # it shows a clock, and no casting
    walk.tick(page.get_by_role("radio", name="File", exact=True))
    expect(taken).to_be_hidden()
    assert page.evaluate("() => streams.flatMap(one => one.getTracks()).map(one => one.readyState)") == ["ended"]


def test_who_may_not_use_the_camera_is_told_why_and_can_still_drop_photos(page: Page, server: Server) -> None:
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotFoundError'); };"
    )
    walk.open_page(page, f"{server.url}/inspection", "Inspection")
    walk.tick(page.get_by_role("radio", name="Camera"))
    expect(page.get_by_text("This machine has no camera, or none is connected")).to_be_visible()
    expect(page.get_by_role("button", name="Take the photo")).to_be_disabled()
    walk.drop_photo(page, sorted((server.data_dir / "sample" / "test" / "ok_front").iterdir())[0])
    expect(page.get_by_role("heading", name=re.compile("Pass|Reject"))).to_be_visible()


def test_the_plants_own_name_for_the_dashboard_opens_it(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    walk.open_page(page, server.url.replace("127.0.0.1", "quality.plant.example"), "Overview")
    page.close()


def test_another_name_opens_nothing(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    answer = page.goto(server.url.replace("127.0.0.1", "evil.example"))  # DNS rebinding
    assert answer is not None
    assert answer.status == 403
    assert "CASTING_HOSTS" in page.inner_text("body")
    page.close()


@pytest.mark.parametrize("name", ["evil.example", "localhost", "127.0.0.1"])
def test_a_strangers_page_gets_nothing_and_frames_nothing(
    browser: Browser, server: Server, stranger: int, name: str
) -> None:
    page = browser.new_page()
    page.goto(f"http://{name}:{stranger}/")
    page.wait_for_selector("body[data-got]")
    assert json.loads(str(page.get_attribute("body", "data-got"))) == ["nothing"] * 6
    framed = page.frames[1]
    assert "Streamlit" not in framed.content()
    assert framed.locator("#root").count() == 0
    page.set_content(f"<a href='{server.url}/models'>a link in a mail</a>")
    page.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    page.close()


def drawn_pictures(page: Page, name: str) -> bool:
    """Whether every picture of this name came, and there is one."""
    pictures = page.get_by_role("img", name=re.compile(name))
    pictures.first.wait_for()
    return all(
        picture.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth > 0)")
        for picture in pictures.all()
    )
