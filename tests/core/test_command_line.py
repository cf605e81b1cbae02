"""The command line: every verb does its job, or says in one sentence why not."""

import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from casting_core import __version__
from casting_core.__main__ import main
from casting_core.commands.learning import train
from casting_core.commands.study import study
from casting_core.commands.tuning import tune
from casting_core.jobs import control
from casting_core.learning.recipes.presets import recommended
from casting_core.learning.recipes.recipe import SETTINGS, NetworkName, Recipe
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import LEARNED, STARTER, finish
from casting_core.settings import settings
from casting_core.workflows.judging.scores import scores
from casting_core.workflows.stores import dataset_book, registry
from casting_core.workflows.training.runs import all_runs, find_run
from tests.core.data.importing import layouts
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def said(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def answered(*arguments: object) -> Any:
    """The JSON object that a command prints; it must have done its job, and printed nothing else."""
    result = said(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: object) -> str:
    """The one sentence with which a command refuses."""
    result = said(*arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1, result.stderr
    return errors[0]


def casting_photo(path: Path, shade: int = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (40, 40), shade).save(path)
    return path


def test_the_program_says_which_version_it_is() -> None:
    assert said("--version").stdout == f"casting_core {__version__}\n"


def test_a_sample_is_drawn_and_scanned(tmp_path: Path) -> None:
    drawn = answered("sample", tmp_path / "s", "--castings", 5, "--copies", 2, "--seed", 3)
    assert drawn == {"folder": str(tmp_path / "s"), "castings": 5, "photos": 10}
    found = answered("scan", tmp_path / "s")
    assert (found["photos"], found["different"], found["problems"]) == (10, 10, [])
    assert sum(row["photos"] for row in found["counts"]) == 10
    assert {row["label"] for row in found["counts"]} == {"ok", "defective"}
    text = said("scan", tmp_path / "s").stdout
    assert text.startswith("10 photos in")
    assert "defective" in text


def test_brackets_are_drawn_too(tmp_path: Path) -> None:
    drawn = answered("sample", tmp_path / "s", "--part", "bracket", "--castings", 3, "--copies", 1)
    assert drawn["photos"] == 3
    assert said("sample", tmp_path / "t", "--part", "teapot").exit_code == 2


def test_a_folder_may_be_given_a_meaning(tmp_path: Path) -> None:
    casting_photo(tmp_path / "muster" / "a.png", 1)
    casting_photo(tmp_path / "lunker" / "b.png", 2)
    assert len(answered("scan", tmp_path)["problems"]) == 2
    found = answered("scan", tmp_path, "--ok", "Muster", "--defective", "Lunker")
    assert found["problems"] == []
    assert [row["label"] for row in found["counts"]] == ["ok", "defective"]
    assert "cannot" not in said("scan", tmp_path, "--ok", "muster").stdout.splitlines()[0]


def test_a_name_from_outside_does_not_drive_the_terminal(tmp_path: Path) -> None:
    casting_photo(tmp_path / "ok" / "a.png")
    (tmp_path / "ok" / "\x1b[2Jred\u202e.txt").touch()
    text = said("scan", tmp_path).stdout
    assert "\x1b" not in text
    assert "?[2Jred?.txt: not a photo" in text


@pytest.mark.slow
def test_a_training_ends_with_one_object_and_a_version(sample_folder: Path) -> None:
    """A process of its own, as a person starts it: what libraries print must not get between the object's braces."""
    command = [sys.executable, "-m", "casting_core", "train", "--data", sample_folder, "--json"]
    command += ["--network", "classic", "--epochs", "1"]
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    final = json.loads(done.stdout)
    assert (final["model"], final["run"], final["epochs"], final["best_epoch"]) == ("v1", 1, 1, 1)
    assert 0 <= final["validation_accuracy"] <= 1
    assert {"validation", "test"} == set(final["metrics"])
    run = find_run(1)
    assert (run.state, run.model) == ("finished", "v1")
    kinds = [kind for _, kind, _ in control.log().events(1)]
    assert kinds[0] == "note"
    assert {"prepared", "batch", "epoch"} <= set(kinds)
    files = {path.name for path in (settings().model_dir / "v1").iterdir()}
    assert files == {
        "model.keras", "CNN_Casting_Inspection.hdf5", "serving.onnx",
        "gate.npz", "answers.npz", "learned.csv", "card.json",
    }  # fmt: skip
    assert registry().card("v1").export_difference <= 1e-5


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


def copied(version: str, name: str, *, threshold: float = 0.5, silent: bool = False) -> str:
    """Another version with the same graph; a silent one does not say what it learned from."""
    folder = shutil.copytree(settings().model_dir / version, settings().model_dir / name)
    if silent:
        (folder / LEARNED).unlink()
    finish(folder, registry().card(version).model_copy(update={"name": name, "threshold": threshold}))
    return name


def test_of_a_version_that_does_not_say_what_it_learned_from_this_is_said(sample_folder: Path, version: str) -> None:
    silent = copied(version, "v2", silent=True)
    figures = answered("evaluate", "--data", sample_folder, "--model", silent)
    assert figures["seen"] is figures["never_seen"] is None
    assert "is not known" in said("evaluate", "--data", sample_folder, "--model", silent).stdout


def test_evaluate_says_how_many_photos_the_gate_would_have_refused(sample_folder: Path) -> None:
    figures = answered("evaluate", "--data", sample_folder, "--model", "starter")
    assert figures["gate"] == {"refused": 0, "photos": []}


@pytest.mark.slow
@pytest.mark.usefixtures("castings_known")
def test_a_split_by_casting_is_kept_trained_on_and_scored_beside_the_one_of_the_folders(sample_folder: Path) -> None:
    made = answered("split", sample_folder, "--name", "honest", "--share", "0.4", "--seed", "3")
    (held_out,) = made["held_out"]
    assert (held_out["split"], held_out["photos"]) == ("honest", 2 * held_out["castings"])
    quick = ["--network", "classic", "--epochs", "1", "--batch-size", "16"]
    card = answered("train", "--data", sample_folder, "--split", "honest", *quick)
    assert set(card["metrics"]) == {"validation", "test", "test of the folders"}
    assert card["metrics"]["test"]["whole"] == card["metrics"]["test"]["never_seen"]
    assert card["metrics"]["test of the folders"]["seen"]["photos"] > 0
    figures = answered("evaluate", "--data", sample_folder, "--split", "honest")
    assert (figures["photos"], figures["whole"]["castings"]) == (held_out["photos"], held_out["castings"])
    assert figures["seen"]["photos"] == 0
    assert figures["accuracy"] == card["metrics"]["test"]["accuracy"]
    assert registry().card("v1").data.split == "honest"
    assert registry().card("v1").data.revision == 1
    folds = answered("split", sample_folder, "--name", "four", "--folds", "4")
    assert [one["split"] for one in folds["held_out"]] == ["four/1", "four/2", "four/3", "four/4"]
    assert "known: train, test, all, honest, four/1" in refused("evaluate", "--data", sample_folder, "--split", "five")
    assert "no split 'five'" in refused("train", "--data", sample_folder, "--split", "five")
    assert "is a split 'four' already" in refused("split", sample_folder, "--name", "four")


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


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize("verb", [["scan"], ["train", "--data"], ["evaluate", "--data"], ["localise", "--data"]])
def test_folders_that_are_no_dataset_are_refused(verb: list[str], tmp_path: Path) -> None:
    assert "there is no folder" in refused(*verb, tmp_path / "gone")
    (tmp_path / "empty").mkdir()
    assert "holds no class folders" in refused(*verb, tmp_path / "empty")
    (tmp_path / "empty" / "ok").mkdir()
    assert "holds no photos" in refused(*verb, tmp_path / "empty")


def test_one_class_only_is_not_learned_from(tmp_path: Path) -> None:
    for shade in range(5):
        casting_photo(tmp_path / "ok" / f"{shade}.png", shade)
    assert "5 photos to learn from, 0 of them defective" in refused("train", "--data", tmp_path)
    assert registry().names() in ([], ["starter"])
    assert find_run(1).state == "failed"


def test_without_a_network_the_one_is_trained_that_the_train_page_begins_with(tmp_path: Path) -> None:
    casting_photo(tmp_path / "ok" / "only.png")
    refused("train", "--data", tmp_path, "--epochs", 3)  # one class cannot be learned from, but the run was noted
    wanted = recommended(NetworkName.EVIDENCE).model_copy(update={"epochs": 3})
    assert Recipe.model_validate(find_run(1).recipe) == wanted


def test_train_and_study_and_tune_offer_every_setting_of_a_recipe_that_they_do_not_choose_themselves() -> None:
    offered = {command.name: {option.name for option in command.params} for command in (train, study, tune)}
    assert offered["train"] >= set(SETTINGS)
    assert offered["study"] >= set(SETTINGS) - {"network", "split", "seed", "learning_curve"}  # and folds of its own
    assert offered["tune"] >= set(SETTINGS) - {"validation", "folds", "learning_curve"}


@pytest.mark.parametrize("option", ["--repeatable", "--not-repeatable", "--no-augmentation", "--learning-curve"])
def test_what_is_on_or_off_has_an_option_for_both(option: str) -> None:
    assert option in said("train", "--help").stdout


def test_help_says_what_a_setting_is_its_range_and_what_it_is_where_nobody_says_it() -> None:
    told = " ".join(said("train", "--help").stdout.split())
    assert (
        "How often the network sees every photo. 1 to 1000. [default: 15 for classic, 8 for evidence, 20 for backbone]"
        in told
    )
    assert "free = none: photos as they are" in told
    assert "[default: evidence]" in told


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--epochs", "0"),
        ("--epochs", "many"),
        ("--batch-size", "-1"),
        ("--learning-rate", "nan"),
        ("--validation-share", "1"),
        ("--network", "resnet"),
        ("--seed", "-1"),
    ],
)
def test_a_recipe_of_nonsense_is_refused_before_it_becomes_a_run(option: str, value: str, sample_folder: Path) -> None:
    assert option.lstrip("-").split("-")[0] in refused("train", "--data", sample_folder, option, value)
    assert all_runs() == []


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--epochs", "0", "it must be at least 1"),
        ("--batch-size", "5000", "it must be at most 1024"),
        ("--learning-rate", "-1", "it must be greater than 0"),
        ("--validation-share", "1", "it must be less than 1"),
    ],
)
def test_a_number_out_of_its_range_is_said_in_plain_words(
    option: str, value: str, wanted: str, sample_folder: Path
) -> None:
    assert refused("train", "--data", sample_folder, option, value).endswith(f"will not do: {wanted}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["models", "shwo"], "no such command 'shwo'"),
        (["scan"], "missing argument 'DATA'"),
        (["scan", "x", "--fast"], "no such option"),
        (["train", "--epochs", "many"], "'many' is not a valid integer"),
        (["train", "--network", "resnet"], "'resnet' is not one of"),
        (["evaluate"], "missing option '--data'"),
        (["nothing"], "no such command 'nothing'"),
    ],
)
def test_a_command_line_that_will_not_do_is_one_sentence(arguments: list[str], sentence: str) -> None:
    result = said(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Error: ")
    assert sentence in result.stderr


def test_help_is_shown_and_is_no_mistake() -> None:
    for arguments in (["--help"], ["models", "-h"], ["models", "promote", "--help"]):
        result = said(*arguments)
        assert result.exit_code == 0
        assert result.stdout.startswith("Usage: ")
    assert "Commands:" in said().stderr


def test_what_is_not_there_is_named_with_what_is(sample_folder: Path, version: str, tmp_path: Path) -> None:
    assert "no model 'v7'" in refused("evaluate", "--data", sample_folder, "--model", "v7")
    assert f"known: {version}" in refused("predict", sample_folder, "--model", "../v1")
    assert "known: train, test, all" in refused("evaluate", "--data", sample_folder, "--split", "final")
    assert "no model 'v7'" in refused("models", "show", "v7")
    assert "--threshold nan will not do" in refused("predict", sample_folder, "--model", version, "--threshold", "nan")
    (tmp_path / "empty").mkdir()
    assert "there are no photos in" in refused("predict", tmp_path / "empty", "--model", version)
    assert "--data FOLDER" in refused("train")
    assert "not empty" in refused("sample", sample_folder)


def test_folders_that_are_named_on_the_command_line_are_not_asked_about(tmp_path: Path) -> None:
    for folder, shade in (("muster", 1), ("lunker", 2)):
        casting_photo(tmp_path / "photos" / folder / "a.png", shade)
    assert "nothing says which of 'lunker', 'muster'" in refused("import", tmp_path / "photos", "--name", "x")
    told = said("import", tmp_path / "photos", "--name", "x", "--ok", "muster", "--defective", "lunker").stdout
    assert told.startswith("2 photos are new in x, 0 were there already, 0 were left out")
    assert "nothing is known" not in told
    casting_photo(tmp_path / "loose" / "a.png")
    (tmp_path / "loose" / "notes").mkdir()
    assert "1 photo lies in no class folder" in refused("import", tmp_path / "loose", "--name", "y")


def test_a_zip_becomes_a_dataset_and_twice_changes_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for number, folder in enumerate(("gut", "def")):
            archive.write(casting_photo(tmp_path / f"{number}.png", number), f"all/{folder}/a.png")
        archive.writestr("all/def/text.png", "no photo")
        archive.writestr("all/notes.txt", "a note")
    first = answered("import", tmp_path / "photos.zip", "--name", "Pump", "--ok", "Gut")
    assert (first["new"], first["known"], [one["path"] for one in first["refused"]]) == (2, 0, ["all/def/text.png"])
    again = answered("import", tmp_path / "photos.zip", "--name", "Pump", "--ok", "Gut")
    assert (again["new"], again["known"], again["folder"]) == (0, 2, first["folder"])
    assert answered("scan", first["folder"], "--ok", "gut")["photos"] == 2
    text = said("import", tmp_path / "photos.zip", "--name", "Pump", "--ok", "Gut").stdout
    assert text.startswith("0 photos are new in Pump, 2 were there already")
    assert "all/def/text.png: not a photo" in text


def test_of_sets_side_by_side_one_is_read_and_another_is_chosen_by_its_folder(tmp_path: Path) -> None:
    files = layouts.casting_archive()
    for path, content in files.items():
        (tmp_path / "all" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "all" / path).write_bytes(content)
    found = answered("scan", tmp_path / "all")
    assert (found["photos"], found["aside"]) == (12, [{"reason": "in another set beside this one", "files": 8}])
    assert "2 sets lie side by side" in found["notes"][0]
    assert answered("scan", tmp_path / "all", "--set", "casting_512x512")["photos"] == 8
    assert "no set 'x' (known: 'casting_512x512', 'casting_data')" in refused("scan", tmp_path / "all", "--set", "x")
    done = answered("import", tmp_path / "all", "--name", "Small", "--set", "casting_512x512")
    assert (done["new"], done["folder"]) == (8, str(tmp_path / "all" / "casting_512x512"))
    assert done["sets"] == [
        {"set": "casting_512x512", "photos": 8, "read": True}, {"set": "casting_data", "photos": 12, "read": False},
    ]  # fmt: skip
    assert answered("import", tmp_path / "all", "--name", "Small", "--set", "casting_512x512")["known"] == 8


def test_of_photos_that_nothing_is_said_of_it_is_asked_and_how_to_answer(tmp_path: Path) -> None:
    casting_photo(tmp_path / "phone" / "images" / "a.png", 1)
    assert "write a table labels.csv" in refused("import", tmp_path / "phone", "--name", "x")
    (tmp_path / "phone" / "images" / "a.png").rename(tmp_path / "phone" / "images" / "a.heic")
    assert "Most Compatible" in refused("import", tmp_path / "phone", "--name", "x")


def test_a_folder_gets_a_name_and_stays_where_it_is(tmp_path: Path) -> None:
    casting_photo(tmp_path / "photos" / "ok" / "a.png", 1)
    casting_photo(tmp_path / "photos" / "def" / "b.png", 2)
    done = answered("import", tmp_path / "photos", "--name", "In place")
    assert (done["new"], done["folder"]) == (2, str(tmp_path / "photos"))
    assert answered("import", tmp_path / "photos", "--name", "In place")["known"] == 2


def test_what_cannot_be_imported_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_text("no archive")
    casting_photo(tmp_path / "one" / "a.png")
    assert "not a zip file" in refused("import", tmp_path / "no.zip", "--name", "x")
    assert "there is no zip file and no folder" in refused("import", tmp_path / "gone", "--name", "x")
    assert "say it with --ok and --defective" in refused("import", tmp_path, "--name", "x")
