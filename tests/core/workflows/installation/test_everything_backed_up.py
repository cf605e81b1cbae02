"""Everything an installation has is backed up while it works, comes back elsewhere, and nothing hostile does."""

import json
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.data.datasets.class_rule import ClassRule
from casting_core.data.imaging.images import identity
from casting_core.domain import Label, Verdict
from casting_core.errors import CastingError
from casting_core.records.chain import Head, Kind
from casting_core.records.database.access import connect
from casting_core.records.datasets import DatasetBook, NamedDataset
from casting_core.records.ledger import Ledger
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import names_of, open_dataset
from casting_core.workflows.installation import manifest, reading, snapshot
from casting_core.workflows.installation.manifest import DATABASE, NAME
from casting_core.workflows.installation.restoring import Goal, Restored, restore
from casting_core.workflows.installation.saving import Saved, back_up
from casting_core.workflows.keeping import photos
from casting_core.workflows.review import judgements, opinions
from casting_core.workflows.review.opinions import PartData
from casting_core.workflows.review.recording import Judged
from casting_core.workflows.stores import dataset_book, ledger
from tests.core.conftest import Fresh
from tests.patience import PATIENCE


@pytest.fixture
def begun(own_installation: Path) -> None:  # noqa: ARG001 - it has its folders by then
    """An installation with a row in its ledger, a kept photo, a version in production, and what nobody needs."""
    ledger().add(Kind.PROMOTION, about="v1", body={}, actor="Ana")
    kept = settings().data_dir / "photos" / "ab" / ("ab" * 32)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"the photo of a verdict")
    (settings().data_dir / "half.lock").touch()
    (settings().data_dir / ".unfinished-1").write_bytes(b"half")
    settings().model_dir.mkdir()
    (settings().model_dir / "production").write_text("v1")


@pytest.fixture
def lived_in(sample_folder: Path, tmp_path: Path, begun: None) -> NamedDataset:  # noqa: ARG001 - it is there by then
    """The same with a dataset that lies elsewhere, and a judgement of one of its photos."""
    photos = tmp_path / "photos elsewhere"
    shutil.copytree(sample_folder, photos)
    named = NamedDataset(name="castings", folder=str(photos), rule=names_of(ClassRule()))
    dataset_book().add(named)
    opened = open_dataset(photos)
    photo = str(opened.usable["photo"].iloc[0])
    judgements.judge(opened, photo, Judged.LABEL_WRONG, model="v1", score=0.7, who="Ana", note="no pit")
    return named


def saved(tmp_path: Path) -> Saved:
    return back_up(tmp_path / "all.zip", actor="Ana")


def put_back(saved: Saved, tmp_path: Path) -> Restored:
    return restore(saved.path, Goal.within(tmp_path / "new"), actor="Ana")


@contextmanager
def living_in(goal: Goal) -> Iterator[None]:
    """As a person who starts the program with the restored folders."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CASTING_DATA_DIR", str(goal.data))
        patch.setenv("CASTING_MODEL_DIR", str(goal.model))
        settings.cache_clear()
        yield
        connect(settings().database_url).dispose()
    settings.cache_clear()


def test_a_backup_taken_while_people_work_comes_back_elsewhere_and_verifies(
    lived_in: NamedDataset,  # noqa: ARG001 - there is something to back up
    tmp_path: Path,
) -> None:
    busy, begun, written, failed = threading.Event(), threading.Event(), [0], list[BaseException]()

    def work() -> None:
        try:
            while not busy.is_set():
                content = f"photo {written[0]}".encode()
                photos.keep(content, Verdict.PASS)
                ledger().add(Kind.INSPECTION, about=identity(content), body={"verdict": "pass"}, actor="Bea")
                opinions.say(
                    identity(content), Label.OK, verdict=None, model="v1", who="Bea", data=PartData(part="4711")
                )
                written[0] += 1
                begun.set()
        except BaseException as error:
            failed.append(error)

    for number in range(50):
        ledger().add(Kind.INSPECTION, about="a" * 64, body={"number": number}, actor="Ana")
    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert begun.wait(PATIENCE)
        made = saved(tmp_path)
        during = written[0]
    finally:
        busy.set()
        worker.join(PATIENCE)
    assert not failed
    found = put_back(made, tmp_path)
    with living_in(found.goal):
        assert ledger().verify(Head.of(made.head)).number == Head.of(made.head).number + 1
        back = len(ledger().rows(kinds=[Kind.OPINION]))
        assert 0 < back <= during
        told = {row.about for row in ledger().rows(kinds=[Kind.INSPECTION]) if row.actor == "Bea"}
        assert len(told) >= back
        assert all(photos.find(photo) for photo in told), "what a row tells of came along"
        assert ledger().rows(newest=1)[0].values["done"] == "restored"
    assert ledger().verify().number > Head.of(made.head).number


def test_photos_decisions_and_judgements_are_there_again_where_folders_are_others(
    lived_in: NamedDataset, tmp_path: Path
) -> None:
    before = open_dataset(lived_in.folder)
    known = judgements.judgements(before)
    made = saved(tmp_path)
    shutil.rmtree(lived_in.folder)
    found = put_back(made, tmp_path)
    assert not [one for one in found.goal.data.rglob("*") if one.suffix == ".lock" or one.name.startswith(".unfin")]
    with living_in(found.goal):
        (named,) = dataset_book().all()
        assert Path(named.folder).is_relative_to(found.goal.data)
        after = open_dataset(named.folder)
        assert sorted(after.usable["photo"]) == sorted(before.usable["photo"])
        photo = next(iter(known))
        label = dict(zip(after.usable["photo"], after.usable["label"], strict=True))[photo]
        assert label == dict(zip(before.usable["photo"], before.usable["label"], strict=True))[photo]
        (again,) = judgements.judgements(after)[photo]
        assert (again.who, again.note) == ("Ana", "no pit")
        judgements.undo(after, again, who="Bea")
        assert judgements.judgements(after) == {}
        assert (found.goal.data / "photos" / "ab" / ("ab" * 32)).read_bytes() == b"the photo of a verdict"
        assert (found.goal.model / "production").read_text() == "v1"


def test_nothing_is_ever_written_over(lived_in: NamedDataset, tmp_path: Path) -> None:
    made = saved(tmp_path)
    with pytest.raises(CastingError, match=r"there is a file .* already"):
        saved(tmp_path)
    with pytest.raises(CastingError, match="cannot lie in the data folder"):
        back_up(settings().data_dir / "all.zip", actor="Ana")
    with pytest.raises(CastingError, match=r"the data folder .* is not empty"):
        restore(made.path, Goal.here(), actor="Ana")
    assert dataset_book().find(lived_in.name) == lived_in


def rewritten(made: Saved, tmp_path: Path, change: Callable[[dict[str, bytes]], None], method: int = 0) -> Path:
    """The same backup as somebody has made it who means harm."""
    with zipfile.ZipFile(made.path) as zipped:
        parts = {info.filename: zipped.read(info) for info in zipped.infolist()}
    change(parts)
    out = tmp_path / "other.zip"
    with zipfile.ZipFile(out, "w", compression=method) as zipped:
        for name, content in parts.items():
            zipped.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return out


def altered(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith("data/photos"))
    parts[name] = b"another photo, of this size"[: len(parts[name])]


def one_more(parts: dict[str, bytes]) -> None:
    last = parts.pop(NAME)
    parts |= {"data/more": b"x", NAME: last}


def outside(parts: dict[str, bytes]) -> None:
    parts[NAME] = parts[NAME].replace(b"data/photos/ab", b"data/../../out")
    name = next(name for name in parts if name.startswith("data/photos/ab"))
    moved = {key.replace("data/photos/ab", "data/../../out"): value for key, value in parts.items()}
    assert name not in moved
    parts.clear()
    parts |= moved


def other_head(parts: dict[str, bytes]) -> None:
    told = json.loads(parts[NAME])
    told["head"] = "1:" + "0" * 64
    parts[NAME] = json.dumps(told).encode()


def no_database(parts: dict[str, bytes]) -> None:
    del parts[DATABASE]
    told = json.loads(parts[NAME])
    told["files"] = [one for one in told["files"] if one["path"] != DATABASE]
    parts[NAME] = json.dumps(told).encode()


def foreign(parts: dict[str, bytes]) -> None:
    del parts[NAME]


HOSTILE = [
    (altered, "is not as it was written"),
    (one_more, "other files than its manifest says"),
    (outside, "outside its folder"),
    (other_head, "the ledger is another one at row 1"),
    (no_database, "holds no database"),
    (foreign, "no backup of this program"),
]


@pytest.mark.parametrize(("change", "said"), HOSTILE, ids=[change.__name__ for change, _ in HOSTILE])
def test_a_backup_that_is_not_as_it_was_written_is_refused_and_nothing_comes_of_it(
    begun: None,  # noqa: ARG001 - there is something to back up
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    said: str,
) -> None:
    other = rewritten(saved(tmp_path), tmp_path, change)
    goal = Goal.within(tmp_path / "new")
    with pytest.raises(CastingError, match=said):
        restore(other, goal, actor="Ana")
    assert not goal.data.exists()
    assert not goal.model.exists()


def test_a_backup_that_would_swell_or_was_cut_off_is_refused(
    begun: None,  # noqa: ARG001 - there is something to back up
    tmp_path: Path,
) -> None:
    made = saved(tmp_path)

    def swell(parts: dict[str, bytes]) -> None:
        parts["data/zeros"] = bytes(30 * 2**20)

    bomb = rewritten(made, tmp_path, swell, zipfile.ZIP_DEFLATED)
    with pytest.raises(CastingError, match=r"swell|other files"):
        reading.check(bomb)
    os.truncate(made.path, made.path.stat().st_size // 2)
    with pytest.raises(CastingError, match="cannot be read"):
        reading.check(made.path)


@pytest.mark.parametrize(
    "path", ["../x", "data/../x", "/etc/x", "data//x", "data/C:/x", "home/x", "data", "data/\0", "elsewhere"]
)
def test_a_manifest_names_no_place_outside(path: str) -> None:
    told = {"path": path, "size": 0, "sha256": "0" * 64, "changed": 0.0}
    whole = {
        "format": "casting backup",
        "version": 1,
        "program": "",
        "made": 0.0,
        "head": "0:" + "0" * 64,
        "places": [],
        "left_out": [],
        "files": [told, told | {"path": DATABASE}],
    }
    with pytest.raises(CastingError, match="outside its folders"):
        manifest.read(json.dumps(whole).encode())


def test_the_commands_make_one_read_it_and_put_it_back(lived_in: NamedDataset, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, list(arguments))
        assert result.exit_code == 0, result.output
        return result.stdout

    told = json.loads(run("backup", str(tmp_path), "--who", "Ana", "--json"))
    assert told["left_out"] == []
    assert "The backup is whole" in run("backup", told["backup"], "--check")
    assert ledger().rows(newest=1)[0].values["manifest"] == told["mark"]
    said = run("restore", told["backup"], "--into", str(tmp_path / "new"), "--who", "Ana")
    assert f"Head: {told['head']}" in said
    assert "CASTING_DATA_DIR=" in said
    again = CliRunner().invoke(main, ["restore", told["backup"], "--into", str(tmp_path / "new")])
    assert again.exit_code == 2
    assert "is not empty" in again.stderr
    shutil.rmtree(lived_in.folder)
    assert "is not there" in run("backup", str(tmp_path / "later.zip"), "--who", "Ana")


def test_a_database_of_either_kind_becomes_one_file_and_comes_back(
    url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = connect(url)
    for number in range(3):
        Ledger(source).add(Kind.PROMOTION, about=f"v{number}", body={}, actor="Ana")
    head = snapshot.take(url, tmp_path / "copy.sqlite", at_that_moment=lambda: Ledger(source).head())
    Ledger(source).add(Kind.PROMOTION, about="later", body={}, actor="Ana")
    new = f"sqlite:///{(tmp_path / 'new.sqlite').as_posix()}"
    if not url.startswith("sqlite"):
        new = request.getfixturevalue("new_in_postgresql")()
    snapshot.fill(new, tmp_path / "copy.sqlite")
    assert Ledger(connect(new)).verify() == head
    with pytest.raises(CastingError, match="not empty"):
        snapshot.fill(new, tmp_path / "copy.sqlite")
    connect(new).dispose()
    source.dispose()


def test_an_installation_on_postgresql_comes_back_on_either_kind_of_database(
    new_in_postgresql: Fresh,
    sample_dataset: NamedDataset,
    own_installation: Path,  # noqa: ARG001 - it has its folders by then
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CASTING_DATABASE_URL", new_in_postgresql())
    settings.cache_clear()
    dataset_book().add(sample_dataset)
    dataset_book().add(replace(sample_dataset, name="another"))
    assert dataset_book().remove("another") == 1
    ledger().add(Kind.PROMOTION, about="v1", body={}, actor="Ana")
    made = saved(tmp_path)
    assert "searches" in made.left_out[0]
    here = put_back(made, tmp_path)
    there = restore(made.path, Goal(data=tmp_path / "d", model=tmp_path / "m", url=new_in_postgresql()), actor="Ana")
    for goal in (here.goal, there.goal):
        engine = connect(goal.url)
        assert Ledger(engine).verify(Head.of(made.head)).number == 2
        (named,) = DatasetBook(engine).all()
        assert Path(named.folder).is_relative_to(goal.data)
        DatasetBook(engine).add(replace(named, name="another"))
        assert DatasetBook(engine).remove("another") == 2, "numbers go on behind those that came along"
        engine.dispose()
    connect(settings().database_url).dispose()
