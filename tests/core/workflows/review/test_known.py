"""Known castings mixed in measure whoever judges: what is said of them is a row of its own and counts nowhere else."""

from dataclasses import replace
from pathlib import Path

import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.judging.bounds import upper_bound
from casting_core.records.chain import Kind
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review import history
from casting_core.workflows.review.judgements import Judged, Region, Said, judge, judgements, record, undo
from casting_core.workflows.review.known import answered, truths


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


@pytest.fixture
def photos(dataset: Dataset) -> list[str]:
    """Of defective castings."""
    part = dataset.part("test")
    return list(part.loc[part["label"] == Label.DEFECTIVE, "photo"])


def said(number: int, photo: str, judged: Judged | None, **more: object) -> Said:
    return Said(id=f"said-{number}", photo=photo, judged=judged, who="Ana", label="defective", check=True, **more)  # type: ignore[arg-type]


def test_a_casting_is_known_by_how_it_was_drawn_or_by_two_people_who_agree(dataset: Dataset, photos: list[str]) -> None:
    drawn = truths(dataset, {})
    assert {drawn[photo] for photo in photos} == {Label.DEFECTIVE}
    assert set(drawn) == set(dataset.usable["photo"])
    elsewhere = replace(dataset, root=dataset.root / "nowhere")  # no table of what was drawn
    assert truths(elsewhere, {}) == {}
    told = replace(said(0, photos[0], Judged.LABEL_WRONG), check=False)
    record(elsewhere, [told])
    assert truths(elsewhere, judgements(elsewhere)) == {}, "one person is not enough"
    record(elsewhere, [replace(told, id="said-1", judged=Judged.LABEL_RIGHT, who="Ben", label="ok")])
    known = truths(elsewhere, judgements(elsewhere))
    assert known == {photos[0]: Label.OK}, "wrong when it was called defective, then right as ok: they agree"
    judge(elsewhere, photos[0], Judged.CANNOT_TELL, model="v1", score=0.1, who="Cem")
    assert truths(elsewhere, judgements(elsewhere)) == {}, "who cannot tell does not agree"


def test_what_is_said_of_known_castings_corrects_nothing_and_counts_as_no_judgement(
    dataset: Dataset, photos: list[str]
) -> None:
    known = truths(dataset, {})
    first, second, third, fourth = photos[:4]
    many = [
        said(0, first, Judged.LABEL_RIGHT),
        said(1, second, Judged.LABEL_WRONG),
        said(2, third, Judged.CANNOT_TELL),
        said(3, fourth, Judged.LABEL_WRONG),
        said(4, fourth, None, undoes="said-3"),
    ]
    found = record(dataset, many, truths=known)
    assert found.written == record(dataset, many, truths=known).written == tuple(one.id for one in many)
    assert judgements(dataset) == {}
    assert open_dataset(dataset.root).photos["label"].equals(dataset.photos["label"])
    rows = stores.ledger().rows()
    assert [row.kind for row in rows] == [Kind.CHECK.value] * 5
    words = [history.what(row).split(";")[0].removeprefix("known casting mixed in, ") for row in rows]
    assert words[1:] == [
        "label is wrong: wrong",
        "cannot tell: left open",
        "label is wrong: wrong",
        "label is right: right",
    ]
    assert words[0].endswith("about a known casting taken back")
    one = answered(dataset, "Ana", after=0)
    assert (one.right, one.wrong, one.left_open) == (1, 1, 1)
    assert one.outcome.upper == upper_bound(1, 2)
    assert one.words.startswith("Known castings mixed in: 1 of 2 judged rightly. 1 left open. With 95 % confidence")
    assert answered(dataset, "Ben", after=0).words == ""
    assert answered(dataset, "Ana", after=len(rows)).words == "", "before this sitting"


def test_a_casting_that_is_not_known_measures_nobody(dataset: Dataset, photos: list[str]) -> None:
    found = record(dataset, [said(0, photos[0], Judged.LABEL_RIGHT)])
    assert "not known any more" in found.refused["said-0"]


def test_a_second_opinion_and_a_region_stay_with_the_judgement_and_history_says_so(
    dataset: Dataset, photos: list[str]
) -> None:
    region = Region(photo=photos[0], left=10, top=0, width=40, height=25)
    one = replace(said(0, photos[0], Judged.LABEL_RIGHT), check=False, second=True, region=region)
    record(dataset, [one, replace(one, id="said-1", photo=photos[1], second=False, region=None)])
    assert judgements(dataset)[photos[0]][0].region == region
    assert judgements(dataset)[photos[0]][0].second
    plain, marked = (history.what(row) for row in stores.ledger().rows())
    assert "label is right, second opinion: photo" in marked
    assert marked.endswith(", with a region marked")
    assert "second" not in plain
    undo(dataset, judgements(dataset)[photos[0]][0], who="Ana")
    assert photos[0] not in judgements(dataset)
