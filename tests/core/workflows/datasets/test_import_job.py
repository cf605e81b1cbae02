"""An import as a job: what a browser sent is put down, taken in by a process, and gone once it is a dataset."""

import os
import time
import zipfile
from pathlib import Path

import pytest

from casting_core.domain import Label
from casting_core.errors import DatasetError
from casting_core.jobs import control
from casting_core.jobs.work import do
from casting_core.records.jobs import Request, State
from casting_core.settings import settings
from casting_core.workflows.datasets import removing
from casting_core.workflows.datasets.castings_job import find_castings, start_castings
from casting_core.workflows.datasets.import_job import (
    KIND,
    Form,
    Found,
    imported,
    new_upload,
    start_import,
    uploads_dir,
)
from casting_core.workflows.kinds import KINDS
from casting_core.workflows.stores import dataset_book
from tests.core.data.importing.hostile import HONEST, zipped
from tests.core.jobs.counting import over, until

BOTH = {"ok_front": Label.OK, "def_front": Label.DEFECTIVE}


@pytest.fixture
def upload() -> Path:
    """Two honest photos and a text, as a browser has sent them."""
    path = new_upload().with_suffix(".zip")
    path.parent.mkdir(parents=True)
    path.write_bytes(zipped({**HONEST, "ok_front/text.png": b"no photo"}))
    return path


def test_what_was_sent_becomes_a_dataset_and_is_gone_then(upload: Path) -> None:
    found = Found(form=Form.ZIP, path=upload, ours=True)
    job = until(over, start_import(found, name="parts", choices=BOTH, new=True, actor="Anna").id)
    assert (job.state, job.actor, job.about) == (State.FINISHED, "Anna", "parts"), job.message
    came = imported(job)
    assert (came.dataset.name, came.taken.new, came.taken.known) == ("parts", 2, 0)
    assert [path for path, _ in came.taken.refused] == ["ok_front/text.png"]
    assert list(uploads_dir().iterdir()) == []


def test_an_import_that_cannot_be_done_says_why_and_keeps_what_was_sent(tmp_path: Path) -> None:
    upload = tmp_path / "no.zip"
    upload.write_text("no archive")
    found = Found(form=Form.ZIP, path=upload, ours=True)
    job = until(over, start_import(found, name="parts", choices=BOTH, new=True).id)
    assert (job.state, job.resumable) == (State.FAILED, True)
    assert "not a zip file" in job.message
    assert upload.is_file()
    assert dataset_book().all() == []


def test_a_folder_of_a_person_becomes_a_dataset_where_it_lies(sample_folder: Path) -> None:
    found = Found(form=Form.FOLDER, path=sample_folder)
    job = until(over, start_import(found, name="in place", choices=BOTH, new=True).id)
    assert imported(job).dataset.folder == str(sample_folder)
    assert sample_folder.is_dir()


def test_what_a_killed_attempt_left_beside_the_dataset_goes_when_it_begins_anew(upload: Path) -> None:
    mark = "0badcafe"
    choices = {name: int(label) for name, label in BOTH.items()}
    inputs = {"form": Form.ZIP.value, "path": str(upload), "ours": True, "name": "parts"}
    request = Request(kind=KIND, inputs=inputs | {"choices": choices, "new": True, "mark": mark})
    number = control.queue().ask(request)[0].id
    left = settings().datasets_dir / f".importing-{mark}" / "ok_front"
    left.mkdir(parents=True)
    (left / "half.png").write_bytes(b"half")
    assert do(number, KINDS)["new"] == 2
    assert [path.name for path in settings().datasets_dir.iterdir()] == [f"parts-{mark}"]


def test_an_import_under_a_name_that_is_taken_meanwhile_fails(upload: Path, sample_folder: Path) -> None:
    first = start_import(Found(form=Form.FOLDER, path=sample_folder), name="parts", choices=BOTH, new=True)
    until(over, first.id)
    job = until(over, start_import(Found(form=Form.ZIP, path=upload), name="parts", choices=BOTH, new=True).id)
    assert job.state is State.FAILED
    assert "there is a dataset named 'parts' already" in job.message


def test_what_nobody_took_in_goes_after_a_week_and_what_an_import_waits_for_stays(upload: Path) -> None:
    fresh, needed = upload.with_name("fresh.zip"), upload.with_name("needed.zip")
    for path in (fresh, needed):
        path.write_bytes(b"PK")
    before = time.time() - control.KEPT - 3600.0
    for path in (upload, needed):
        os.utime(path, (before, before))
    control.queue().ask(Request(kind=KIND, inputs={"path": str(needed)}))
    removing.settle()
    assert sorted(path.name for path in uploads_dir().iterdir()) == ["fresh.zip", "needed.zip"]


def test_a_dataset_that_has_gone_since_its_import_is_said(upload: Path) -> None:
    job = until(over, start_import(Found(form=Form.ZIP, path=upload), name="parts", choices=BOTH, new=True).id)
    dataset_book().forget("parts")
    with pytest.raises(DatasetError, match="parts"):
        imported(job)
    assert zipfile.is_zipfile(upload), "a file of a person stays"


def test_two_who_search_for_castings_of_one_dataset_have_one_search(sample_folder: Path) -> None:
    found = Found(form=Form.FOLDER, path=sample_folder)
    dataset = imported(until(over, start_import(found, name="parts", choices=BOTH, new=True).id)).dataset
    assert find_castings(dataset) is None
    first, second = start_castings(dataset), start_castings(dataset)
    assert first.id == second.id
    ended = until(over, first.id)
    assert ended.result == {"photos": 60, "castings": 30}
    assert find_castings(dataset) == ended
