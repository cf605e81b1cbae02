"""The service in a process of its own, with folders of its own, as tests start, ask and end it."""

import http.client
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from PIL import Image

from casting_core.data.drawing.synthetic import draw_casting
from casting_core.domain import Label
from casting_core.records.chain import Entry, Kind
from casting_core.settings import ROOT
from casting_core.workflows.stations import tokens
from casting_core.workflows.stations.tokens import Scope
from casting_core.workflows.stores import ledger
from tests.conftest import installation
from tests.patience import PATIENCE, until

STATION = "S1"
URL = "/v1/inspections"
SERVE = "from casting_core.service.command import serve; serve()"  # alone: all other commands take seconds to import


def photo(seed: int, label: Label = Label.OK) -> bytes:
    """A drawn casting as a camera would send it."""
    packed = io.BytesIO()
    Image.fromarray(draw_casting(seed, label=label).pixels).save(packed, "JPEG", quality=92)
    return packed.getvalue()


@dataclass(frozen=True, kw_only=True)
class Got:
    """What came back."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def told(self) -> dict[str, Any]:
        """The body as JSON."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found

    @property
    def verdict(self) -> str:
        """The verdict; there must be one."""
        assert self.status == 200, self.body
        return str(self.told["ResultContent"]["Verdict"])


class Service:
    """One installation and the service in it, which may be ended and begun anew."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder = folder
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("CASTING_")} | {
            "CASTING_DATA_DIR": str(folder / "data"),
            "CASTING_MODEL_DIR": str(folder / "model"),
            "CASTING_STATION_JUDGES": "1",
            "CASTING_STATION_DEADLINE_MS": "60000",  # of a busy machine; a test that wants less says so
            **more,
        }
        self.token = self.add(STATION)

    def add(self, station: str, *, scope: Scope = Scope.JUDGE) -> str:
        """The token of a new station."""
        with installation(self.folder):
            return tokens.add(station, scopes=(scope,), actor="Ann")

    def revoke(self, station: str) -> None:
        """Takes a station's token away."""
        with installation(self.folder):
            tokens.revoke(station, actor="Ann")

    def begin(self) -> None:
        """Starts the service and waits until it answers."""
        command = [sys.executable, "-c", SERVE, "--port", "0"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self._environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        said = re.search(r":([0-9]+)/", self.process.stdout.readline())
        assert said is not None
        self.port = int(said[1])
        until(lambda: self.get("/ready").status in (200, 503) and "starting" not in self.get("/ready").told["Reason"])

    def judges(self) -> list[psutil.Process]:
        """The processes that judge."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children()
        return found

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends the service, and waits until those that judged for it have gone, too."""
        judges = self.judges() if self.process.poll() is None else []
        self.process.send_signal(how)
        self.process.wait(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        psutil.wait_procs(judges, PATIENCE)

    def ask(self, content: bytes, *, token: str | None = None, kind: str = "image/jpeg", **query: object) -> Got:
        """Asks as station S1 for part P1, unless the query says otherwise."""
        whole = {"station": STATION, "part_id": "P1"} | query
        headers = {"Authorization": f"Bearer {self.token if token is None else token}", "Content-Type": kind}
        return self.send("POST", f"{URL}?{urlencode(whole)}", content, headers)

    def get(self, path: str, **headers: str) -> Got:
        """Gets a path."""
        return self.send("GET", path, None, headers)

    def send(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Got:
        """One request, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return Got(status=answer.status, body=answer.read(), headers=dict(answer.getheaders()))
        finally:
            connection.close()

    def rows(self) -> list[Entry]:
        """The verdicts on record, the newest first."""
        with installation(self.folder):
            found: list[Entry] = ledger().rows(kinds=[Kind.INSPECTION])
        return found


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[Service]:
    """A service in this folder, with these settings beside the usual ones."""
    service = Service(folder, **more)
    try:
        service.begin()
        yield service
    finally:
        service.end()
