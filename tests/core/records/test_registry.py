"""The registry of versions: each made once and whole, damage in one harming no other, nothing outside its folder."""

import io
import json
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from casting_core.domain import DataUsed, Figures
from casting_core.errors import CastingError, ModelError
from casting_core.records.card import Epoch, ModelCard
from casting_core.records.registry import POINTER, STARTER, Registry
from casting_core.records.version_files import CARD, GATE, GRAPH
from casting_core.records.version_folder import finish

DATA = DataUsed(name="drawn", fingerprint="f" * 64, photos=(), trained_on=3, validated_on=1)
EPOCH = Epoch(
    epoch=1,
    loss=0.5,
    accuracy=0.75,
    validation_loss=0.6,
    validation_accuracy=1.0,
    seconds=2.0,
    photos_per_second=9.0,
)
FIGURES = Figures(photos=1, accuracy=1.0, missed=0, false_alarms=0, auc=None, confusion=((1, 0), (0, 0)), report={})


def a_card(**changes: Any) -> ModelCard:
    values: dict[str, Any] = {
        "name": "incoming",
        "created": "2025-01-01T00:00:00+00:00",
        "network": "classic",
        "parameters": 668_753,
        "recipe": {"epochs": 1},
        "data": DATA,
        "threshold_chosen": "by nobody",
        "image_size": 300,
        "evidence_first": 10.5,
        "evidence_step": 16.0,
        "curves": (EPOCH,),
        "best_epoch": 1,
        "metrics": {"validation": FIGURES},
        "export_difference": 1e-7,
        "versions": {"python": "3.11"},
    }
    return ModelCard(**values | changes)


def filled(folder: Path, content: bytes = b"graph") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / GRAPH).write_bytes(content)
    (folder / GATE).write_bytes(b"gate")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Registry:
    """A registry without versions, but with a starter."""
    finish(filled(tmp_path / "comes-with-the-project", b"starter graph"), a_card(name=STARTER))
    return Registry(tmp_path / "model", tmp_path / "comes-with-the-project")


def register(store: Registry, content: bytes = b"graph") -> str:
    with store.workshop() as folder:
        return store.register(filled(folder, content), a_card()).name


def test_versions_are_numbered_and_the_newest_comes_first(store: Registry) -> None:
    assert [register(store) for _ in range(11)] == [f"v{number}" for number in range(1, 12)]
    assert store.names() == [f"v{number}" for number in range(11, 0, -1)] + [STARTER]
    assert [card.name for card in store.cards()] == store.names()
    assert store.newest() == "v11"


def test_a_version_keeps_its_files_and_their_sums(store: Registry) -> None:
    name = register(store, b"my graph")
    card = store.card(name)
    assert set(card.files) == {GRAPH, GATE}
    assert store.graph(name) == b"my graph"
    assert store.card(STARTER).name == STARTER


def test_a_number_is_never_given_twice(store: Registry) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: (register(store, str(number).encode()), str(number).encode()), range(24)))
    assert sorted(name for name, _ in made) == sorted(f"v{number}" for number in range(1, 25))
    assert all(store.graph(name) == content for name, content in made)


def test_what_is_left_in_the_workshop_is_thrown_away(store: Registry) -> None:
    with pytest.raises(RuntimeError, match="power cut"), store.workshop() as folder:
        filled(folder)
        raise RuntimeError("power cut")
    assert list(store.folder.iterdir()) == []
    assert store.names() == [STARTER]


def test_a_workshop_abandoned_for_a_day_is_swept_and_a_fresh_one_is_not(store: Registry) -> None:
    old, fresh = filled(store.folder / ".incoming-old"), filled(store.folder / ".incoming-fresh")
    os.utime(old, (0, 0))
    with store.workshop():
        assert not old.exists()
        assert fresh.exists()


def test_a_workshop_that_was_killed_is_listed_nowhere(store: Registry) -> None:
    filled(store.folder / ".incoming-dead")
    filled(store.folder / "v7")  # no card: it never became a version
    assert store.names() == [STARTER]
    assert register(store) == "v8"


def test_a_version_whose_card_cannot_be_written_does_not_exist(
    store: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("casting_core.records.registry.os.fsync", full)
        with pytest.raises(OSError, match="No space left"):
            register(store)
    assert store.names() == [STARTER]
    assert register(store) == "v1"


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b'{"name": "v1"}', b"\xff\xfe"])
def test_a_damaged_card_is_said_and_the_others_stay_usable(store: Registry, content: bytes) -> None:
    register(store)
    register(store)
    (store.folder / "v1" / CARD).write_bytes(content)
    with pytest.raises(ModelError, match="model 'v1' is damaged: its card "):
        store.card("v1")
    assert list(store.damaged()) == ["v1"]
    assert [card.name for card in store.cards()] == ["v2", STARTER]
    assert store.graph("v2") == b"graph"


def test_a_folder_copied_by_hand_is_not_taken_for_another_version(store: Registry) -> None:
    register(store)
    (store.folder / "v1").rename(store.folder / "v5")
    with pytest.raises(ModelError, match="model 'v5' is damaged: its card is that of 'v1'"):
        store.card("v5")


@pytest.mark.parametrize("file", [GRAPH, GATE])
@pytest.mark.parametrize("content", [b"", b"other", None])
def test_a_damaged_file_is_said_and_cannot_be_promoted(store: Registry, file: str, content: bytes | None) -> None:
    register(store)
    path = store.folder / "v1" / file
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=f"model 'v1' is damaged: {file}"):
        store.file("v1", file)
    with pytest.raises(ModelError, match=f"model 'v1' is damaged: {file}"):
        store.promote("v1")
    assert store.production() == STARTER


def test_the_starter_is_in_production_until_another_one_is_promoted(store: Registry) -> None:
    register(store)
    register(store)
    assert store.production() == STARTER
    store.promote("v1")
    assert store.production() == "v1"
    store.promote(STARTER)
    assert store.production() == STARTER


def test_a_promotion_that_is_refused_changes_nothing(store: Registry) -> None:
    register(store)
    store.promote("v1")
    with pytest.raises(ModelError, match=r"no model 'v9' in model/ \(known: v1, starter\)"):
        store.promote("v9")
    assert store.production() == "v1"


def test_the_version_that_was_in_production_before_is_remembered(store: Registry) -> None:
    register(store)
    register(store)
    assert store.former() is None
    store.promote("v1")
    assert (store.production(), store.former()) == ("v1", STARTER)
    store.promote("v2")
    store.promote("v2")
    assert (store.production(), store.former()) == ("v2", "v1")
    store.promote("v1")
    assert (store.production(), store.former()) == ("v1", "v2")
    (store.folder / "v2" / CARD).unlink()
    assert (store.production(), store.former()) == ("v1", None)


def test_a_pointer_written_by_hand_has_nothing_before_it(store: Registry) -> None:
    register(store)
    (store.folder / POINTER).write_text("v1")
    assert (store.production(), store.former()) == ("v1", None)


@pytest.mark.parametrize("content", [b"v9\n", b"", b"\xff\xff", b"../v1"])
def test_a_pointer_to_nothing_is_said(store: Registry, content: bytes) -> None:
    register(store)
    (store.folder / POINTER).write_bytes(content)
    with pytest.raises(ModelError, match="no model"):
        store.production()


@pytest.mark.parametrize("name", ["../v1", "/etc", "v1/../v1", "", ".", "v1\0", ".incoming-x", "V1", "production"])
def test_a_name_cannot_lead_out_of_the_folder(store: Registry, name: str) -> None:
    register(store)
    for ask in (store.card, store.path, store.graph, store.archive, store.promote):
        with pytest.raises(ModelError, match="no model"):
            ask(name)


@pytest.mark.parametrize("file", ["../v2/card.json", "/etc/passwd", CARD, "other"])
def test_only_registered_files_of_a_version_are_given_out(store: Registry, file: str) -> None:
    register(store)
    register(store)
    with pytest.raises(ModelError, match="damaged"):
        store.file("v1", file)


def test_an_archive_holds_everything_of_one_version(store: Registry) -> None:
    register(store, b"my graph")
    with zipfile.ZipFile(io.BytesIO(store.archive("v1"))) as archive:
        assert set(archive.namelist()) == {f"v1/{name}" for name in (CARD, GATE, GRAPH)}
        assert archive.read(f"v1/{GRAPH}") == b"my graph"
        assert json.loads(archive.read(f"v1/{CARD}"))["name"] == "v1"


@pytest.mark.parametrize("file", [GRAPH, GATE, CARD])
@pytest.mark.parametrize("content", [b"", b"other", None])
def test_a_damaged_version_is_not_packed(store: Registry, file: str, content: bytes | None) -> None:
    register(store)
    path = store.folder / "v1" / file
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model 'v1' is damaged|no model 'v1'"):
        store.archive("v1")


def test_what_was_never_registered_is_not_packed(store: Registry) -> None:
    register(store)
    (store.folder / "v1" / "notes.txt").write_text("laid here by hand")
    with zipfile.ZipFile(io.BytesIO(store.archive("v1"))) as archive:
        assert set(archive.namelist()) == {f"v1/{name}" for name in (CARD, GATE, GRAPH)}


def test_without_any_version_that_is_said(tmp_path: Path) -> None:
    nothing = Registry(tmp_path / "model", tmp_path / "no-starter")
    assert nothing.names() == []
    for ask in (nothing.newest, nothing.production):
        with pytest.raises(ModelError, match="there is no model yet: train one first"):
            ask()


@pytest.mark.parametrize("wrong", [{"name": "../x"}, {"threshold": 2}, {"image_size": 10**6}, {"surprise": 1}])
def test_a_card_of_nonsense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        a_card(**wrong)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(CastingError, match="cannot be written"), Registry(blocked, tmp_path / "none").workshop():
        pass
