"""The command that audits: in words, as JSON, as a report to be filed, and kept for the next time."""

from pathlib import Path

import pytest

from casting_core.data.audit.finding import Kind
from tests.core.commands.answers import answered, refused, said


def test_an_audit_is_told_in_words_and_as_values(sample_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.txt"
    result = said("audit", sample_folder, "--report", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("Audit of castings\n")
    assert "Finding photos of one casting ..." in result.stderr
    assert "None of the 18 test photos shows a casting that is also in train." in result.stdout
    assert "To prove 1 % takes 299 different defective castings" in " ".join(result.stdout.split())
    assert len(out.read_text("utf-8")) >= len(result.stdout)
    values = answered("audit", sample_folder)
    assert {finding["kind"] for finding in values["findings"]} == {kind.value for kind in Kind}
    assert values["headline"].split(":")[0] in result.stdout


def test_the_second_time_it_is_read_and_not_made_unless_asked(sample_folder: Path) -> None:
    first = answered("audit", sample_folder)
    assert answered("audit", sample_folder) == first
    assert "Finding" not in said("audit", sample_folder).stderr
    assert answered("audit", sample_folder, "--again")["made"] > first["made"]


@pytest.mark.parametrize("place", ["no/such/folder/report.txt", ""])
def test_a_report_that_cannot_be_written_is_refused(place: str, sample_folder: Path, tmp_path: Path) -> None:
    assert "cannot be written" in refused("audit", sample_folder, "--report", tmp_path / place)


def test_what_is_no_dataset_is_refused(tmp_path: Path) -> None:
    assert "there is no folder" in refused("audit", tmp_path / "gone")
    assert "missing argument 'DATA'" in said("audit").stderr
