"""A report tells what the records say: the same counts, every missed casting, and what was not measured."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from casting_core.__main__ import main
from casting_core.domain import Label, OperatingPoint
from casting_core.errors import DatasetError
from casting_core.records.card import ModelCard
from casting_core.workflows.operating_points import PointSet
from casting_core.workflows.reports import charts, tables
from casting_core.workflows.reports.blocks import Cards, Matrices, Table, Words
from casting_core.workflows.reports.content import learned_dataset
from casting_core.workflows.reports.pdf import conformance, pdf
from casting_core.workflows.reports.sections.order import SECTIONS, sections
from casting_core.workflows.reports.sections.proof import sentence
from casting_core.workflows.reports.values import Report
from casting_core.workflows.stores import registry
from tests.core.workflows.reports.conftest import NOTE
from tests.core.workflows.reports.pdf_text import text_of


@pytest.fixture(scope="session")
def printed(report: Report) -> bytes:
    return pdf(report, sections(report))


@pytest.mark.usefixtures("castings_known")
def test_the_counts_are_those_that_evaluate_gives(report: Report, version: str, sample_folder: Path) -> None:
    at = ["--threshold", repr(report.point.threshold), "--split", report.split]
    told = CliRunner().invoke(main, ["evaluate", "--data", str(sample_folder), "--model", version, "--json", *at])
    evaluated = json.loads(told.stdout)
    values = json.loads(tables.as_json(report, sections(report)))
    assert values["figures"] == {name: evaluated[name] for name in values["figures"]}
    assert (values["proves"], values["inspect"]) == (evaluated["proves"], evaluated["inspect"])
    whole = values["figures"]["whole"]
    assert len(values["missed"]) == whole["missed_castings"] > 0
    assert sum(one["wrong"] for one in values["missed"]) == values["figures"]["missed"]
    assert sum(one["wrong"] for one in values["false_alarms"]) == values["figures"]["false_alarms"] > 0
    castings, photos = matrices(report).matrices
    assert castings.defective[0] == whole["outcomes"]["defective"]["wrong"]
    assert [list(photos.ok), list(photos.defective)] == evaluated["confusion"]


def test_the_first_sentence_is_the_proof_with_its_bounds(report: Report, printed: bytes) -> None:
    outcomes = report.score.outcomes
    assert outcomes is not None
    assert report.score.proves
    bad, good = outcomes.defective, outcomes.ok
    told = sentence(report)
    assert told.startswith(
        f"{bad.wrong} of {bad.n} defective castings escaped and {good.wrong} of {good.n} ok castings"
    )
    assert "that v1 has never seen. With 95 % confidence at most" in told
    first = text_of(printed).partition("What is proven")[2]
    assert first.startswith(told)


def test_castings_that_were_seen_are_said_to_prove_nothing(report: Report) -> None:
    seen = replace(report, score=replace(report.score, proves=False, meaning="castings that it has learned from"))
    assert sentence(seen).startswith("Nothing is proven of v1.")
    assert "No casting proves what this version is worth" in words(seen)
    unknown = replace(report, score=replace(seen.score, outcomes=None, meaning="castings that nobody knows"))
    assert sentence(unknown) == "Nothing is proven of v1: castings that nobody knows."
    assert pdf(unknown, sections(unknown))


def test_a_version_whose_gate_refuses_the_photos_is_warned_of_first(report: Report) -> None:
    photos = len(report.judged.labels)
    refused = (("ok/1.jpeg", "this does not look like the castings"),) * photos
    foreign = replace(report, judged=replace(report.judged, refused=refused))
    warning = next(block for block in sections(foreign)[0].blocks[1:] if isinstance(block, Words))
    assert warning.text.startswith(f"At inspection v1 would give no verdict on {photos} of these {photos} photos")
    assert "At inspection" not in words(report)


def test_every_missed_casting_is_shown_with_photo_evidence_and_judgement(report: Report, printed: bytes) -> None:
    shown = [
        card
        for section in sections(report)
        for block in section.blocks
        if isinstance(block, Cards)
        for card in block.cards
    ]
    assert [card.title for card in shown[: len(report.missed)]] == [f"Casting {one.casting}" for one in report.missed]
    assert all(card.photo.startswith(b"\xff\xd8") and card.evidence.startswith(b"\xff\xd8") for card in shown)
    assert all(card.photo != card.evidence for card in shown)
    told = text_of(printed)
    for one in report.missed:
        assert one.path in told
        assert one.photo in told
    assert f"label is right, cavities: {NOTE} (Ana, " in told


def test_false_alarms_beyond_those_shown_are_in_the_table(report: Report) -> None:
    many = tuple(replace(report.false_alarms[0], casting=number, path=f"ok/{number}.jpeg") for number in range(1, 10))
    many = tuple(one if one.casting <= 2 else replace(one, picture=b"", evidence=b"") for one in many)
    found = next(one for one in sections(replace(report, false_alarms=many)) if one.title == "False alarms")
    cards, table = (next(block for block in found.blocks if isinstance(block, kind)) for kind in (Cards, Table))
    assert isinstance(cards, Cards)
    assert isinstance(table, Table)
    assert (len(cards.cards), len(table.rows)) == (2, 9)
    assert "The table lists all of them, the first 2 are shown." in words(replace(report, false_alarms=many))


def test_what_was_not_measured_is_said_and_what_is_brought_is_shown(report: Report) -> None:
    assert "Not measured: nothing is known of how other light" in words(report)
    assert "Not measured: nothing is known of how often people agree" in words(report)
    brought = (Words(text="At half the light 3 of 5 castings escape."),)
    assert "At half the light" in words(replace(report, stress=brought))
    assert "how other light" not in words(replace(report, stress=brought))


def test_operating_points_that_people_set_stand_with_who_why_and_what_they_did(report: Report) -> None:
    assert "Nobody has set another operating point" in words(report)
    two = OperatingPoint(threshold=0.2, upper=0.8, chosen="by workload, on 12 castings")
    put = PointSet(number=3, at=0.0, who="Ben", why="trial", method="workload", point=two, check="1 of 5 escaped")
    told = words(replace(report, point=two, points=(put,), judged=replace(report.judged, between=3)))
    for said in ("0.2 to 0.8: below the lower one a photo passes", "by workload, on 12 castings", "Ben; trial"):
        assert said in told
    assert "1 of 5 escaped" in told
    assert "3 photos lie between the thresholds" in told
    assert "were looked at for 1 operating point that people set" in told


def test_no_missed_casting_is_a_sentence_too(report: Report) -> None:
    spotless = replace(report, missed=(), false_alarms=())
    assert "No defective casting judged here was missed in any photo." in words(spotless)
    assert pdf(spotless, sections(spotless))


def test_the_head_of_the_ledger_stands_in_the_report_and_a_broken_one_is_said(report: Report, printed: bytes) -> None:
    assert report.head.number == 1
    assert f"ledger verify --head {report.head}" in text_of(printed)
    broken = replace(report, broken="the ledger is broken at row 1: it was altered")
    assert "The ledger is broken at row 1: it was altered." in text_of(pdf(broken, sections(broken)))


def test_the_same_report_is_the_same_bytes_and_another_date_changes_nothing_else(
    report: Report, printed: bytes
) -> None:
    assert pdf(report, sections(report)) == printed
    later = replace(report, made=report.made + timedelta(days=10_000))  # no date of the day on which this runs
    dates = later.made.date().isoformat(), report.made.date().isoformat()
    changed = pdf(later, sections(later))
    assert changed != printed
    assert text_of(changed).replace(*dates) == text_of(printed)
    before, after = (tables.as_csv(one, sections(one)) for one in (report, later))
    assert after.replace(*dates) == before


def test_the_pdf_says_that_it_can_be_archived_and_when_it_was_made(printed: bytes) -> None:
    assert conformance(printed) == ("PDF/A-2A", "PDF/UA-1")
    assert b"/CreationDate(D:20261129120000Z)" in printed
    assert b"/JavaScript" not in printed
    assert b"/URI" not in printed


def test_the_table_has_a_line_for_each_value_and_nothing_that_a_spreadsheet_runs(report: Report) -> None:
    bad = replace(report.missed[0], path="=HYPERLINK(1).jpeg", kind="+cmd|' /C calc'!A0")
    told = replace(report, missed=(bad,))
    rows = list(csv.reader(io.StringIO(tables.as_csv(told, sections(told)))))
    assert rows[0] == list(tables.COLUMNS)
    assert {len(row) for row in rows} == {4}
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+@")]
    assert {row[0] for row in rows[1:]} == {"Report", *(section.title for section in sections(told))}
    assert len(SECTIONS) == len(sections(told))


def test_a_version_whose_dataset_is_not_here_is_a_sentence(version: str) -> None:
    card: ModelCard = registry().card(version)
    gone = card.model_copy(update={"data": card.data.model_copy(update={"folder": "/gone", "name": "gone"})})
    with pytest.raises(DatasetError, match="the dataset 'gone', from which v1 has learned, is not here"):
        learned_dataset(gone)


def test_charts_show_each_photo_once_and_one_class_has_no_roc_curve() -> None:
    drawn = charts.histogram([0.02, 0.03, 0.97, 1.0], [0, 0, 1, 1], threshold=0.5)
    assert drawn.count("<rect") == 2
    assert drawn.count(">2</text>") == 2
    assert charts.roc([0.1, 0.9], [Label.DEFECTIVE, Label.DEFECTIVE], threshold=0.5) == ""
    assert "threshold 0.5" in charts.roc([0.1, 0.9], [Label.OK, Label.DEFECTIVE], threshold=0.5)
    broken = charts.curves([("train", [0.7]), ("validation", [float("nan")])], best=1)
    assert "nan" not in broken


def matrices(report: Report) -> Matrices:
    return next(block for section in sections(report) for block in section.blocks if isinstance(block, Matrices))


def words(report: Report) -> str:
    """Everything that the report says, in one text."""
    return tables.as_csv(report, sections(report))
