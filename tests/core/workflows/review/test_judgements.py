"""What people say of judged photos: kept in order, never overwritten, and taken back with what it changed."""

from pathlib import Path

import pytest
from sqlalchemy import update

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import DatasetError, LedgerError
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import ledger
from casting_core.settings import settings
from casting_core.workflows import stores
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review import history
from casting_core.workflows.review.judgements import Judged, judge, judgements, undo


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


def label_of(dataset: Dataset, photo: str) -> int:
    now = open_dataset(dataset.root).photos
    return int(now.loc[now["photo"] == photo, "label"].iloc[0])


def test_the_latest_judgement_counts_and_the_earlier_ones_stay(dataset: Dataset) -> None:
    photo = dataset.part("test")["photo"].iloc[0]
    judge(dataset, photo, Judged.CANNOT_TELL, model="v1", score=0.4, who="Ana", note="too dark")
    judge(dataset, photo, Judged.LABEL_RIGHT, model="v2", score=0.6, who=" Ben ", kind="cavities")
    last, first = judgements(dataset)[photo]
    assert (last.judged, last.who, last.kind, last.model) == (Judged.LABEL_RIGHT, "Ben", "cavities", "v2")
    assert (first.judged, first.note, first.score) == (Judged.CANNOT_TELL, "too dark", 0.4)
    undo(dataset, last, who="Ana")
    assert judgements(dataset)[photo] == [first]
    assert stores.ledger().verify().number == 3  # nothing was taken out


def test_a_wrong_label_corrects_the_dataset_and_undoing_brings_it_back(dataset: Dataset) -> None:
    photo = dataset.part("test")["photo"].iloc[0]
    before = label_of(dataset, photo)
    judge(dataset, photo, Judged.LABEL_WRONG, model="v1", score=0.9, who="Ana", note="a scratch of the table")
    assert label_of(dataset, photo) == 1 - before
    (one,) = judgements(dataset)[photo]
    assert one.label == ("defective" if before else "ok")  # what it was called then
    undo(dataset, one, who="Ana")
    assert label_of(dataset, photo) == before
    assert judgements(dataset) == {}


def test_a_row_altered_beyond_reading_harms_no_other(dataset: Dataset) -> None:
    first, second = dataset.part("test")["photo"].iloc[:2]
    for photo in (first, second):
        judge(dataset, photo, Judged.LABEL_RIGHT, model="v1", score=0.4, who="Ana")
    with writing(connect(settings().database_url)) as connection:
        connection.execute(update(ledger).where(ledger.c.number == 1).values(body="nonsense {"))
    assert list(judgements(dataset)) == [second]
    assert [history.what(row) for row in stores.ledger().rows()][1].startswith(": photo")
    with pytest.raises(LedgerError, match="row 1: it was altered"):
        stores.ledger().verify()


def test_judgements_of_another_folder_are_another_matter(dataset: Dataset, sample_folder: Path) -> None:
    photo = dataset.part("test")["photo"].iloc[0]
    judge(dataset, photo, Judged.LABEL_RIGHT, model="v1", score=0.4, who="Ana")
    assert judgements(open_dataset(sample_folder / "test")) == {}


@pytest.mark.parametrize(("photo", "who", "reason"), [(None, " ", "say who judges"), ("0" * 64, "Ana", "no label")])
def test_a_judgement_wants_a_person_and_a_photo(dataset: Dataset, photo: str | None, who: str, reason: str) -> None:
    with pytest.raises(DatasetError, match=reason):
        judge(dataset, photo or dataset.identities[0], Judged.LABEL_RIGHT, model="v1", score=0.4, who=who)
    assert stores.ledger().head().number == 0
