"""The real dashboard, served to a test: its own process, its own folders, its own port."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from tests.patience import PATIENCE, POLL

ROOT = Path(__file__).resolve().parents[2]
LEAN = {"CASTING_STAND_BY": "0"}  # no TensorFlow is loaded for a training that will never be asked for
END_LIMIT = 30  # seconds a process has to end before it is killed


class Server:
    """A dashboard with folders of its own below ``folder``; ``stop`` and ``start`` again keep folders and address.

    Runs that the dashboard started go on while it is stopped, as they do for a user; ``close`` ends them too.
    ``options`` are added to the command, ``environment`` to what the process finds set; ``path`` comes before that of
    every page, as behind a proxy that serves other things, too.
    """

    def __init__(
        self,
        folder: Path,
        *,
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        path: str = "",
    ) -> None:
        self.data_dir = folder / "data"
        self.model_dir = folder / "model"
        self._log = folder / "server.log"
        self.port = free_port()
        self._path = path
        self._options = (*options, "--server.baseUrlPath", path) if path else options
        self._added = environment or {}
        self._process: psutil.Popen | None = None
        self._left: list[psutil.Process] = []  # what stopped servers left running
        for made in (self.data_dir, self.model_dir):
            made.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """The address of the first page, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}/{self._path}".rstrip("/")

    def log(self) -> str:
        """Everything the server has said so far."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def memory(self) -> int:
        """Bytes of memory that the serving process holds; 0 where it is stopped."""
        return int(self._process.memory_info().rss) if self._process else 0

    def processor(self) -> float:
        """Seconds of all cores that the serving process has used so far; 0 where it is stopped."""
        times = self._process.cpu_times() if self._process else None
        return float(times.user + times.system) if times else 0.0

    def start(self) -> None:
        """Start serving; returns when the server answers, raises ``RuntimeError`` with its log when it does not."""
        self.launch()
        self.wait(self._answers)

    def launch(self) -> None:
        """Begin to start; the server answers sometime later."""
        command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
        options = ["--server.port", str(self.port), "--server.headless", "true", *self._options]
        with self._log.open("ab") as log:
            self._process = psutil.Popen(
                [*command, *options],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self, answers: Callable[[], bool]) -> None:
        """Returns when the server answers; raises ``RuntimeError`` with its log when it ends or never does."""
        give_up = time.monotonic() + PATIENCE
        while not answers():
            if self._process is None or self._process.poll() is not None or time.monotonic() > give_up:
                self.close()
                raise RuntimeError(f"the dashboard did not start; it said:\n{self.log()}")
            time.sleep(POLL)

    def stop(self) -> None:
        """End the server alone, as a restart of the machine's service would; its runs are left alone."""
        if self._process is None:
            return
        self._left += _below(self._process)
        _end([self._process])
        self._process = None

    def pause(self) -> None:
        """Let the server stand still, as a machine does that is much too busy; ``go_on`` lets it work again."""
        assert self._process is not None
        self._process.suspend()

    def go_on(self) -> None:
        """The way back."""
        assert self._process is not None
        self._process.resume()

    def close(self) -> None:
        """End the server and everything it started."""
        self.stop()
        _end([*self._left, *(started for run in self._left for started in _below(run))])
        self._left = []

    def _environment(self) -> dict[str, str]:
        """The environment without what a developer may have set for a dashboard of their own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASTING_", "STREAMLIT_"))}
        folders = {"CASTING_DATA_DIR": str(self.data_dir), "CASTING_MODEL_DIR": str(self.model_dir)}
        return {**kept, **folders, **self._added}

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=PATIENCE) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def free_port() -> int:
    """A port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _end(processes: list[psutil.Process]) -> None:
    """End these processes, politely first; psutil knows a reused process number from ours."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(processes, timeout=END_LIMIT)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=END_LIMIT)
