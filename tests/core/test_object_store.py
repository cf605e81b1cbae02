"""Files by their content: written once, read back as they were or not at all, and told of where the store is away."""

import hashlib
from pathlib import Path

import pytest

from casting_core.errors import CastingError, SettingsError
from casting_core.object_store import AGAIN, ObjectStore

pytest.importorskip("fsspec", reason="requirements-scale.lock brings what a store needs")
CONTENT = b"photo"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["folder", "memory"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "store") if request.param == "folder" else f"memory://{tmp_path.name}"


def test_what_one_machine_writes_another_one_reads_and_it_is_written_once(address: str, tmp_path: Path) -> None:
    here, there = ObjectStore(address, tmp_path / "here"), ObjectStore(address, tmp_path / "there")
    (tmp_path / "photo").write_bytes(CONTENT)
    assert not there.has(SHA256)
    with pytest.raises(CastingError, match="does not have it yet"):
        there.get(SHA256, len(CONTENT), tmp_path / "goal")
    assert here.put(tmp_path / "photo", SHA256)
    assert not here.put(tmp_path / "photo", SHA256)
    there.get(SHA256, len(CONTENT), tmp_path / "deep" / "goal")
    assert (tmp_path / "deep" / "goal").read_bytes() == CONTENT


@pytest.mark.parametrize("content", [b"other", b"", b"photo and much more", b"phot"])
def test_another_file_under_its_key_is_refused_and_leaves_nothing(content: bytes, tmp_path: Path) -> None:
    store = ObjectStore(str(tmp_path / "store"), tmp_path / "cache")
    (tmp_path / "photo").write_bytes(CONTENT)
    store.put(tmp_path / "photo", SHA256)
    (tmp_path / "store" / "files" / SHA256[:2] / SHA256).write_bytes(content)
    with pytest.raises(CastingError, match="another file"):
        store.get(SHA256, len(CONTENT), tmp_path / "goal")
    assert not (tmp_path / "goal").exists()
    assert not any(path.is_file() for path in (tmp_path / "cache").rglob("*"))


def test_a_copy_that_was_tampered_with_is_not_used(tmp_path: Path) -> None:
    store = ObjectStore(str(tmp_path / "store"), tmp_path / "cache")
    (tmp_path / "photo").write_bytes(CONTENT)
    store.put(tmp_path / "photo", SHA256)
    store.get(SHA256, len(CONTENT), tmp_path / "goal")
    (tmp_path / "cache" / SHA256[:2] / SHA256).write_bytes(b"other")
    store.get(SHA256, len(CONTENT), tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == CONTENT


def test_a_file_that_is_not_what_was_put_on_record_is_not_written(tmp_path: Path) -> None:
    store = ObjectStore(str(tmp_path / "store"), tmp_path / "cache")
    (tmp_path / "photo").write_bytes(b"other")
    with pytest.raises(CastingError, match="not what it was"):
        store.put(tmp_path / "photo", SHA256)
    assert not store.has(SHA256)


def test_a_store_that_cannot_be_reached_is_let_be_for_a_while(tmp_path: Path) -> None:
    clock = Clock()
    (tmp_path / "store").write_bytes(b"no folder")
    store = ObjectStore(str(tmp_path / "store"), tmp_path / "cache", clock=clock)
    (tmp_path / "photo").write_bytes(CONTENT)
    with pytest.raises(CastingError, match="cannot be reached"):
        store.put(tmp_path / "photo", SHA256)
    (tmp_path / "store").unlink()
    with pytest.raises(CastingError, match="tried again in some seconds"):
        store.put(tmp_path / "photo", SHA256)
    clock.now += AGAIN
    assert store.put(tmp_path / "photo", SHA256)


def test_an_address_that_nobody_knows_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CASTING_STORE='nowhere://bucket' will not do"):
        ObjectStore("nowhere://bucket", tmp_path).has(SHA256)
