"""``python -m tests.bench.service``: the station service under load, asked from a second process.

It prints how many questions a second were answered, how long that took, and what went wrong. Exit code 1 where anything
did, or where the slowest of a hundred took longer than the bar.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import numpy as np
import psutil

from docs.station.station_client import Reply, StationClient
from tests.core.service.serving import STATION, photo, serving

BAR = 0.3  # seconds, the slowest of a hundred
CLIENTS = 16  # connections
PHOTOS = 20  # different ones
HEAD_START = 0.5  # seconds for the clients to be there


@click.command()
@click.option("--rate", default=50.0, show_default=True, help="Questions a second.")
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--ask", "address", hidden=True, help="Only asks, at this address, with the token on standard input.")
def main(rate: float, seconds: float, address: str | None) -> None:
    """Measure how the service answers so many questions a second."""
    if address is not None:
        print(json.dumps(_ask(address, sys.stdin.readline().strip(), rate, seconds)))
        return
    settings = {"CASTING_STATION_JUDGES": "2", "CASTING_STATION_DEADLINE_MS": "2000"}
    with tempfile.TemporaryDirectory() as room, serving(Path(room), **settings) as service:
        asking = [sys.executable, "-m", "tests.bench.service", "--rate", str(rate), "--seconds", str(seconds)]
        asking += ["--ask", f"http://127.0.0.1:{service.port}"]
        at_work = [psutil.Process(service.process.pid), *service.judges()]
        before = _worked(at_work)
        done = subprocess.run(asking, input=f"{service.token}\n", check=True, capture_output=True, text=True)
        worked, rows = _worked(at_work) - before, len(service.rows())
    found = json.loads(done.stdout)
    found |= {"rows": rows, "processor_ms_each": round(1000 * worked / found["questions"], 1)}
    print(json.dumps(found, indent=1))
    wrong = found["wrong"] or rows != found["questions"]
    sys.exit(1 if wrong or found["p99_ms"] > 1000 * BAR else 0)


def _worked(processes: list[psutil.Process]) -> float:
    """Seconds of a processor that these processes have used: what they need, however busy the machine is."""
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def _ask(address: str, token: str, rate: float, seconds: float) -> dict[str, object]:
    photos = [photo(seed) for seed in range(PHOTOS)]
    clients = [StationClient(address, station=STATION, token=token) for _ in range(CLIENTS)]
    count = round(rate * seconds)

    def work(own: int) -> list[tuple[float, Reply]]:
        """Asks every question whose turn it is for this client, at its time: a slow answer delays no clock."""
        found = []
        for number in range(own, count, CLIENTS):
            due = begun + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            reply = clients[own].ask(photos[number % PHOTOS], part=f"P{number}", request=f"r{number}")
            found.append((time.monotonic() - due, reply))
        return found

    begun = time.monotonic() + HEAD_START
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [one for own in pool.map(work, range(CLIENTS)) for one in own]
    took = np.array([one for one, _ in answers])
    wrong = Counter(reply.reason for _, reply in answers if reply.verdict not in ("pass", "reject"))
    return {
        "questions": count,
        "per_second": round(count / (time.monotonic() - begun), 1),
        "p50_ms": round(1000 * float(np.percentile(took, 50)), 1),
        "p99_ms": round(1000 * float(np.percentile(took, 99)), 1),
        "slowest_ms": round(1000 * float(took.max()), 1),
        "verdicts": Counter(reply.verdict for _, reply in answers),
        "wrong": dict(wrong),
    }


if __name__ == "__main__":
    main()
