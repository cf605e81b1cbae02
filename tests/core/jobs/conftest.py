"""What the tests of jobs share: their rows, the processes that do them, and that none of these stays behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casting_core.jobs import control, process
from casting_core.records.jobs import JobLog
from casting_core.settings import settings
from tests.core.jobs.counting import counter


@pytest.fixture
def log() -> JobLog:
    """The rows of jobs in this test's own installation."""
    return control.log()


@pytest.fixture
def counters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of jobs know the kinds of ``counting``."""
    monkeypatch.setattr("sys.executable", str(counter(tmp_path)))


@pytest.fixture(autouse=True)
def nobody_stays_behind() -> Iterator[None]:
    """What a test that fails leaves running must not disturb the next one."""
    yield
    if settings().data_dir.is_dir():
        for job in control.log().jobs():
            process.kill(job)
