"""Work in a process of its own steps back for the pages that people wait for, and its end is heard."""

import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from casting_core.jobs import background

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows ranks processes by classes, set as they start")
SOON = 30.0  # seconds


def test_it_steps_back_prints_to_its_file_and_its_end_is_heard(tmp_path: Path) -> None:
    over, output = threading.Event(), tmp_path / "printed.log"
    output.write_text("before\n", encoding="utf-8")
    number = background.start("train", "--help", output=output, after=over.set)
    process = psutil.Process(number)
    assert process.nice() == background.NICENESS
    assert os.getsid(number) == number, "closing a terminal ends all of its session"
    assert over.wait(SOON)
    assert not psutil.pid_exists(number), "it stays as a zombie"
    printed = output.read_text(encoding="utf-8")
    assert printed.startswith("before\n"), "what an earlier process printed is kept"
    assert "Usage:" in printed


@pytest.mark.skipif(not Path("/proc/self/autogroup").is_file(), reason="this system does not rank sessions")
def test_its_session_steps_back_too(tmp_path: Path) -> None:
    seen, over = "", threading.Event()
    number = background.start("train", "--help", output=tmp_path / "printed.log", after=over.set)
    rank, until = Path(f"/proc/{number}/autogroup"), time.monotonic() + SOON
    while f"nice {background.NICENESS}" not in seen and not over.is_set() and time.monotonic() < until:
        try:
            seen = rank.read_text()
        except OSError:  # it has gone
            break
    assert f"nice {background.NICENESS}" in seen
    assert over.wait(SOON)
