"""Whatever is done to an import, or to the server that asked for it, each photo comes in once, into one dataset."""

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from casting_core.domain import Label
from casting_core.jobs import control
from casting_core.records.database.access import connect
from casting_core.records.jobs import JobLog, State
from casting_core.settings import ROOT, settings
from casting_core.workflows.datasets.import_job import Form, Found, imported, new_upload, start_import, uploads_dir
from casting_core.workflows.datasets.opening import open_dataset, rule_of
from casting_core.workflows.stores import dataset_book
from tests.core.jobs.counting import KILLS, over, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(os.name != "posix", reason="only POSIX knows these ways to die"),
]

PHOTOS = 600
BOTH = {"ok": Label.OK, "def": Label.DEFECTIVE}
SERVER = """
import sys, time
from pathlib import Path
from casting_core.domain import Label
from casting_core.workflows.datasets.import_job import Form, Found, start_import
found = Found(form=Form.ZIP, path=Path(sys.argv[1]), ours=True)
start_import(found, name="parts", choices={"ok": Label.OK, "def": Label.DEFECTIVE}, new=True)
print("asked", flush=True)
time.sleep(1000)
"""


@pytest.fixture(scope="module")
def photos() -> bytes:
    """A zip file with as many different photos as keep a process busy for a while."""
    rng, buffer = np.random.default_rng(1), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(PHOTOS):
            one = io.BytesIO()
            Image.fromarray(rng.integers(0, 255, (300, 300), dtype=np.uint8)).save(one, "PNG", compress_level=0)
            archive.writestr(f"{'ok' if number % 2 else 'def'}/{number}.png", one.getvalue())
    return buffer.getvalue()


@pytest.fixture
def upload(photos: bytes) -> Path:
    """The same, as a browser has sent it."""
    path = new_upload().with_suffix(".zip")
    path.parent.mkdir(parents=True)
    path.write_bytes(photos)
    return path


def killed(job: int, *, after: float) -> None:
    """Kills its process once it is so far; the job is lost at once."""
    found = until(lambda now: now.state.over or (now.state is State.WORKING and now.share >= after), job)
    assert found.state is State.WORKING, found
    assert found.pid is not None
    os.kill(found.pid, signal.SIGKILL)
    assert until(over, job).state is State.LOST


def check_all_is_there(name: str = "parts") -> None:
    """Every photo once, in exactly one dataset, and nothing beside it."""
    (dataset,) = dataset_book().all()
    opened = open_dataset(dataset.folder, rule=rule_of(dataset.rule))
    assert (dataset.name, len(opened.photos), opened.usable["photo"].nunique()) == (name, PHOTOS, PHOTOS)
    assert list(settings().datasets_dir.iterdir()) == [Path(dataset.folder)]
    assert list(uploads_dir().iterdir()) == []


def test_an_import_that_is_killed_ten_times_brings_each_photo_once(upload: Path) -> None:
    chance = random.Random(os.environ.get("CASTING_CHANCE", "7"))
    job = start_import(Found(form=Form.ZIP, path=upload, ours=True), name="parts", choices=BOTH, new=True).id
    for number in range(KILLS):
        killed(job, after=chance.uniform(0, 0.5) if number else 0.0)
        assert upload.is_file(), "it is needed to begin anew"
        control.resume(job)
    ended = until(over, job)
    assert (ended.state, ended.attempt) == (State.FINISHED, KILLS + 1), ended.message
    assert imported(ended).taken.new + imported(ended).taken.known == PHOTOS
    check_all_is_there()


def test_more_photos_for_a_dataset_come_once_though_their_import_is_killed(upload: Path, photos: bytes) -> None:
    few = upload.with_name("few.zip")
    with zipfile.ZipFile(io.BytesIO(photos)) as source, zipfile.ZipFile(few, "w") as archive:
        for name in source.namelist()[:10]:
            archive.writestr(name, source.read(name))
    first = start_import(Found(form=Form.ZIP, path=few, ours=True), name="parts", choices=BOTH, new=True)
    assert until(over, first.id).state is State.FINISHED
    job = start_import(Found(form=Form.ZIP, path=upload, ours=True), name="parts", choices=BOTH, new=False).id
    for after in (0.0, 0.3, 0.5):
        killed(job, after=after)
        control.resume(job)
    assert until(over, job).state is State.FINISHED
    check_all_is_there()


def test_an_import_outlives_the_server_and_begins_anew_if_it_dies_with_it(upload: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(upload)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "asked\n"
        server.kill()
    killed(1, after=0.2)
    control.resume(1)
    assert until(over, 1).state is State.FINISHED
    check_all_is_there()


def test_a_clock_put_back_an_hour_leaves_no_dead_import_working(upload: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = start_import(Found(form=Form.ZIP, path=upload, ours=True), name="parts", choices=BOTH, new=True).id
    until(lambda now: now.state is State.WORKING, job)
    pid = control.find(job).pid
    assert pid is not None
    back = JobLog(connect(settings().database_url), clock=lambda: time.time() - 3600.0)
    monkeypatch.setattr(control, "log", lambda: back)
    os.kill(pid, signal.SIGKILL)
    assert until(over, job).state is State.LOST
    assert control.going_on() == []
    control.resume(job)
    monkeypatch.undo()
    assert until(over, job).state is State.FINISHED
