"""Asks the station service for verdicts. An example that needs nothing but Python: copy it and change it.

    STATION_TOKEN=casting_... python station_client.py http://127.0.0.1:8600 S1 PART-0815 photo.jpeg

It prints the answer, and ends with 0 where the part may pass and with 1 where it may not, for whatever reason.
"""

import http.client
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

AGAIN = (429, 503)  # the service is full or cannot answer now: ask once more, with the same id
PAUSE = 0.05  # seconds before that


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back. Only ``verdict == "pass"`` lets a part pass."""

    verdict: str  # "pass", "reject" or "inspect"; empty where there was no answer in time
    reason: str
    answer: dict[str, Any]  # all of it, as the service's own page explains it; empty where there was none
    challenge: str = ""  # "due" or "missed": no part may pass; or what became of a challenge part


class StationClient:
    """One station: it asks one question at a time, over one connection that stays open."""

    def __init__(self, address: str, *, station: str, token: str) -> None:
        place = urlsplit(address)
        kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(place.hostname or "127.0.0.1", place.port)
        self._station = station
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}

    def ask(self, photo: bytes, *, part: str, job: str = "", request: str = "", seconds: float = 2.0) -> Reply:
        """The answer to a photo within so many seconds. It never raises for what goes wrong on the way.

        Without a ``request`` the question gets an id of its own; whoever asks again after a failure gives the same.
        """
        until = time.monotonic() + seconds
        request = request or uuid4().hex
        reply = Reply(verdict="", reason="no answer in time", answer={})
        while (left := until - time.monotonic()) > 0:
            query = {"station": self._station, "request_id": request, "part_id": part, "job_id": job}
            try:
                status, told = self._post(f"/v1/inspections?{urlencode(query)}", photo, left)
                answered = _reply(status, told)
            except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError) as error:
                self._connection.close()  # the next question opens a new one
                reply = Reply(verdict="", reason=f"no answer: {str(error) or type(error).__name__}", answer={})
            else:
                reply = answered if time.monotonic() < until else reply
                if status not in AGAIN:
                    return reply
            time.sleep(max(0.0, min(PAUSE, until - time.monotonic())))
        return reply

    def close(self) -> None:
        """Lets the connection go."""
        self._connection.close()

    def _post(self, path: str, photo: bytes, seconds: float) -> tuple[int, dict[str, Any]]:
        self._connection.timeout = seconds
        if self._connection.sock is not None:
            self._connection.sock.settimeout(seconds)
        self._connection.request("POST", path, photo, self._headers)
        response = self._connection.getresponse()
        told = json.loads(response.read())
        return response.status, told if isinstance(told, dict) else {}


def _reply(status: int, told: dict[str, Any]) -> Reply:
    if status != 200:
        return Reply(verdict="", reason=f"{status}: {told.get('detail', '')}", answer={})
    content = told["ResultContent"]
    challenge = content.get("Challenge") or ""
    return Reply(verdict=content["Verdict"], reason=content["Reason"], answer=told, challenge=challenge)


def main(address: str, station: str, part: str, photo: str) -> int:
    """Asks once; what a command line would."""
    client = StationClient(address, station=station, token=os.environ["STATION_TOKEN"])
    reply = client.ask(Path(photo).read_bytes(), part=part)
    print(json.dumps(reply.answer, indent=1) if reply.answer else reply.reason)
    return 0 if reply.verdict == "pass" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
