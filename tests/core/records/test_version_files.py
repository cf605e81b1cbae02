"""A card's file names are never paths, and what is no plain file of a version is never opened."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.errors import ModelError
from casting_core.records.registry import POINTER, STARTER, Registry
from casting_core.records.version_files import ANSWERS, CARD, GATE, GRAPH, LARGEST, LEARNED, content_of, wrong_in
from casting_core.records.version_folder import finish
from casting_core.settings import settings
from casting_core.workflows.judging.model import load_model
from tests.core.records.test_registry import a_card, filled

posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and devices are made by everybody there")
SUM = "0" * 64


@pytest.fixture
def store(tmp_path: Path) -> Registry:
    """A registry with a starter, a good ``v1`` and a ``v2`` for a test to damage."""
    finish(filled(tmp_path / "comes-with-the-project"), a_card(name=STARTER))
    made = Registry(tmp_path / "model", tmp_path / "comes-with-the-project")
    for _ in range(2):
        with made.workshop() as folder:
            (filled(folder) / LEARNED).write_text("photo,part\n")
            made.register(folder, a_card())
    return made


def named_on_card(folder: Path, **files: str) -> None:
    """Writes more files onto the card of this folder."""
    card = json.loads((folder / CARD).read_bytes())
    card["files"] |= files
    (folder / CARD).write_text(json.dumps(card))


def assert_only_v2_is_damaged(store: Registry, *said: str) -> None:
    """It is named with its reason, nothing of it is given out, and all others can be used."""
    assert list(store.damaged()) == ["v2"]
    reason = store.damaged()["v2"]
    assert reason.startswith("model 'v2' is damaged: its ")
    assert all(word in reason for word in said), reason
    for ask in (store.card, store.graph, store.archive, store.promote):
        with pytest.raises(ModelError, match="model 'v2' is damaged"):
            ask("v2")
    assert [card.name for card in store.cards()] == ["v1", STARTER]
    assert store.graph("v1") == b"graph"
    assert store.archive("v1")


@pytest.mark.parametrize(
    "name", ["/dev/zero", "/etc/passwd", "../v1/serving.onnx", "a/b", "..", ".", "", "card.json", "x.onnx", "a\0b"]
)
def test_a_name_on_a_card_that_no_version_has_makes_it_damaged(store: Registry, name: str) -> None:
    named_on_card(store.folder / "v2", **{name: SUM})
    assert_only_v2_is_damaged(store, f"its card names the file {name!r}, which no version has")
    with pytest.raises(ModelError, match="model 'v2' is damaged"):
        store.file("v2", name)


def test_a_sum_that_is_none_makes_it_damaged(store: Registry) -> None:
    named_on_card(store.folder / "v2", **{LEARNED: "../../etc/passwd"})
    assert_only_v2_is_damaged(store, f"its card gives no sha256 of {LEARNED}")


@posix
@pytest.mark.parametrize("file", [GRAPH, GATE, LEARNED, CARD])
@pytest.mark.parametrize(
    ("replace", "said"),
    [
        (os.mkfifo, "is a pipe, not a file"),
        (lambda path: path.symlink_to("/dev/zero"), "is a link, not a file"),
        (lambda path: path.symlink_to("/etc/passwd"), "is a link, not a file"),
        (lambda path: path.symlink_to("nowhere"), "is a link, not a file"),
        (lambda path: path.mkdir(), "is a folder, not a file"),
    ],
    ids=["pipe", "link to a device", "link to a file", "link to nothing", "folder"],
)
def test_what_is_no_plain_file_is_not_opened_and_makes_it_damaged(
    store: Registry, file: str, replace: Callable[[Path], None], said: str
) -> None:
    path = store.folder / "v2" / file
    path.unlink()
    replace(path)
    assert_only_v2_is_damaged(store, f"its {file} {said}")


@pytest.mark.parametrize("file", [GRAPH, GATE, LEARNED, CARD])
def test_a_giant_file_is_not_read_and_makes_it_damaged(store: Registry, file: str) -> None:
    with (store.folder / "v2" / file).open("r+b") as giant:
        giant.truncate(LARGEST[file] + 1)  # takes no room on the disk
    assert_only_v2_is_damaged(store, f"its {file} is larger than {LARGEST[file] // 2**20} MiB")


@posix
def test_a_file_that_becomes_a_link_after_the_look_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "honest").write_bytes(b"honest")
    (tmp_path / GRAPH).symlink_to("/etc/passwd")
    looked_at = os.lstat(tmp_path / "honest")
    monkeypatch.setattr("casting_core.records.version_files.os.lstat", lambda _: looked_at)
    with pytest.raises(OSError, match="symbolic links"):
        content_of(tmp_path, GRAPH)


@posix
def test_a_pointer_that_is_a_pipe_is_not_waited_for_and_can_be_replaced(store: Registry) -> None:
    os.mkfifo(store.folder / POINTER)
    with pytest.raises(ModelError, match="no model ''"):
        store.production()
    store.promote("v1")
    assert store.production() == "v1"


def test_every_file_that_a_run_writes_may_be_on_a_card(version: str) -> None:
    card = load_model(version).card
    assert {GRAPH, GATE, LEARNED, ANSWERS} < set(card.files)
    assert wrong_in(card.files) is None


@posix
def test_commands_name_the_damaged_version_and_stand(version: str) -> None:
    bad = settings().model_dir / "v2"
    shutil.copytree(settings().model_dir / version, bad)
    card = json.loads((bad / CARD).read_bytes())
    (bad / CARD).write_text(json.dumps(card | {"name": "v2", "files": card["files"] | {"/dev/zero": SUM}}))
    listed = json.loads(CliRunner().invoke(main, ["models", "list", "--json"]).stdout)
    assert [row["name"] for row in listed["models"]] == ["v1", STARTER]
    assert "'/dev/zero', which no version has" in listed["damaged"]["v2"]
    for command in (["show", "v2"], ["export", "v2", str(bad)], ["promote", "v2", "--yes"]):
        done = CliRunner().invoke(main, ["models", *command])
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
        assert "'/dev/zero', which no version has" in done.stderr
