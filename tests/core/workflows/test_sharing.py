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

from casting_core.errors import CastingError
from casting_core.records.database import connect, shared_folders, writing
from casting_core.records.ledger import Kind
from casting_core.records.registry import read_in
from casting_core.records.shared import SharedBook
from casting_core.settings import settings
from casting_core.workflows import sharing
from casting_core.workflows.recipes import check_card
from casting_core.workflows.stores import ledger, registry, shared_book
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
