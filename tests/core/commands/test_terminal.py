"""What commands say wherever they say it: on a terminal that lacks the letters, and of names that are no text."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casting_core.__main__ import main
from casting_core.settings import ROOT, settings
from tests.core.commands.answers import answered, casting_photo, refused, said
from tests.patience import PATIENCE

NAME = "its name is not written in Unicode; rename it"
UMLAUT = os.fsdecode(b"teile_gepr\xfcft")  # as Windows wrote it on a share that Linux has mounted since
GOOD, BAD = "\u7532", "\u4e59"  # names that no list of words knows


@contextmanager
def narrow(encoding: str) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    """What is written on standard output and standard error, both of this page."""
    held = io.BytesIO(), io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        for name, buffer in zip(("stdout", "stderr"), held, strict=True):
            patch.setattr(sys, name, io.TextIOWrapper(buffer, encoding=encoding, write_through=True))
        yield held
        for name in ("stdout", "stderr"):
            getattr(sys, name).detach()


def run(*arguments: object) -> int:
    """The exit code of a command in this process."""
    with pytest.raises(SystemExit) as ended:
        main.main([str(one) for one in arguments], prog_name="casting_core")
    return int(ended.value.code or 0)


@pytest.fixture
def chinese(tmp_path: Path) -> Path:
    for number, folder in enumerate((GOOD, BAD)):
        casting_photo(tmp_path / "photos" / folder / "a.png", 90 + number)
    return tmp_path / "photos"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_letters_that_a_terminal_lacks_are_written_by_their_numbers(chinese: Path, encoding: str) -> None:
    with narrow(encoding) as (out, err):
        codes = [
            run("scan", chinese),
            run("import", chinese, "--name", GOOD, "--ok", GOOD, "--defective", BAD),
            run("scan", chinese, "--json"),
            run("scan", chinese / GOOD),
            run("models", GOOD),
        ]
        told, errors = (held.getvalue().decode(encoding) for held in (out, err))
    assert codes == [0, 0, 0, 2, 2]
    assert "2 photos are new in \\u7532" in told
    assert json.loads(told.splitlines()[-1])["problems"][0]["path"] == f"{BAD}/a.png"
    assert errors.count("Error: ") == 2
    assert "\\u7532" in errors
    assert "Traceback" not in errors


def test_a_process_with_a_narrow_output_ends_as_any_other(chinese: Path) -> None:
    command = [sys.executable, "-m", "casting_core", "scan", str(chinese)]
    for encoding in ("cp1252",):
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PYTHONIOENCODING": encoding}, capture_output=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"\\u4e59/a.png" in done.stdout


needs_bytes = pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names here are always Unicode")


@needs_bytes
@pytest.mark.usefixtures("version")
@pytest.mark.parametrize(
    "command",
    [
        ["scan", UMLAUT], ["audit", UMLAUT], ["import", UMLAUT, "--name", "x"], ["split", UMLAUT, "--name", "x"],
        ["castings", UMLAUT, "--csv", "x.csv"], ["train", "--data", UMLAUT], ["tune", "--data", UMLAUT],
        ["evaluate", "--data", UMLAUT], ["localise", "--data", UMLAUT], ["study", UMLAUT], ["sample", UMLAUT],
        ["models", "export", "v1", UMLAUT], ["import", "ok", "--name", UMLAUT], ["scan", "ok", "--ok", UMLAUT],
    ],
    ids=lambda command: " ".join(command[:2]).replace(UMLAUT, "x"),
)  # fmt: skip
def test_a_path_that_is_no_text_is_one_sentence_for_every_command(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    casting_photo(tmp_path / "ok" / "a.png")
    casting_photo(tmp_path / UMLAUT / "ok" / "a.png")
    told = refused(*command)
    assert NAME in told
    assert "teile_gepr?ft" in told


@needs_bytes
def test_a_folder_within_one_whose_name_is_no_text_is_refused_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    casting_photo(tmp_path / UMLAUT / "photos" / "ok" / "a.png")
    (tmp_path / "link").symlink_to(tmp_path / UMLAUT / "photos")
    assert NAME in refused("scan", tmp_path / "link")
    assert NAME in refused("import", tmp_path / "link", "--name", "x")
    monkeypatch.chdir(tmp_path / UMLAUT)
    assert NAME in refused("scan", "photos")
    monkeypatch.setenv("CASTING_DATA_DIR", "data")
    settings.cache_clear()
    assert NAME in refused("jobs", "list")


@needs_bytes
def test_files_whose_names_are_no_text_are_left_out_with_that_reason(version: str, tmp_path: Path) -> None:
    for number, path in enumerate(("ok/a.png", f"ok/{UMLAUT}.png", "ng/b.png", f"{UMLAUT}/c.png")):
        casting_photo(tmp_path / "photos" / path, 50 + number)
    photos = tmp_path / "photos"
    left = [{"path": f"{name}.png", "problem": NAME} for name in ("ok/teile_gepr?ft", "teile_gepr?ft/c")]
    scanned = answered("scan", photos)
    assert (scanned["photos"], scanned["problems"]) == (2, left)
    taken = answered("import", photos, "--name", "x")
    assert (taken["new"], taken["refused"]) == (2, left)
    assert f"2 files are left out: {NAME}" in taken["problems"]
    assert answered("castings", photos, "--csv", tmp_path / "castings.csv")["photos"] == 4
    lines = [json.loads(line) for line in said("predict", photos, "--model", version).stdout.splitlines()]
    assert [line["error"] == NAME for line in lines] == [False, False, True, True]
    assert all(line["path"].isprintable() for line in lines)
    result = said("predict", photos / UMLAUT, photos / "ok" / "a.png", "--model", version)
    assert result.exit_code == 2
    assert [json.loads(line)["error"] == NAME for line in result.stdout.splitlines()] == [True, False]
