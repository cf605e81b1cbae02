"""A study that was done on paper: read from a table, or refused with the row that will not do."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.domain import Label
from casting_core.errors import AgreementError
from casting_core.workflows.agreement import csv_file
from tests.core.judging.agreement.published import answers

HEAD = "part,appraiser,trial,answer,reference\n"


def written(folder: Path, content: str) -> Path:
    path = folder / "study.csv"
    path.write_text(content, "utf-8")
    return path


def published(mark: str) -> str:
    """The published study as a table."""
    whole = answers()
    rows = [mark.join(["Part", "Appraiser", "Trial", "Answer", "Reference"])]
    for who, name in enumerate(whole.appraisers):
        for place, part in enumerate(whole.parts):
            for trial in range(3):
                said = [Label(int(one)).word for one in (whole.given[who, place, trial], whole.reference[place])]
                rows.append(mark.join([part, name, str(trial + 1), *said]))
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("mark", [",", ";"])
def test_the_published_study_is_evaluated_from_a_table(tmp_path: Path, mark: str) -> None:
    path = written(tmp_path, "\ufeff" + published(mark))
    done = CliRunner().invoke(main, ["agreement", "of", str(path), "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    kappas = {one["name"]: round(one["kappa"]["value"], 2) for one in said["appraisers"]}
    assert kappas == {"A": 0.88, "B": 0.92, "C": 0.77}
    assert [one["effectiveness"]["of_parts"] for one in said["appraisers"]] == [42, 45, 40]
    assert len(said["disputed"]) == 11
    text = CliRunner().invoke(main, ["agreement", "of", str(path)]).stdout
    assert "A with B: kappa 0.86" in text
    assert "21 (reference ok): A: ok, ok, defective; B: ok, defective, ok; C: defective, ok, defective" in text
    assert "unacceptable: not capable" in text


def test_without_a_reference_nobody_is_called_capable(tmp_path: Path) -> None:
    path = written(tmp_path, "part,appraiser,trial,answer\n1,Ada,1,ok\n1,Ada,2,nok\n2,Ada,1,OK\n2,Ada,2,good\n")
    text = CliRunner().invoke(main, ["agreement", "of", str(path)]).stdout
    assert "no reference, so nobody knows who is right" in text
    assert "2 parts have no reference" in text
    assert "capable\n" not in text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no column 'part'"),
        (HEAD, "no answers"),
        (HEAD + "1,Ada,1,perhaps,ok\n", "row 2 says 'perhaps'; an answer is ok or defective"),
        (HEAD + "1,Ada,0,ok,ok\n", "row 2 says trial '0'"),
        (HEAD + "1,Ada,1,ok,ok\n1,Ada,1,ok,ok\n", "row 3: Ada answers trial 1 of 1 twice"),
        (HEAD + "1,Ada,1,ok,ok\n1,Ada,2,ok,nok\n", "row 3 gives part 1 another reference"),
        (HEAD + ",Ada,1,ok,ok\n", "row 2 names no part"),
        (
            "part,appraiser,trial,answer,photo\n1,model,1,ok,aa\n1,model,2,ok,aa\n",
            "row 3: model is shown the same file of 1 twice; each trial takes a new photograph",
        ),
    ],
)
def test_a_table_that_will_not_do_is_refused_with_its_row(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(AgreementError, match=reason):
        csv_file.read(written(tmp_path, content))


def test_a_file_that_is_missing_or_no_text_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AgreementError, match="cannot be read"):
        csv_file.read(tmp_path / "none.csv")
    (tmp_path / "study.csv").write_bytes(b"part;\xff\xfe")
    with pytest.raises(AgreementError, match="not written in UTF-8"):
        csv_file.read(tmp_path / "study.csv")
