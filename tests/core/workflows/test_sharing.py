"""Two machines with folders of their own, one PostgreSQL and one store: in the end both have all versions."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from casting_core import files
from casting_core.errors import CastingError
from casting_core.jobs import control, process
from casting_core.records.chain import Kind
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import shared_folders
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Request, State, dataset_in
from casting_core.records.shared import SharedBook
from casting_core.records.version_folder import read_in
from casting_core.settings import settings
from casting_core.workflows import sharing
from casting_core.workflows.recipes import check_card
from casting_core.workflows.stores import dataset_book, ledger, registry, shared_book
from tests.patience import PATIENCE

pytest.importorskip("fsspec", reason="requirements-scale.lock brings what a store needs")
Enter = Callable[..., None]


@pytest.fixture
def enter(new_in_postgresql: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """Goes to one of the machines, which share the database and the store."""
    url = new_in_postgresql()

    def go(machine: str, *, store: str = "") -> None:
        monkeypatch.setenv("CASTING_DATABASE_URL", url)
        monkeypatch.setenv("CASTING_STORE", store or str(tmp_path / "store"))
        monkeypatch.setenv("CASTING_MACHINE", machine)
        monkeypatch.setenv("CASTING_DATA_DIR", str(tmp_path / machine / "data"))
        monkeypatch.setenv("CASTING_MODEL_DIR", str(tmp_path / machine / "model"))
        settings.cache_clear()

    return go


def made(trained_once: Path, name: str = "") -> str:
    """Another version on this machine."""
    store = registry()
    with store.workshop() as folder:
        shutil.copytree(trained_once / "v1", folder, dirs_exist_ok=True)
        return store.register(folder, read_in(folder, check_card), name=name).name


def test_versions_come_to_every_machine_each_under_a_name_of_its_own(enter: Enter, trained_once: Path) -> None:
    enter("one")
    one = sharing.Keeper()
    assert made(trained_once) == "v1"
    assert one.look() == ""
    whole = registry().graph("v1")
    enter("two")
    two = sharing.Keeper()
    assert made(trained_once) == "v2", "the other one's name is taken, though nothing of it is here"
    assert sharing.missing() == ["model v1 is in the store and is being brought to this machine"]
    assert two.look() == ""
    assert registry().names() == ["v2", "v1", "starter"]
    assert registry().graph("v1") == whole
    assert sharing.missing() == []
    ledger().add(Kind.PROMOTION, about="v2", body={"before": "starter"}, actor="Anna")
    enter("one")
    assert one.look() == ""
    assert (registry().production(), registry().former()) == ("v2", "starter")
    registry().remove("v1", note=json.dumps({"by": "Anna"}))
    assert one.look() == ""
    enter("two")
    assert two.look() == ""
    assert registry().names() == ["v2", "starter"]
    assert [path.name for path in registry().folder.joinpath("v1").iterdir()] == ["deleted.json"]


def test_what_cannot_be_written_waits_and_is_told_of(enter: Enter, trained_once: Path, tmp_path: Path) -> None:
    enter("one")
    one = sharing.Keeper()
    (tmp_path / "store").write_bytes(b"away")
    made(trained_once)
    assert "cannot be reached" in one.look()
    assert sharing.missing() == ["model v1 is not in the store yet; it is written as soon as the store can be reached"]
    enter("two")
    told = "model v1 is on the machine 'one' alone, until that has written it into the store"
    assert sharing.missing() == [told]
    assert registry().names() == ["starter"], "what is here goes on"
    (tmp_path / "store").unlink()
    enter("one")
    assert sharing.Keeper().look() == ""
    assert sharing.missing() == []
    written = sorted(path.name for path in (tmp_path / "store").rglob("*") if path.is_file())
    sums = sorted(sha256 for folder in shared_book().all() for sha256, _ in folder.files.values())
    assert written == sorted(set(sums)), "nothing is lost, and nothing is there twice"


def test_photos_come_to_every_machine_and_a_job_waits_for_those_it_needs(enter: Enter) -> None:
    enter("one")
    one = sharing.Keeper()
    own = settings().datasets_dir.resolve() / "castings-01234567"
    for number in range(3):
        files.replace(own / "ok" / f"{number}.png", f"photo {number}")
    dataset_book().add(NamedDataset(name="castings", folder=str(own), rule={}))
    assert one.look() == ""
    enter("two")
    two = sharing.Keeper()
    there = settings().datasets_dir.resolve() / own.name
    needs = Request(kind="run", inputs={}, uses=(dataset_in(str(there)),), travels=True)
    asked, _ = control.queue().ask(needs, anywhere=True)
    assert control.queue().take(["run"], heavy=False, fits=two.fits) is None
    assert two.look() == ""
    assert sorted(path.read_text() for path in there.rglob("*.png")) == ["photo 0", "photo 1", "photo 2"]
    taken = control.queue().take(["run"], heavy=False, fits=two.fits)
    assert taken is not None
    assert (taken.id, taken.machine) == (asked.id, "two")
    enter("one")
    files.replace(own / "ok" / "3.png", "photo 3")
    assert one.look() == ""
    enter("two")
    assert two.look() == ""
    assert (there / "ok" / "3.png").read_text() == "photo 3"


def test_a_job_goes_on_elsewhere_from_its_last_checkpoint_of_which_nothing_stays(enter: Enter, tmp_path: Path) -> None:
    enter("one")
    one = sharing.Keeper()
    asked, _ = control.queue().ask(Request(kind="run", inputs={}, travels=True), anywhere=True)
    assert control.queue().take(["run"], heavy=False) is not None
    begun = control.log().begin(asked.id, pid=os.getpid())
    lock = process.hold(asked.id)
    for epoch in range(3):
        files.replace(process.folder_of(asked.id) / "checkpoint.npz", f"epoch {epoch}")
        assert one.look() == ""
    (kept,) = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert kept.read_text() == "epoch 2", "older ones have gone"
    lock.release()
    assert control.queue().put_back(begun)
    enter("two")
    two = sharing.Keeper()
    assert control.queue().take(["run"], heavy=False, fits=two.fits) is None
    assert two.look() == ""
    assert control.queue().take(["run"], heavy=False, fits=two.fits) is not None
    assert (process.folder_of(asked.id) / "checkpoint.npz").read_text() == "epoch 2"
    control.log().begin(asked.id, pid=os.getpid())
    control.log().end(asked.id, State.FINISHED, result={"model": "v1"})
    assert two.look() == ""
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []
    assert shared_book().all() == []


@pytest.mark.parametrize("path", ["../v2/card.json", "/etc/passwd", "a/../../b", "", "..\\b", "C:/b"])
def test_a_path_that_leads_out_of_its_folder_is_refused(enter: Enter, path: str) -> None:
    enter("one")
    with writing(connect(settings().database_url)) as connection:
        SharedBook(connect(settings().database_url)).claim("model/v1", machine="two")
        connection.execute(update(shared_folders).values(files={path: ["0" * 64, 1]}))
    with pytest.raises(CastingError, match="damaged"):
        sharing.Keeper().look()


@contextmanager
def s3() -> Iterator[str]:
    """The address of a server that speaks S3 and keeps all in memory."""
    program = shutil.which("moto_server", path=f"{Path(sys.prefix) / 's3' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip("there is no server that speaks S3: make s3")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [program, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _make_bucket(address)
        yield address
    finally:
        server.kill()
        server.wait(PATIENCE)


def _make_bucket(address: str) -> None:
    """Makes the bucket as soon as the server answers."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.put(f"{address}/castings", timeout=PATIENCE).raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < give_up
            time.sleep(0.1)
        else:
            return


@pytest.mark.long
def test_a_version_goes_through_a_bucket(enter: Enter, trained_once: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("obstore", reason="requirements-scale.lock brings what a bucket needs")
    for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    with s3() as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        enter("one", store="s3://castings/plant")
        made(trained_once)
        assert sharing.Keeper().look() == ""
        whole = registry().graph("v1")
        enter("two", store="s3://castings/plant")
        assert sharing.Keeper().look() == ""
        assert registry().graph("v1") == whole
    enter("two", store="s3://castings/plant")
    made(trained_once)
    assert "cannot be reached" in sharing.Keeper().look()
    assert registry().graph("v1") == whole, "what is here goes on"
