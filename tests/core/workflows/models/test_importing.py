"""A version that another installation handed on is taken in whole and tried, or not at all."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.errors import ModelError
from casting_core.records.registry import STARTER
from casting_core.records.version_files import ANSWERS, CARD, GATE, GRAPH, LEARNED, OUT_OF_FOLD
from casting_core.settings import settings
from casting_core.workflows.judging.answers import Answers, drawn_photos, given_by
from casting_core.workflows.judging.model import load_model
from casting_core.workflows.models.importing import import_version
from casting_core.workflows.stores import registry
from tests.core.data.importing.hostile import with_mode

Files = dict[str, bytes]


@pytest.fixture
def files() -> Files:
    """The starter's files as an export packs them, by their paths in the zip file."""
    with zipfile.ZipFile(io.BytesIO(registry().archive(STARTER))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def card_says(files: Files, /, **changes: Any) -> None:
    card = json.loads(files[f"{STARTER}/{CARD}"])
    files[f"{STARTER}/{CARD}"] = json.dumps(card | changes).encode()


def everything() -> dict[str, int]:
    """Every path below the installation's models, and the bytes of each."""
    root = settings().model_dir
    return {str(path.relative_to(root)): path.stat().st_size for path in root.rglob("*") if path.suffix != ".lock"}


def test_what_export_writes_is_taken_in_as_the_next_version_or_under_another_name(version: str, tmp_path: Path) -> None:
    run = CliRunner().invoke
    packed = tmp_path / "of a colleague.zip"
    assert run(main, ["models", "export", version, str(packed)]).exit_code == 0
    done = run(main, ["models", "import", str(packed)])
    assert (done.exit_code, done.stdout) == (0, "Model v2 is here; it was v1 of run 1 where it was made.\n")
    done = run(main, ["models", "import", str(packed), "--as", "line-2", "--json"])
    assert json.loads(done.stdout) == {"model": "line-2", "brought_from": "v1 of run 1"}
    store = registry()
    assert store.names() == ["v2", "v1", "line-2", STARTER]
    old, new = store.card(version), store.card("line-2")
    assert (new.files, new.metrics, new.run) == (old.files, old.metrics, None)
    assert {ANSWERS, LEARNED} < set(new.files)
    assert store.damaged() == {}
    assert run(main, ["models", "promote", "line-2", "--yes"]).exit_code == 0
    assert store.production() == "line-2"
    for name, why in {"line-2": "already", "v7": "cannot be called", "../x": "cannot be called"}.items():
        done = run(main, ["models", "import", str(packed), "--as", name])
        assert (done.exit_code, why in done.stderr, done.stderr.count("\n")) == (2, True, 1)


def test_the_photos_that_a_version_brings_are_drawn_whatever_it_learned_from(version: str) -> None:
    brought = Answers.from_bytes(registry().file(version, ANSWERS))
    scorer = load_model(version).scorer
    assert np.array_equal(brought.grey, scorer.views(drawn_photos(300)).grey)
    assert np.allclose(given_by(scorer).score, brought.score, atol=1e-5)


def drop_graph(files: Files) -> None:
    del files[f"{STARTER}/{GRAPH}"]


def change_graph(files: Files) -> None:
    files[f"{STARTER}/{GRAPH}"] += b"\0"


HOSTILE: dict[str, tuple[Callable[[Files], object], str]] = {
    "a file of nobody": (
        lambda files: files.update({f"{STARTER}/run.sh": b"rm"}),
        "run.sh', which no version",
    ),
    "a file deep down": (lambda files: files.update({f"a/b/{CARD}": b"{}"}), "which no version has"),
    "out of its folder": (lambda files: files.update({f"../{LEARNED}": b""}), "write outside its folder"),
    "two folders": (lambda files: files.update({f"other/{OUT_OF_FOLD}": b""}), "more than one folder"),
    "a card twice": (lambda files: files.update({CARD: b"{}"}), f"holds {CARD} twice"),
    "no graph": (drop_graph, f"lacks {GRAPH}"),
    "a changed graph": (change_graph, f"{GRAPH} is not the file that was registered"),
    "a file that the card does not name": (
        lambda files: files.update({f"{STARTER}/{OUT_OF_FOLD}": b""}),
        f"holds {OUT_OF_FOLD}, which its card does not name",
    ),
    "no card": (lambda files: files.update({f"{STARTER}/{CARD}": b"{"}), "its card cannot be read: it is not JSON"),
    "a card of nonsense": (lambda files: card_says(files, threshold=7), "its card says threshold = 7"),
    "a path on the card": (
        lambda files: card_says(files, files={GRAPH: "0" * 64, "/dev/zero": "0" * 64}),
        "names the file '/dev/zero', which no version has",
    ),
    "a newer card": (lambda files: card_says(files, schema_version=99), "newer version of this program"),
    "a bomb": (lambda files: files.update({f"{STARTER}/{OUT_OF_FOLD}": bytes(2**28)}), "swell to more than 200 times"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_and_leaves_nothing(files: Files, tmp_path: Path, what: str) -> None:
    change, reason = HOSTILE[what]
    change(files)
    settings().model_dir.mkdir()
    before = everything()
    with pytest.raises(ModelError) as refused:
        import_version(zipped(files, tmp_path / "x.zip"))
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    assert everything() == before
    assert registry().names() == [STARTER]


def test_links_in_a_zip_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(with_mode(0o120777))
    with pytest.raises(ModelError, match="a link or a device"):
        import_version(tmp_path / "x.zip")


def test_what_a_computer_packed_beside_the_version_is_left_out(files: Files, tmp_path: Path) -> None:
    card = import_version(zipped(files | {"__MACOSX/starter/._card.json": b"x"}, tmp_path / "x.zip"))
    assert (card.name, card.brought_from) == ("v1", STARTER)
    assert sorted(path.name for path in (settings().model_dir / "v1").iterdir()) == sorted(
        [ANSWERS, CARD, GATE, GRAPH, LEARNED]
    )


def test_a_version_that_cannot_judge_is_not_taken_in(files: Files, tmp_path: Path) -> None:
    gate = b"somebody else's gate"
    sums = json.loads(files[f"{STARTER}/{CARD}"])["files"]
    files[f"{STARTER}/{GATE}"] = gate
    card_says(files, files=sums | {GATE: hashlib.sha256(gate).hexdigest()})
    with pytest.raises(ModelError, match="not taken in: the model's gate cannot be read"):
        import_version(zipped(files, tmp_path / "x.zip"))
    assert registry().names() == [STARTER]


def test_a_file_that_is_no_zip_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    for path in (tmp_path / "x.zip", tmp_path / "nowhere.zip", tmp_path):
        done = CliRunner().invoke(main, ["models", "import", str(path)])
        assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
