"""Scores and verdicts at the terminal."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from casting_core.records.datasets import NamedDataset
from casting_core.workflows.stores import dataset_book
from tests.core.commands.answers import answered, copied, refused, said
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[3]


def test_a_split_is_evaluated(sample_folder: Path, version: str) -> None:
    figures = answered("evaluate", "--data", sample_folder)
    assert (figures["model"], figures["split"], figures["threshold"]) == (version, "test", 0.5)
    assert figures["photos"] == sum(map(sum, figures["confusion"]))
    assert figures["missed"] == figures["confusion"][1][0]
    assert figures["false_alarms"] == figures["confusion"][0][1]
    assert set(figures["report"]) >= {"ok", "defective", "accuracy"}
    everything = answered("evaluate", "--data", sample_folder, "--split", "all", "--threshold", "0", "--model", "v1")
    assert (everything["photos"], everything["missed"]) == (60, 0)
    text = said("evaluate", "--data", sample_folder).stdout
    assert "judged defective" in text
    assert "f1-score" in text


def test_a_score_names_the_castings_behind_it_and_those_the_model_had_seen(sample_folder: Path, version: str) -> None:
    figures = answered("evaluate", "--data", sample_folder, "--model", version)
    assert figures["whole"]["castings"] == figures["photos"] / 2
    castings = figures["castings"]
    assert castings == figures["whole"]["outcomes"]
    assert castings["defective"]["n"] + castings["ok"]["n"] == figures["whole"]["castings"]
    for one, photos in ((castings["defective"], figures["missed"]), (castings["ok"], figures["false_alarms"])):
        assert photos / 2 <= one["wrong"] <= photos  # of each casting there are two photos
        assert one["wrong"] / one["n"] < one["upper"] <= 1 or one["wrong"] == one["n"]
    assert figures["proves"] is True
    assert "at least one of its photos" in figures["castings_rule"]
    assert figures["seen"]["photos"] == 0  # the drawn sample keeps castings whole
    assert figures["never_seen"] == figures["whole"]
    learned = answered("evaluate", "--data", sample_folder, "--split", "train", "--model", version)
    assert learned["never_seen"]["photos"] == 0
    assert learned["never_seen"]["accuracy"] is None
    text = said("evaluate", "--data", sample_folder, "--split", "all", "--model", version).stdout
    assert "castings it has learned from" in text
    assert "castings never seen" in text
    assert text.index("escaped") < text.index("accuracy")  # castings first
    assert figures["castings_rule"] in text
    assert "fewer than 10 of a class prove next to nothing" in text


def test_of_a_version_that_does_not_say_what_it_learned_from_this_is_said(sample_folder: Path, version: str) -> None:
    silent = copied(version, "v2", silent=True)
    figures = answered("evaluate", "--data", sample_folder, "--model", silent)
    assert figures["seen"] is figures["never_seen"] is None
    assert "is not known" in said("evaluate", "--data", sample_folder, "--model", silent).stdout


def test_evaluate_says_how_many_photos_the_gate_would_have_refused(sample_folder: Path) -> None:
    figures = answered("evaluate", "--data", sample_folder, "--model", "starter")
    assert figures["gate"] == {"refused": 0, "photos": []}


def test_defects_are_located(sample_folder: Path, version: str) -> None:
    figures = answered("localise", "--data", sample_folder, "--split", "all", "--model", version)
    assert 0 <= figures["near"] <= figures["found"]
    assert figures["within_pixels"] == 15


def test_photos_are_judged_line_by_line_whatever_one_of_them_is(
    sample_folder: Path, version: str, tmp_path: Path
) -> None:
    (tmp_path / "text.jpg").write_text("no photo")
    one = min((sample_folder / "test" / "ok_front").iterdir())
    result = said("predict", one, tmp_path / "text.jpg", one, "--model", version)
    assert result.exit_code == 2
    first, text, last = (json.loads(line) for line in result.stdout.splitlines())
    assert first == last
    assert set(first) == {"path", "sha256", "score", "verdict", "error"}
    assert (first["path"], first["error"]) == (str(one), None)
    assert first["verdict"] in ("pass", "reject")
    assert (text["score"], text["verdict"]) == (None, None)
    assert "not a photo" in text["error"]
    assert result.stderr == "Error: 1 photo got no verdict; the lines above say why\n"


@pytest.mark.usefixtures("castings_known")
def test_a_model_that_was_not_made_for_the_part_says_so_beside_every_verdict(
    sample_folder: Path, sample_dataset: NamedDataset, version: str
) -> None:
    one = min((sample_folder / "test" / "ok_front").iterdir())
    told = said("predict", one, "--model", "starter", "--defect-rate", "0.01")
    line = json.loads(told.stdout)
    assert "was not made for this part" in line["warning"]
    assert line["warning"] in told.stderr
    assert line["probability"] is None  # its scores are not calibrated
    assert "warning" not in json.loads(said("predict", one, "--model", version).stdout)
    dataset_book().add(sample_dataset)
    assert "not measured on your castings" in json.loads(said("predict", one, "--model", "starter").stdout)["warning"]
    rated = answered("evaluate", "--data", sample_folder, "--model", "starter", "--defect-rate", "0.01")
    assert rated["defect_rate"] == 0.01
    assert 0 <= rated["rejects_truly_defective"] <= 1
    assert "warning" not in json.loads(said("predict", one, "--model", "starter").stdout)  # measured meanwhile
    assert "--defect-rate" in said("predict", "--help").stdout
    assert "lies between 0 and 1" in refused("evaluate", "--data", sample_folder, "--defect-rate", "5")


def test_a_folder_of_photos_is_judged_by_the_threshold_given(sample_folder: Path, version: str) -> None:
    result = said("predict", sample_folder / "test", "--model", version, "--threshold", "0", "--json")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == answered("evaluate", "--data", sample_folder)["photos"]
    assert {line["verdict"] for line in lines} == {"reject"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_a_socket_or_a_device_is_not_waited_for(version: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "s.png"))
        command = ["predict", tmp_path / "pipe.png", tmp_path / "s.png", "/dev/null", "--model", version]
        done = subprocess.run(
            [sys.executable, "-m", "casting_core", *map(str, command)],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip
    assert done.returncode == 2
    errors = [json.loads(line)["error"] for line in done.stdout.splitlines()]
    assert errors == ["it is a pipe, a socket or a device, not a file"] * 3
    assert "3 photos got no verdict" in done.stderr
