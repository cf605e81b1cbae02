"""Many photos judged at once: each once, whatever becomes of the process; bad files apart; nothing altered unseen."""

import csv
import io
import json
import os
import random
import re
import signal
import zipfile
from contextlib import nullcontext
from pathlib import Path
from shutil import copy
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from casting_core.data.imaging.images import identity
from casting_core.data.imaging.part import FoundPart
from casting_core.domain import OperatingPoint, Verdict
from casting_core.errors import CastingError, DatasetError, JobError, LedgerError, StoppedError
from casting_core.jobs import control
from casting_core.jobs.kinds import Inputs
from casting_core.jobs.pulse import Pulse
from casting_core.records.chain import Kind
from casting_core.records.jobs import State
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging import inspect
from casting_core.workflows.judging.batch import batch_job, export, kept, looking
from casting_core.workflows.judging.batch.batch_job import Asked
from casting_core.workflows.judging.batch.looking import Order
from casting_core.workflows.judging.batch.results import Judged
from casting_core.workflows.judging.inspect import Finding, judge
from casting_core.workflows.judging.model import Model, load_model
from casting_core.workflows.keeping import photos
from tests.core.data.encoded import encoded, png_header
from tests.core.data.importing import hostile
from tests.core.jobs.counting import until

RUN_BY = "=HYPERLINK(1).jpeg"


@pytest.fixture
def folder(tmp_path: Path, sample_folder: Path) -> Path:
    """Eight photos of drawn castings, and three files that are none."""
    for number, photo in enumerate(sorted((sample_folder / "test").rglob("*.jpeg"))[:8]):
        copy(photo, tmp_path / f"{number}.jpeg")
    (tmp_path / RUN_BY).write_bytes(b"Dear foundry")
    (tmp_path / "half.jpeg").write_bytes((tmp_path / "0.jpeg").read_bytes()[:5000])
    (tmp_path / "IMG_4.HEIC").write_bytes(b"\0\0\0\x18ftypheic" + bytes(90))
    return tmp_path


def asked(folder: Path, **changed: Any) -> Asked:
    """The photos of a folder, to be judged by the starter version for Ana."""
    usual: dict[str, Any] = {"found": Found(form=Form.FOLDER, path=folder), "name": folder.name}
    return Asked(**usual | {"model": "starter", "actor": "Ana"} | changed)


def judged_here(wanted: Asked) -> str:
    """Does a batch in this process; its mark."""
    job = batch_job.judge_here(wanted)
    assert job.state is State.FINISHED
    return batch_job.mark_of(job)


def lines_of(mark: str) -> Path:
    return kept.folder_of(mark) / kept.RESULTS


def taken_up_again(mark: str) -> None:
    """What the process of a batch does that was killed and is resumed."""
    job = batch_job.job_of(mark)
    assert job is not None
    inputs = Inputs(values=job.inputs, job=job.id, attempt=2, actor=job.actor, folder=Path(), pulse=cast("Pulse", None))
    batch_job.judge_batch(inputs, lambda _event: None, lambda: False)


def test_a_batch_says_of_each_photo_what_inspection_says_and_of_each_bad_file_why(folder: Path) -> None:
    mark, model = judged_here(asked(folder)), load_model("starter")
    judged = kept.results_of(mark)
    assert [one.number for one in judged] == list(range(11))
    for one in judged:
        alone = judge((folder / one.path).read_bytes(), model)
        assert one.verdict is alone.verdict
        assert (one.score is None) == (alone.score is None)
        if one.score is not None and alone.score is not None:
            assert abs(one.score - alone.score) < 1e-5
    bad = {one.path: one.reason for one in looking.without_verdict(judged)}
    assert set(bad) == {RUN_BY, "half.jpeg", "IMG_4.HEIC"}
    assert "not a photo" in bad[RUN_BY]
    assert "cut off" in bad["half.jpeg"]
    assert "the format of iPhones" in bad["IMG_4.HEIC"]


def test_a_batch_is_one_row_with_counts_version_threshold_actor_and_the_root_of_its_results(folder: Path) -> None:
    mark = judged_here(asked(folder, point=OperatingPoint(threshold=0.0)))
    (row,) = stores.ledger().rows()
    assert (row.kind, row.about, row.actor) == (Kind.BATCH, mark, "Ana")
    assert row.values["counts"] == {"pass": 0, "reject": 8, "inspect": 0, "unread": 3}
    assert (row.values["model"], row.values["threshold"], row.values["photos"]) == ("starter", 0.0, 11)
    assert kept.verify(mark).root == row.values["root"]
    assert stores.ledger().verify().number == 1


def test_a_result_that_was_altered_taken_out_or_put_in_is_found(folder: Path) -> None:
    mark = judged_here(asked(folder))
    place = lines_of(mark)
    whole = place.read_bytes().splitlines(keepends=True)
    told = json.loads(whole[3])
    other = {"pass": "reject", "reject": "pass"}[told["verdict"]]
    altered = json.dumps(told | {"verdict": other}).encode() + b"\n"
    forged = {
        "a verdict that its score does not give": [*whole[:3], altered, *whole[4:]],
        "was altered": [*whole[:3], json.dumps(told | {"path": "another.jpeg"}).encode() + b"\n", *whole[4:]],
        "photo 3 is missing": [*whole[:3], *whole[4:]],
        "10 photos, and 11 were judged": whole[:-1],
        "missing, or there twice": [*whole, whole[3]],
        "line 3 of the results": [*whole[:2], b"nonsense\n", *whole[3:]],
    }
    for said, lines in forged.items():
        place.write_bytes(b"".join(lines))
        with pytest.raises(LedgerError, match=said):
            kept.verify(mark)
    place.write_bytes(b"".join(whole))
    kept.verify(mark)


@pytest.mark.parametrize("mark", ["", "../../../etc", "0" * 12, "\x1b[2J"])
def test_a_batch_that_is_not_there_is_a_sentence(mark: str) -> None:
    with pytest.raises(JobError, match="batch"):
        kept.verify(mark)
    with pytest.raises(JobError, match="there is no batch"):
        kept.find(mark)


def test_wherever_the_results_are_cut_off_the_others_stay_and_each_photo_is_judged_once(folder: Path) -> None:
    mark = judged_here(asked(folder))
    whole, place = lines_of(mark).read_bytes(), lines_of(mark)
    rng = random.Random(4)
    for cut in (0, 1, whole.index(b"\n") + 1, *(rng.randrange(len(whole)) for _ in range(4)), len(whole) - 1):
        place.write_bytes(whole[:cut])
        taken_up_again(mark)
        assert [one.number for one in kept.results_of(mark)] == list(range(11))
        assert place.read_bytes()[:cut].startswith(whole[:cut].rpartition(b"\n")[0])
    place.write_bytes(whole[:300] + bytes(700))  # as a machine leaves a file that lost its power
    taken_up_again(mark)
    assert kept.verify(mark).photos == 11
    assert len(stores.ledger().rows()) == 1, "it is recorded once"


@pytest.mark.skipif(os.name != "posix", reason="only POSIX knows kill -9")
def test_killed_in_the_middle_and_resumed_each_photo_is_judged_and_recorded_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for number in range(1500):  # too small for a verdict, so that they are looked at quickly
        levels = rng.integers(0, 255, (40, 40), dtype=np.uint8)
        (tmp_path / f"{number:04}.bmp").write_bytes(encoded(Image.fromarray(levels), "BMP"))
    job = batch_job.start_batch(asked(tmp_path))
    mark = batch_job.mark_of(job)
    at = random.Random(9).randrange(50, 900)
    found = until(lambda now: now.state.over or len(_written(mark)) >= at, job.id)
    assert found.state is State.WORKING, found
    assert found.pid is not None
    os.kill(found.pid, signal.SIGKILL)
    lost = until(lambda now: now.state.over, job.id)
    assert lost.state is State.LOST
    before = _written(mark)
    assert at <= len(before) < 1500
    assert stores.ledger().rows() == []
    control.resume(job.id)
    assert until(lambda now: now.state.over, job.id).state is State.FINISHED
    assert [one.number for one in kept.results_of(mark)] == list(range(1500))
    assert _written(mark)[: len(before)] == before
    assert kept.verify(mark).counts["unread"] == 1500
    assert len(stores.ledger().rows()) == 1


def _written(mark: str) -> list[bytes]:
    """The whole lines so far."""
    place = lines_of(mark)
    return place.read_bytes().split(b"\n")[:-1] if place.exists() else []


def test_a_batch_that_a_person_stops_keeps_what_was_judged(folder: Path) -> None:
    wanted = asked(folder)
    mark = kept.new_mark()
    job = control.ask_here(asked(folder, mark=mark).request())
    inputs = Inputs(values=job.inputs, job=job.id, attempt=1, actor="Ana", folder=Path(), pulse=cast("Pulse", None))
    with pytest.raises(StoppedError, match="it can be resumed"):
        batch_job.judge_batch(inputs, lambda _event: None, lambda: True)
    first = kept.results_of(mark)
    assert 0 < len(first) < 11
    assert wanted.actor == "Ana"
    (folder / "new.jpeg").write_bytes((folder / "0.jpeg").read_bytes())  # came after the batch was begun
    taken_up_again(mark)
    assert [one.path for one in kept.results_of(mark)][: len(first)] == [one.path for one in first]
    assert kept.verify(mark).photos == 11


def test_a_version_that_became_another_one_does_not_end_a_batch_of_the_first(folder: Path) -> None:
    mark = judged_here(asked(folder))
    about = kept.folder_of(mark) / kept.ABOUT
    about.write_text(json.dumps(json.loads(about.read_text()) | {"graph": "f" * 64}))
    with pytest.raises(LedgerError, match="another one than when this batch was begun"):
        taken_up_again(mark)


def test_a_zip_file_is_judged_without_being_unpacked_and_damaged_files_in_it_have_reasons(folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"line 1/{path.name}")
        archive.writestr("__MACOSX/line 1/._0.jpeg", b"x")
        archive.writestr("line 1/notes.txt", b"x")
    mark, found = batch_job.put_down_zip(packed.getvalue())
    judged_here(asked(folder, found=found, mark=mark))
    assert sorted(path.name for path in kept.folder_of(mark).iterdir()) == [
        kept.ABOUT, kept.ITEMS, kept.ZIPPED, kept.RESULTS,
    ]  # fmt: skip
    assert kept.verify(mark).counts["unread"] == 3
    job = batch_job.job_of(mark)
    assert job is not None
    assert job.result is not None
    assert any("hidden, or left behind by a computer" in note for note in job.result["notes"])
    batch, judged = kept.find(mark), kept.results_of(mark)
    assert kept.kept_bytes(batch) == len(packed.getvalue())
    shown = looking.photos(batch, judged[:2])
    assert [photo.content for photo in shown] == [(folder / Path(one.path).name).read_bytes() for one in judged[:2]]
    kept.forget_photos(batch)
    assert kept.kept_bytes(batch) == 0
    assert looking.photos(batch, judged[:1])[0].content, "it is kept with its verdict"
    photos.remove(judged[0].sha256)
    assert "cannot be opened" in looking.photos(batch, judged[:1])[0].reason
    assert kept.verify(mark).photos == 11, "the verdicts stay"


@pytest.mark.parametrize("what", [*hostile.REFUSED])
def test_a_zip_file_that_means_harm_is_refused_and_nothing_is_left(what: str, tmp_path: Path) -> None:
    content = hostile.REFUSED[what][0]()
    before = sorted(tmp_path.rglob("*"))
    try:
        mark, found = batch_job.put_down_zip(content)
    except DatasetError:
        assert not kept.batches_dir().exists()
        return
    # An import refuses it for its classes; a batch has none to ask for, so its photos are judged, each with a reason.
    with pytest.raises(CastingError, match="no photos") if "photo" not in _kinds(content) else nullcontext():
        batch_job.judge_here(asked(tmp_path, found=found, mark=mark))
    assert sorted(tmp_path.rglob("*")) == before


def _kinds(content: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {"photo" for name in archive.namelist() if name.endswith(".png")}


@pytest.mark.parametrize("what", [*hostile.DAMAGED])
def test_a_damaged_file_in_a_zip_file_has_a_reason_and_the_others_go_on(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASTING_MAX_PHOTO_BYTES", str(2**20))
    settings.cache_clear()
    make, why = hostile.DAMAGED[what]
    mark, found = batch_job.put_down_zip(make())
    judged_here(asked(tmp_path, found=found, mark=mark))
    reasons = [one.reason for one in kept.results_of(mark)]
    assert len(reasons) == 3
    (bad,) = (reason for reason in reasons if not reason.startswith("Retake: "))
    assert re.search(why, bad)


def test_dropped_files_with_hostile_names_are_judged_and_named_as_text(folder: Path) -> None:
    photo = (folder / "0.jpeg").read_bytes()
    names = [
        "../../evil.jpeg",
        "C:\\x.jpeg",
        "a\0b.jpeg",
        f"{'x' * 300}.jpeg",
        "\u202egpj.jpeg",
        "![x](http://e.org).jpeg",
    ]
    mark, found = batch_job.put_down_files([(name, lambda: photo) for name in names])
    judged_here(asked(folder, found=found, mark=mark))
    judged = kept.results_of(mark)
    assert len(judged) == len(names)
    assert len({one.sha256 for one in judged}) == 1
    assert not any(".." in one.path.split("/") for one in judged)


def test_a_file_that_cannot_be_read_in_whatever_way_stops_no_batch(folder: Path) -> None:
    (folder / "folder.jpeg").mkdir()
    (folder / "bomb.png").write_bytes(png_header(60_000, 60_000))
    (folder / "empty.png").write_bytes(b"")
    (folder / "gone.jpeg").symlink_to(folder / "nowhere")
    if os.name == "posix":
        os.mkfifo(folder / "pipe.jpeg")
        os.link(folder / "0.jpeg", os.fsencode(folder) + b"/\xff.jpeg")
    mark = judged_here(asked(folder))
    bad = {one.path: one.reason for one in looking.without_verdict(kept.results_of(mark))}
    assert "pixels" in bad["bomb.png"]
    assert bad["empty.png"] == "the file is empty"
    assert "leads nowhere" in bad["gone.jpeg"]
    if os.name == "posix":
        assert "a pipe" in bad["pipe.jpeg"]
        assert bad["?.jpeg"].startswith("its name is not written in Unicode")
    assert kept.verify(mark).counts["unread"] == len(bad)


def test_a_photo_on_which_the_program_itself_fails_gets_no_verdict_and_the_others_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails, look = identity((folder / "3.jpeg").read_bytes()), inspect._looked

    def failing(content: bytes, model: Model) -> tuple[Finding, FoundPart | None]:
        if identity(content) == fails:
            raise ZeroDivisionError("in the gate")
        return look(content, model)

    monkeypatch.setattr(inspect, "_looked", failing)
    mark = judged_here(asked(folder))
    bad = {one.path: one.reason for one in looking.without_verdict(kept.results_of(mark))}
    assert "ZeroDivisionError: in the gate" in bad["3.jpeg"]
    assert len(bad) == 4


def test_a_folder_without_photos_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(DatasetError, match="no photos in it; 1 file is no photo by its name"):
        batch_job.judge_here(asked(tmp_path))
    with pytest.raises(DatasetError, match="there is no folder"):
        batch_job.judge_here(asked(tmp_path / "nowhere"))


def test_the_table_runs_in_no_spreadsheet(folder: Path) -> None:
    mark = judged_here(asked(folder))
    rows = list(csv.DictReader(io.StringIO(export.as_csv(kept.find(mark), kept.results_of(mark)))))
    assert len(rows) == 11
    assert [row["path"] for row in rows if "HYPERLINK" in row["path"]] == [f"'{RUN_BY}"]
    assert {row["model"] for row in rows} == {"starter"}


def test_rejects_come_first_the_surest_of_them_on_top_and_filters_hold() -> None:
    def one(number: int, verdict: Verdict | None, score: float | None, path: str = "") -> Judged:
        names = dict.fromkeys(("sha256", "reason", "kind", "note"), "")
        return Judged(number=number, path=path or f"{number}.png", score=score, verdict=verdict, light=None, **names)

    judged = [
        one(0, Verdict.PASS, 0.2), one(1, Verdict.REJECT, 0.6), one(2, None, None),
        one(3, Verdict.INSPECT, None), one(4, Verdict.REJECT, 0.9, "A Part.png"),
    ]  # fmt: skip
    shown = looking.arranged(judged, verdicts=(), wanted="", order=Order.WORST)
    assert [found.number for found in shown] == [4, 1, 3, 0]
    assert [found.number for found in looking.arranged(judged, verdicts=(), wanted="", order=Order.JUDGED)] == [
        0,
        1,
        3,
        4,
    ]
    rejects = looking.arranged(judged, verdicts=[Verdict.REJECT], wanted="a PART", order=Order.NAME)
    assert [found.number for found in rejects] == [4]


def test_a_photo_that_was_changed_after_it_was_judged_is_not_shown_as_the_one_that_was(folder: Path) -> None:
    mark = judged_here(asked(folder))
    batch, judged = kept.find(mark), kept.results_of(mark)
    before = (folder / judged[0].path).read_bytes()
    (folder / judged[0].path).write_bytes((folder / judged[1].path).read_bytes())
    assert looking.photos(batch, judged[:1])[0].content == before, "the one that was kept with the verdict"
    photos.remove(judged[0].sha256)
    changed, same = looking.photos(batch, judged[:2])
    assert changed.reason == looking.CHANGED
    assert same.content
