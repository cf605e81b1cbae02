"""Versions at the terminal: listed, shown, put in production, exported."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from casting_core.records.registry import STARTER
from casting_core.settings import settings
from casting_core.workflows.judging.scores import scores
from casting_core.workflows.stores import registry
from tests.core.commands.answers import answered, copied, refused, said
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[3]


def test_versions_are_listed_shown_promoted_and_exported(version: str, tmp_path: Path) -> None:
    assert answered("models", "promote", version) == {"production": version, "gate": None}
    listed = answered("models", "list")
    assert (listed["models"][0]["name"], listed["models"][0]["production"]) == (version, True)
    assert answered("models", "show", version)["parameters"] == 668_753
    assert said("models", "list").stdout.startswith(f"* {version}")
    assert "668,753 weights" in said("models", "show", version).stdout
    assert answered("models", "export", version, tmp_path)["file"] == str(tmp_path / "v1.zip")
    with zipfile.ZipFile(tmp_path / "v1.zip") as archive:
        assert archive.testzip() is None
        assert "v1/serving.onnx" in archive.namelist()
    assert "cannot be written" in refused("models", "export", version, tmp_path / "no" / "such" / "folder.zip")


def test_a_promotion_shows_the_figures_of_both_and_can_be_undone(version: str) -> None:
    said_of_it = said("models", "promote", version)
    assert said_of_it.exit_code == 0
    assert said_of_it.stderr.splitlines()[0].split() == [STARTER, "(now)", version]
    figures = [line.split() for line in said_of_it.stderr.splitlines() if line.startswith("photos missed")]
    told = [scores(registry().card(name))[0] for name in (STARTER, version)]
    assert [line[-2:] for line in figures] == [[str(score.missed) for score in told]]
    assert "They cannot be compared: no dataset is named; --data" in said_of_it.stderr
    assert f"Before it was {STARTER}" in said_of_it.stdout
    assert answered("models", "undo") == {"production": STARTER, "gate": None}
    assert registry().production() == STARTER
    assert answered("models", "undo") == {"production": version, "gate": None}


@pytest.mark.usefixtures("castings_known")
def test_a_promotion_compares_both_on_the_same_castings_or_says_why_it_cannot(
    version: str, sample_folder: Path
) -> None:
    unknown = said("models", "promote", copied(version, "v2", silent=True), "--data", sample_folder).stderr
    assert "no casting of" in unknown and "is new to both" in unknown  # nobody knows what it learned from
    assert said("models", "promote", version).exit_code == 0
    told = said("models", "promote", copied(version, "v3", threshold=0.0), "--data", sample_folder).stderr
    figures = answered("evaluate", "--data", sample_folder, "--model", version)["castings"]
    n, wrong = (figures["defective"][name] for name in ("n", "wrong"))
    assert (
        f"Of the same {n} defective castings, {wrong} escaped now and 0 would: 0 that did not, and {wrong} no" in told
    )
    n, wrong = (figures["ok"][name] for name in ("n", "wrong"))
    assert f"Of the same {n} ok castings, {wrong} rejected now and {n} would: {n - wrong} that did not" in told


@pytest.mark.usefixtures("version")
def test_without_a_promotion_there_is_nothing_to_undo() -> None:
    assert "no version was in production before" in refused("models", "undo")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no terminals to play with")
@pytest.mark.parametrize(("typed", "judges"), [("n\n", STARTER), ("y\n", "v1")])
def test_a_person_at_the_terminal_is_asked(version: str, typed: str, judges: str) -> None:
    mine, theirs = os.openpty()
    os.write(mine, typed.encode())
    command = [sys.executable, "-m", "casting_core", "models", "promote", version]
    done = subprocess.run(
        command, cwd=ROOT, stdin=theirs, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    os.close(mine)
    os.close(theirs)
    assert f"Put {version} in production? [y/N]" in done.stderr
    assert ("nothing was changed" in done.stderr) == (judges == STARTER)
    assert registry().production() == judges


def test_a_damaged_version_is_listed_with_the_reason_and_not_promoted(version: str) -> None:
    (settings().model_dir / version / "gate.npz").write_bytes(b"damaged")
    assert "gate.npz is not the file that was registered" in refused("models", "promote", version)
    (settings().model_dir / version / "card.json").write_bytes(b"damaged")
    assert version in answered("models", "list")["damaged"]


def test_a_damaged_version_is_not_exported(version: str, tmp_path: Path) -> None:
    (settings().model_dir / version / "serving.onnx").write_bytes(b"damaged")
    assert "serving.onnx is not the file that was registered" in refused(
        "models", "export", version, tmp_path / "o.zip"
    )
    assert not (tmp_path / "o.zip").exists()


def test_the_list_is_shown_though_the_version_in_production_is_gone(version: str) -> None:
    (settings().model_dir / "production").write_text("v9\n")
    listed = answered("models", "list")
    assert listed["models"][0]["name"] == version
    assert "no model 'v9'" in listed["damaged"]["production"]
