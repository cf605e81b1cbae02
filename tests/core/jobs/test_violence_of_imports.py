"""Whatever is done to an import, or to the server that asked for it, each photo comes in once, into one dataset."""

import io
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
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
from tests.core.jobs.dying import dying

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
sys.executable = sys.argv[2]
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


def killed(job: int) -> None:
    """Waits until its process has been killed; the job is lost at once."""
    found = until(over, job)
    assert found.state is State.LOST, found


def check_all_is_there(name: str = "parts") -> None:
    """Every photo once, in exactly one dataset, and nothing beside it."""
    (dataset,) = dataset_book().all()
    opened = open_dataset(dataset.folder, rule=rule_of(dataset.rule))
    assert (dataset.name, len(opened.photos), opened.usable["photo"].nunique()) == (name, PHOTOS, PHOTOS)
    assert list(settings().datasets_dir.iterdir()) == [Path(dataset.folder)]
    assert list(uploads_dir().iterdir()) == []


Die = Callable[..., Path]


@pytest.fixture
def die(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Die:
    """Lets the processes of an import die at these shares of their work, one for each attempt."""

    def at(*shares: float) -> Path:
        script = dying(tmp_path, shares)
        monkeypatch.setattr("sys.executable", str(script))
        return script

    return at


def test_an_import_that_is_killed_ten_times_brings_each_photo_once(upload: Path, die: Die) -> None:
    chance = random.Random(os.environ.get("CASTING_CHANCE", "7"))
    die(0.0, *(chance.uniform(0, 0.8) for _ in range(KILLS - 1)))
    job = start_import(Found(form=Form.ZIP, path=upload, ours=True), name="parts", choices=BOTH, new=True).id
    for _ in range(KILLS):
        killed(job)
        assert upload.is_file(), "it is needed to begin anew"
        control.resume(job)
    ended = until(over, job)
    assert (ended.state, ended.attempt) == (State.FINISHED, KILLS + 1), ended.message
    assert imported(ended).taken.new + imported(ended).taken.known == PHOTOS
    check_all_is_there()


def test_more_photos_for_a_dataset_come_once_though_their_import_is_killed(
    upload: Path, photos: bytes, die: Die
) -> None:
    few = upload.with_name("few.zip")
    with zipfile.ZipFile(io.BytesIO(photos)) as source, zipfile.ZipFile(few, "w") as archive:
        for name in source.namelist()[:10]:
            archive.writestr(name, source.read(name))
    first = start_import(Found(form=Form.ZIP, path=few, ours=True), name="parts", choices=BOTH, new=True)
    assert until(over, first.id).state is State.FINISHED
    die(0.0, 0.3, 0.5)
    job = start_import(Found(form=Form.ZIP, path=upload, ours=True), name="parts", choices=BOTH, new=False).id
    for _ in range(3):
        killed(job)
        control.resume(job)
    assert until(over, job).state is State.FINISHED
    check_all_is_there()


def test_an_import_outlives_the_server_and_begins_anew_if_it_dies_with_it(upload: Path, die: Die) -> None:
    command = [sys.executable, "-c", SERVER, str(upload)]
    command.append(str(die(0.2)))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "asked\n"
        server.kill()
    killed(1)
    control.resume(1)
    assert until(over, 1).state is State.FINISHED
    check_all_is_there()


def test_a_clock_put_back_an_hour_leaves_no_dead_import_working(
    upload: Path, die: Die, monkeypatch: pytest.MonkeyPatch
) -> None:
    die(0.1)
    job = start_import(Found(form=Form.ZIP, path=upload, ours=True), name="parts", choices=BOTH, new=True).id
    until(lambda now: now.state is not State.WAITING, job)
    back = JobLog(connect(settings().database_url), clock=lambda: time.time() - 3600.0)
    with monkeypatch.context() as patch:
        patch.setattr(control, "log", lambda: back)
        killed(job)
        assert control.going_on() == []
        control.resume(job)
    assert until(over, job).state is State.FINISHED
    check_all_is_there()
