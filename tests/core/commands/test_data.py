"""What photos there are, at the terminal; and what holds for every command."""

from pathlib import Path

import pytest

from casting_core import __version__
from tests.core.commands.answers import answered, casting_photo, refused, said


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


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize("verb", [["scan"], ["train", "--data"], ["evaluate", "--data"], ["localise", "--data"]])
def test_folders_that_are_no_dataset_are_refused(verb: list[str], tmp_path: Path) -> None:
    assert "there is no folder" in refused(*verb, tmp_path / "gone")
    (tmp_path / "empty").mkdir()
    assert "holds no class folders" in refused(*verb, tmp_path / "empty")
    (tmp_path / "empty" / "ok").mkdir()
    assert "holds no photos" in refused(*verb, tmp_path / "empty")


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
