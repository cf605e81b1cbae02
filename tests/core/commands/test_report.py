"""The command that writes the report: the same bytes for the same date, and a sentence for what will not do."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casting_core.__main__ import main
from casting_core.records.datasets import NamedDataset
from casting_core.settings import ROOT
from casting_core.workflows.reports.pdf import conformance
from casting_core.workflows.stores import registry
from tests.core.workflows.reports.pdf_text import text_of

EXAMPLE = ROOT / "docs" / "report-of-the-sample.pdf"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments])


@pytest.mark.usefixtures("castings_known")
def test_the_same_date_gives_the_same_files_on_the_dataset_that_it_learned_from(
    version: str, sample_dataset: NamedDataset, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    table, values = tmp_path / "report.csv", tmp_path / "report.json"
    told = run(version, str(first), "--date", "2026-11-29", "--csv", str(table), "--json-file", str(values), "--json")
    assert told.exit_code == 0, told.output
    answer = json.loads(told.stdout)
    assert answer == {
        "model": version,
        "dataset": sample_dataset.name,
        "proof": json.loads(values.read_text("utf-8"))["proof"],
        "file": str(first),
        "csv": str(table),
        "json": str(values),
    }
    second.write_text("what was there before")
    again = run(version, str(second), "--data", sample_dataset.folder, "--date", "2026-11-29")
    assert again.stdout.startswith(f"The report on {version} is in {second}. ")
    assert second.read_bytes() == first.read_bytes()
    assert text_of(first.read_bytes()).count(sample_dataset.name) > 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first.pdf", "report.csv", "report.json", "second.pdf"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--date", "yesterday"), "--date 'yesterday' is no moment; write it as 2026-11-29"),
        ((), "the dataset 'Drawn sample', from which starter has learned, is not here; name another one (known: none)"),
        (("--data", "/nowhere"), "there is no folder"),
    ],
)
def test_what_will_not_do_is_a_sentence(options: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    told = run("starter", str(out), *options)
    assert told.exit_code == 2
    assert told.stderr.startswith("Error: ")
    assert sentence in told.stderr
    assert not out.exists()


def test_the_example_is_small_can_be_archived_and_is_about_the_version_that_comes_with_the_project() -> None:
    content = EXAMPLE.read_bytes()
    assert len(content) < 2**20
    assert conformance(content) == ("PDF/A-2A", "PDF/UA-1")
    card, told = registry().card("starter"), text_of(content)
    test = card.metrics["test"].whole
    assert test is not None
    assert test.outcomes is not None
    assert card.files["serving.onnx"] in told
    assert card.data.fingerprint in told
    bad = test.outcomes.defective
    assert f"{bad.wrong} of {bad.n} defective castings escaped" in told
    assert told.count("worst photo") == test.missed_castings
