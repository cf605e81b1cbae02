"""Five machines that share a PostgreSQL and a bucket, and nothing else: each may die, and nothing is lost or doubled.

Each machine is a mount namespace, so that all call their folders by the same path, and none sees those of another.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from sqlalchemy import func, select, update

from casting_core.jobs.worker import SILENT
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import job_events, jobs, shared_folders
from casting_core.records.jobs import JobLog, State
from casting_core.settings import ROOT
from tests.browser.served import free_port
from tests.core import postgresql
from tests.core.service.serving import photo
from tests.patience import PATIENCE, until

MOTO = shutil.which("moto_server", path=f"{Path(sys.prefix) / 's3' / 'bin'}{os.pathsep}{os.environ['PATH']}")
RUN = (
    "from casting_core.workflows.training.runs import start_run; from casting_core.workflows.stores import "
    "dataset_book; from casting_core.learning.recipes.recipe import Recipe; "
    "print(start_run(dataset_book().find('castings'), "
    "Recipe(epochs=4, batch_size=16, network='classic', early_stopping=0), actor='Anna').id)"
)
MISSING = "from casting_core.workflows.sharing import missing; print(missing())"
GRAPH = (
    "import hashlib; from casting_core.workflows.stores import registry; "
    "print(registry().names(), hashlib.sha256(registry().graph('v1')).hexdigest())"
)
KEEP = ("-m", "casting_core", "work", "--no-jobs")
WORK = ("-m", "casting_core", "work", "--kinds", "run")

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(shutil.which("unshare") is None, reason="without unshare machines cannot be told apart"),
    pytest.mark.skipif(MOTO is None, reason="there is no server that speaks S3: make s3"),
    pytest.mark.skipif(bool(postgresql.missing()), reason="there is no PostgreSQL here"),
]


class Bucket:
    """A server that speaks S3, and the way to it, which may be cut."""

    def __init__(self) -> None:
        self._behind, self.port = free_port(), free_port()
        command = [str(MOTO), "-H", "127.0.0.1", "-p", str(self._behind)]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._made)
        self._listens: socket.socket | None = None
        self._opened: list[socket.socket] = []
        self.back()

    def _made(self) -> bool:
        with suppress(httpx.HTTPError):
            return httpx.put(f"http://127.0.0.1:{self._behind}/castings", timeout=PATIENCE).is_success
        return False

    def keys(self) -> list[str]:
        """What lies in it."""
        told = httpx.get(f"http://127.0.0.1:{self._behind}/castings?list-type=2", timeout=PATIENCE).text
        return re.findall(r"<Key>[^<]*/([0-9a-f]{64})</Key>", told)

    def away(self) -> None:
        """Nobody reaches it any more, nor hears the end of an answer."""
        assert self._listens is not None
        for opened in [self._listens, *self._opened]:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
        self._listens.close()

    def back(self) -> None:
        """It is reached again."""
        self._listens, self._opened = socket.create_server(("127.0.0.1", self.port)), []
        threading.Thread(target=self._forward, args=(self._listens,), daemon=True).start()

    def _forward(self, listens: socket.socket) -> None:
        with suppress(OSError):
            while True:
                asking, _ = listens.accept()
                self._opened.append(asking)
                threading.Thread(target=self._connect, args=(asking,), daemon=True).start()

    def _connect(self, asking: socket.socket) -> None:
        with asking, suppress(OSError), socket.create_connection(("127.0.0.1", self._behind)) as answering:
            answers = threading.Thread(target=_copy, args=(answering, asking), daemon=True)
            answers.start()
            _copy(asking, answering)
            answers.join()

    def end(self) -> None:
        """It is gone."""
        self.away()
        self._server.kill()
        self._server.wait(PATIENCE)


def _copy(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while content := one.recv(2**16):
            other.sendall(content)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)


class Machine:
    """Folders of its own under the path that all have, and processes in them."""

    def __init__(self, root: Path, name: str, environment: dict[str, str]) -> None:
        self.name, self._root = name, root
        self._own = root / name
        for folder in (self._own, root / "at"):
            for kind in ("data", "model"):
                (folder / kind).mkdir(parents=True, exist_ok=True)
        at = {"CASTING_DATA_DIR": str(root / "at" / "data"), "CASTING_MODEL_DIR": str(root / "at" / "model")}
        self._environment = {**os.environ, **environment, **at, "CASTING_MACHINE": name}
        self.processes: dict[str, psutil.Popen] = {}

    def begin(self, what: str, *command: str) -> None:
        """Starts a process that stays."""
        with (self._own / f"{what}.log").open("ab") as log:
            self.processes[what] = psutil.Popen(
                self._inside(*command), cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def does(self, *command: str) -> str:
        """What a command says that ends by itself."""
        done = subprocess.run(
            self._inside(*command), cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def command(self, *words: str) -> Any:
        """What a command of the program says, for machines."""
        return json.loads(self.does("-m", "casting_core", *words, "--json"))

    def kill(self, what: str) -> None:
        """Ends a process as a power cut would."""
        self.processes[what].send_signal(signal.SIGKILL)
        self.processes[what].wait(PATIENCE)

    def log(self, what: str) -> str:
        return (self._own / f"{what}.log").read_text("utf-8", errors="replace")

    def _inside(self, *command: str) -> list[str]:
        binds = [f'mount --bind "{self._own / kind}" "{self._root / "at" / kind}"' for kind in ("data", "model")]
        mapped = [] if os.geteuid() == 0 else ["--map-root-user"]
        script = " && ".join([*binds, 'exec "$@"'])
        return ["unshare", *mapped, "--mount", "sh", "-c", script, "sh", sys.executable, *command]


@contextmanager
def plant(root: Path) -> Iterator[tuple[dict[str, Machine], Bucket, str]]:
    """Two dashboards, two workers and a service for stations, each on a machine of its own."""
    with ExitStack() as ends:
        url = ends.enter_context(postgresql.served()).format("postgres")
        bucket = Bucket()
        ends.callback(bucket.end)
        environment = {
            "CASTING_DATABASE_URL": url,
            "CASTING_STORE": "s3://castings/plant",
            "CASTING_WORKERS": "elsewhere",
            "CASTING_STATION_JUDGES": "1",
            "CASTING_STATION_DEADLINE_MS": "60000",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{bucket.port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }
        names = ("desk", "office", "one", "two", "line")
        machines = {name: Machine(root, name, environment) for name in names}
        connect(url)
        ends.callback(_end_all, machines, root)
        yield machines, bucket, url


def _end_all(machines: dict[str, Machine], root: Path) -> None:
    for machine in machines.values():
        for process in machine.processes.values():
            with suppress(psutil.NoSuchProcess):
                process.kill()
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("CASTING_DATA_DIR") == str(root / "at" / "data"):
                process.kill()


def test_each_machine_may_die_and_nothing_is_lost_or_doubled(sample_folder: Path, tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "photos"), "zip", sample_folder)
    with plant(tmp_path / "plant") as (machines, bucket, url):
        log = JobLog(connect(url))
        for name in ("desk", "office", "line"):
            machines[name].begin("keeper", *KEEP)
        machines["desk"].command("import", packed, "--name", "castings")
        number = int(machines["desk"].does("-c", RUN).splitlines()[-1])
        assert "no worker does such jobs" in machines["office"].does("-m", "casting_core", "jobs", "list")

        dies, other = _taken_over(machines, url, number)
        bucket.away()
        with postgresql.away(url):
            time.sleep(SILENT)
        until(lambda: log.find(number).result is not None, told=lambda: log.find(number))
        assert log.find(number).result == {"model": "v1", "stopped": False}
        until(lambda: _files(url, "model/v1"))
        told = f"model v1 is on the machine {other!r} alone, until that has written it into the store"
        assert machines["office"].does("-c", MISSING) == str([told])
        bucket.back()
        until(lambda: machines["office"].does("-c", MISSING) == "[]", told=lambda: machines[other].log("worker"))

        _released_and_asked(machines)
        machines[dies].begin("keeper", *KEEP)
        sums = {name: _graph(machines[name]) for name in ("desk", "office", "line", other)}
        assert len(set(sums.values())) == 1, sums
        until(lambda: _graph(machines[dies]) == sums["desk"])
        machines["office"].command("ledger", "verify")
        assert [(job.id, job.state) for job in log.jobs(kind="run")] == [(number, State.FINISHED)]
        until(lambda: not _files(url, f"job/{number}"))
        until(lambda: set(bucket.keys()) == _sums(url), told=lambda: (bucket.keys(), _sums(url)))


def _taken_over(machines: dict[str, Machine], url: str, number: int) -> tuple[str, str]:
    """A worker trains, and dies with its job; the other one goes on. The names of both."""
    log = JobLog(connect(url))
    for name in ("one", "two"):
        machines[name].begin("worker", *WORK)
    until(lambda: _epochs(url, number) and _stored(url, f"job/{number}"), told=lambda: log.find(number))
    first = log.find(number)
    dies, other = ("one", "two") if first.machine == "one" else ("two", "one")
    machines[dies].kill("worker")
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(first.pid or 0))
    with writing(connect(url)) as connection:  # a minute later, by the clock of the test
        connection.execute(update(jobs).where(jobs.c.machine == dies).values(heartbeat=jobs.c.heartbeat - 120))
    until(lambda: log.find(number).machine == other, told=lambda: machines[other].log("worker"))
    until(lambda: log.find(number).state is State.WORKING, told=lambda: log.find(number))
    assert log.find(number).attempt > first.attempt
    return dies, other


def _released_and_asked(machines: dict[str, Machine]) -> None:
    """Reviewed and released on one machine, asked for on another one, which gives the same answer after its death."""
    office, line, port = machines["office"], machines["line"], free_port()
    office.command("models", "status", "v1", "reviewed", "--who", "Bea", "--why", "looked at")
    office.command("models", "promote", "v1", "--yes", "--who", "Bea", "--why", "better")
    token = machines["desk"].command("stations", "add", "press-1", "--who", "Anna")["token"]
    serve = ("-m", "casting_core", "serve", "--port", str(port))
    line.begin("serve", *serve)
    ask, numbers = _asking(port, token), count(1)
    until(lambda: "'v1'" in str(ask(f"first {next(numbers)}")), told=lambda: line.log("serve"))
    answer = ask("part 7")
    assert answer
    line.kill("serve")
    for name in ("desk", "office", "line"):
        machines[name].kill("keeper")
        machines[name].begin("keeper", *KEEP)
    line.begin("serve", *serve)
    until(lambda: ask("part 7") == answer, told=lambda: line.log("serve"))


def _asking(port: int, token: str) -> Callable[[str], dict[str, Any]]:
    content = photo(5)

    def ask(request: str) -> dict[str, Any]:
        query = {"station": "press-1", "part_id": request, "request_id": request}
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"}
        with suppress(httpx.HTTPError):
            url = f"http://127.0.0.1:{port}/v1/inspections"
            told = httpx.post(url, params=query, content=content, headers=headers, timeout=PATIENCE)
            if told.status_code == 200:
                found: dict[str, Any] = told.json()
                return found
        return {}

    return ask


def _epochs(url: str, job: int) -> int:
    wanted = select(func.count()).where(job_events.c.job == job, job_events.c.kind.like("epoch%"))
    with connect(url).connect() as connection:
        return int(connection.execute(wanted).scalar() or 0)


def _stored(url: str, name: str) -> bool:
    with connect(url).connect() as connection:
        wanted = select(shared_folders.c.stored).where(shared_folders.c.name == name)
        return bool(connection.execute(wanted).scalar())


def _files(url: str, name: str) -> dict[str, Any]:
    with connect(url).connect() as connection:
        wanted = select(shared_folders.c.files).where(shared_folders.c.name == name)
        return dict(connection.execute(wanted).scalar() or {})


def _sums(url: str) -> set[str]:
    with connect(url).connect() as connection:
        folders = connection.execute(select(shared_folders.c.files)).scalars().all()
    return {sha256 for held in folders for sha256, _ in held.values()}


def _graph(machine: Machine) -> str:
    """The versions of a machine, and the sum of what it judges with; nothing as long as it is not there."""
    with suppress(AssertionError):
        return machine.does("-c", GRAPH)
    return ""
