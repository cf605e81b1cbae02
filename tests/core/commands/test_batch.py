"""The commands that judge many photos: into a table, resumed where they broke off, and checked against the ledger."""

import csv
import json
from pathlib import Path
from shutil import copy, make_archive

import pytest

from casting_core.jobs import control
from casting_core.workflows import stores
from casting_core.workflows.datasets.import_job import Form, Found
from casting_core.workflows.judging.batch import batch_job, kept
from casting_core.workflows.judging.batch.batch_job import Asked
from tests.at_work import begin_and_die
from tests.core.commands.answers import answered, refused, said


@pytest.fixture
def folder(tmp_path: Path, sample_folder: Path) -> Path:
    (tmp_path / "monday").mkdir()
    for number, photo in enumerate(sorted((sample_folder / "test").rglob("*.jpeg"))[:5]):
        copy(photo, tmp_path / "monday" / f"{number}.jpeg")
    return tmp_path / "monday"


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_a_table_and_one_row_of_the_ledger_that_can_be_verified(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "out.csv"
    done = said("predict", folder, "--csv", table, "--model", "starter")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "5 photos: " in done.stderr
    assert "was not made for this part" in done.stderr
    told = [json.loads(line) for line in said("predict", folder, "--model", "starter").stdout.splitlines()]
    assert [(row["path"], row["verdict"]) for row in rows_of(table)] == [
        (Path(line["path"]).name, line["verdict"]) for line in told
    ]
    (row,) = stores.ledger().rows()
    (known,) = answered("batch", "list")["batches"]
    assert (known["mark"], known["photos"], known["root"]) == (row.about, 5, row.values["root"])
    assert answered("batch", "verify", row.about)["verified"] is True
    results = kept.folder_of(row.about) / kept.RESULTS
    results.write_text(results.read_text().replace("0.jpeg", "9.jpeg"))
    assert f"are not those that row {row.number} of the ledger stands for" in refused("batch", "verify", row.about)


def test_a_zip_file_becomes_a_table_and_bad_files_are_in_it_with_the_exit_code_that_says_so(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "=1+1.jpeg").write_bytes(b"Dear foundry")
    make_archive(str(tmp_path / "monday"), "zip", folder)
    error = refused("predict", tmp_path / "monday.zip", "--csv", tmp_path / "out.csv", "--model", "starter")
    assert "1 photo got no verdict; the table says why" in error
    (bad,) = [row for row in rows_of(tmp_path / "out.csv") if not row["verdict"]]
    assert bad["path"] == "'=1+1.jpeg"
    assert "not a photo" in bad["reason"]


def test_what_broke_off_is_resumed_for_its_table_only(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "out.csv"
    assert "so there is none to resume" in refused("predict", folder, "--csv", table, "--resume")
    found = Found(form=Form.FOLDER, path=folder)
    request = Asked(found=found, name="monday", model="starter", csv=str(table)).request()
    begin_and_die(control.queue().ask(request, starting=True)[0].id)
    assert "so there is none to resume" in refused("predict", folder, "--csv", tmp_path / "other.csv", "--resume")
    assert not table.exists()
    assert said("predict", folder, "--csv", table, "--resume").exit_code == 0
    assert len(rows_of(table)) == 5
    assert len(stores.ledger().rows()) == 1
    (one,) = batch_job.earlier(newest=5)
    assert one.state == "finished"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--resume"], "say for which table"),
        (["--csv", "nowhere/out.csv"], "there is no folder"),
        (["--csv", "out.csv", "--defect-rate", "0.1"], "no defect rate"),
        (["more", "--csv", "out.csv"], "give one folder or zip file"),
        (["--csv", "out.csv", "--model", "v9"], "no model 'v9'"),
    ],
)
def test_what_makes_no_table_is_a_sentence(
    arguments: list[str], reason: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert reason in refused("predict", folder, *arguments)
    assert not list(tmp_path.glob("*.csv"))
    assert stores.ledger().rows() == []


def test_a_watch_without_a_folder_and_a_list_without_batches_are_sentences(tmp_path: Path) -> None:
    assert "there is no folder" in refused("watch", tmp_path / "nowhere")
    assert said("batch", "list").stdout == "No batch is on record.\n"
    assert "no batch '../x' is on record" in refused("batch", "verify", "../x")
