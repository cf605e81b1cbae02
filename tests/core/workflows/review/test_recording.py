"""Judgements that come many at once, twice, or late: each is one row, in the order in which they were said."""

from dataclasses import replace
from pathlib import Path

import pytest

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.records import decisions, ledger
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review import history
from casting_core.workflows.review.judgements import Judged, Said, differing, judgements, record, settled


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


@pytest.fixture
def photos(dataset: Dataset) -> list[str]:
    """Of defective castings."""
    part = dataset.part("test")
    return list(part.loc[part["label"] == Label.DEFECTIVE, "photo"])


def said(number: int, photo: str, judged: Judged | None = Judged.LABEL_RIGHT, **more: object) -> Said:
    return Said(id=f"said-{number}", photo=photo, judged=judged, who="Ana", model="v1", score=0.2, **more)  # type: ignore[arg-type]


def labels(dataset: Dataset, *photos: str) -> list[Label]:
    now = open_dataset(dataset.root).photos.drop_duplicates("photo").set_index("photo")["label"]
    return [Label(int(now[photo])) for photo in photos]


def rows() -> list[tuple[str, str]]:
    """Photo and what was judged of it, in order."""
    written = [row for row in reversed(stores.ledger().rows()) if row.kind == "judgement"]
    return [(row.about, str(row.values.get("judged", "undone"))) for row in written]


def test_what_comes_twice_is_written_once_and_in_order(dataset: Dataset, photos: list[str]) -> None:
    many = [said(number, photo, Judged.CANNOT_TELL) for number, photo in enumerate(photos)]
    first = record(dataset, many[:2])
    again = record(dataset, many)
    assert first.written == ("said-0", "said-1")
    assert again.written == tuple(one.id for one in many), "also those that were on record already"
    assert rows() == [(photo, "cannot tell") for photo in photos]
    assert record(dataset, []).written == ()


def test_one_that_can_never_be_written_keeps_no_other_from_it(dataset: Dataset, photos: list[str]) -> None:
    found = record(dataset, [said(0, "0" * 64), said(1, photos[0]), said(2, photos[1], label="nonsense")])
    assert found.written == ("said-1",)
    assert "no label" in found.refused["said-0"]
    assert "a label is one of ok, defective" in found.refused["said-2"]


def test_a_wrong_label_corrects_all_photos_of_the_casting_and_is_taken_back_as_one(
    dataset: Dataset, photos: list[str]
) -> None:
    first, second, third = photos[:3]
    record(dataset, [said(0, first, Judged.LABEL_WRONG, also=(second, "0" * 64))])
    assert labels(dataset, first, second, third) == [Label.OK, Label.OK, Label.DEFECTIVE]
    known = judgements(open_dataset(dataset.root))
    assert {photo: [one.others for one in found] for photo, found in known.items()} == {first: [1], second: [1]}
    assert judgements(dataset, photo=second)[second] == known[second]
    assert "and 1 more of its casting" in history.what(stores.ledger().rows()[0])
    undo = said(1, first, None, undoes="said-0")
    assert record(dataset, [undo]).written == record(dataset, [undo]).written == ("said-1",)
    assert labels(dataset, first, second) == [Label.DEFECTIVE] * 2
    assert judgements(dataset) == {}
    assert rows() == [(first, "label is wrong"), (first, "undone")]


def test_who_changes_their_mind_within_one_batch_leaves_the_label_as_it_was(
    dataset: Dataset, photos: list[str]
) -> None:
    first = photos[0]
    record(dataset, [said(0, first, Judged.LABEL_WRONG), said(1, first, None, undoes="said-0"), said(2, first)])
    assert labels(dataset, first) == [Label.DEFECTIVE]
    ((one,),) = judgements(dataset).values()
    assert (one.judged, one.label) == (Judged.LABEL_RIGHT, "defective")


def test_what_was_seen_counts_where_somebody_else_was_quicker(dataset: Dataset, photos: list[str]) -> None:
    first = photos[0]
    record(dataset, [said(0, first, Judged.LABEL_WRONG, label="defective")])
    record(open_dataset(dataset.root), [said(1, first, Judged.LABEL_WRONG, label="defective")])
    assert labels(dataset, first) == [Label.OK], "both said that it is not defective"


def test_taking_back_twice_is_one_row_and_what_is_not_there_is_refused(dataset: Dataset, photos: list[str]) -> None:
    first = photos[0]
    record(dataset, [said(0, first), said(1, first, None, undoes="said-0"), said(2, first, None, undoes="said-0")])
    assert rows() == [(first, "label is right"), (first, "undone")]
    assert "not on record" in record(dataset, [said(3, first, None, undoes="said-9")]).refused["said-3"]


def test_a_disk_that_fails_in_the_middle_leaves_nothing_half_written(
    dataset: Dataset, photos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = ledger.append

    def full(connection: object, kind: str, **row: object) -> object:
        if kind == "judgement" and row["about"] == photos[1]:
            raise CastingError("the disk is full")
        return written(connection, kind, **row)  # type: ignore[arg-type]

    monkeypatch.setattr(decisions, "append", full)
    both = [said(0, photos[0], Judged.LABEL_WRONG), said(1, photos[1])]
    with pytest.raises(CastingError, match="full"):
        record(dataset, both)
    assert stores.ledger().head().number == 0
    assert labels(dataset, photos[0]) == [Label.DEFECTIVE]
    monkeypatch.undo()


def test_what_is_put_back_for_another_look_needs_a_reason_and_is_not_settled(
    dataset: Dataset, photos: list[str]
) -> None:
    record(dataset, [said(0, photos[0]), said(1, photos[1])])
    assert settled(judgements(dataset)) == {photos[0], photos[1]}
    found = record(dataset, [said(2, photos[0], Judged.LOOK_AGAIN)])
    assert "say in the note why" in found.refused["said-2"]
    record(dataset, [said(3, photos[0], Judged.LOOK_AGAIN, note="under other light")])
    assert settled(judgements(dataset)) == {photos[1]}
    record(dataset, [said(4, photos[0], Judged.CANNOT_TELL)])
    assert settled(judgements(dataset)) == {photos[0], photos[1]}


def test_people_differ_by_the_latest_judgement_of_each(dataset: Dataset, photos: list[str]) -> None:
    def by(number: int, who: str, judged: Judged) -> Said:
        return replace(said(number, photos[0], judged), who=who)

    record(dataset, [by(0, "Ana", Judged.LABEL_RIGHT), by(1, "Ben", Judged.CANNOT_TELL)])
    assert differing(judgements(dataset)) == {photos[0]}
    record(dataset, [by(2, "Ben", Judged.LABEL_RIGHT)])
    assert differing(judgements(dataset)) == set()
