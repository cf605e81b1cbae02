"""The proxy of deploy/nginx.conf in front of the real dashboard and the real service: https, base path, websockets."""

import json
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from casting_core.settings import ROOT
from tests.browser import walk
from tests.browser.launched import DESK
from tests.browser.served import Server, free_port
from tests.browser.watch import Watch
from tests.patience import MILLISECONDS, PATIENCE, POLL

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
HOST = "quality.plant.example"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        NGINX is None or shutil.which("openssl") is None, reason="there is no nginx here, or no openssl"
    ),
]


@pytest.fixture
def server(sample_folder: Path, tmp_path: Path) -> Iterator[Server]:
    """The dashboard below its path, known by the name of the proxy."""
    shutil.copytree(sample_folder, tmp_path / "data" / "sample")
    started = Server(tmp_path, path="castings", environment={"CASTING_HOSTS": HOST})
    try:
        started.start()
        yield started
    finally:
        started.close()


@pytest.fixture
def proxy(server: Server, tmp_path: Path) -> Iterator[int]:
    """The port of the proxy, with the service for stations behind it, too."""
    stations, port, plain = free_port(), free_port(), free_port()
    environment = {"CASTING_DATA_DIR": str(server.data_dir), "CASTING_MODEL_DIR": str(server.model_dir)}
    serve = [sys.executable, "-m", "casting_core", "serve", "--port", str(stations)]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}"]
    files = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run([*request, *files], check=True, capture_output=True)
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for written, here in {
        " /tmp/": f" {tmp_path}/",
        "dashboard:8501": f"127.0.0.1:{server.port}",
        "serve:8600": f"127.0.0.1:{stations}",
        "listen 8443": f"listen 127.0.0.1:{port}",
        "listen 8080": f"listen 127.0.0.1:{plain}",
        "/etc/casting/certificates": str(tmp_path),
    }.items():
        assert written in text
        text = text.replace(written, here)
    (tmp_path / "nginx.conf").write_text(f"daemon off;\n{text}", "utf-8")
    command = [str(NGINX), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    behind = psutil.Popen(serve, cwd=ROOT, env=os.environ | environment | {"CASTING_HOSTS": HOST})
    processes = [behind, psutil.Popen(command)]
    try:
        yield port
    finally:
        for process in processes:
            process.terminate()
        psutil.wait_procs(processes)


def ready(port: int) -> dict[str, object]:
    """What the service says through the proxy, once it is there."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    asked = urllib.request.Request(f"https://127.0.0.1:{port}/stations/health", headers={"Host": HOST})
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(asked, context=anybody, timeout=PATIENCE) as answer:
                told: dict[str, object] = json.load(answer)
                return told
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(POLL)


def test_pages_uploads_and_stations_go_through_the_proxy(browser: Browser, proxy: int, sample_folder: Path) -> None:
    context = browser.new_context(viewport=DESK, reduced_motion="reduce", ignore_https_errors=True)
    context.set_default_timeout(MILLISECONDS)
    watch, page = Watch(context), context.new_page()
    page.goto(f"https://{HOST}:{proxy}/")
    page.wait_for_url(f"https://{HOST}:{proxy}/castings/")
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible(timeout=MILLISECONDS)
    walk.open_page(page, f"https://{HOST}:{proxy}/castings/inspection", "Inspection")
    walk.drop_photo(page, next(sample_folder.rglob("*.jpeg")))
    expect(page.get_by_text("Score").first).to_be_visible()
    assert page.evaluate("window.isSecureContext"), "a telephone's camera asks for that"
    assert all(cookie["secure"] for cookie in context.cookies())
    watch.foreign_requests = [url for url in watch.foreign_requests if HOST not in url]
    watch.assert_nothing_wrong()
    context.close()
    assert ready(proxy)
