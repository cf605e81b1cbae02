"""Judgements as pages know them: each row is read once, whoever wrote it, and none of a database that has gone."""

from pathlib import Path

import pytest
from sqlalchemy import delete

from casting_core.data.datasets.scan import Dataset
from casting_core.records.chain import Entry
from casting_core.records.database.access import connect, writing
from casting_core.records.database.tables import ledger
from casting_core.settings import settings
from casting_core.workflows.datasets.opening import open_dataset
from casting_core.workflows.review import judgements as judging
from casting_core.workflows.review.judgements import Judged, judge, undo
from pages.parts.caches.review_cache import Told


@pytest.fixture
def dataset(sample_folder: Path) -> Dataset:
    return open_dataset(sample_folder)


def say(dataset: Dataset, at: int, judged: Judged = Judged.LABEL_RIGHT) -> str:
    photo = str(dataset.part("test")["photo"].iloc[at])
    judge(dataset, photo, judged, model="v1", score=0.4, who="Ana")
    return photo


def test_each_row_is_read_once_and_the_next_ones_are_asked_for_from_the_last(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    rows_from = judging.rows_from

    def counted(number: int) -> list[Entry]:
        asked.append(number)
        return rows_from(number)

    monkeypatch.setattr(judging, "rows_from", counted)
    told, root = Told(), frozenset([str(dataset.root)])
    assert told.judgements(root) == {}
    first = say(dataset, 0)
    assert list(told.judgements(root)) == [first]
    second = say(dataset, 1)
    found = told.judgements(root)
    assert found == judging.judgements(dataset)
    assert told.judgements(root) is found, "what nobody has added to is not worked out anew"
    undo(dataset, found[second][0], who="Ana")
    assert list(told.judgements(root)) == [first]
    assert told.judgements(frozenset(["/another/folder"])) == {}
    assert asked == [1, 1, 1, 2, 2, 3][: len(asked)]


def test_after_a_backup_was_brought_back_only_what_is_in_it_counts(dataset: Dataset) -> None:
    told, root = Told(), frozenset([str(dataset.root)])
    first = say(dataset, 0)
    say(dataset, 1)
    told.judgements(root)
    with writing(connect(settings().database_url)) as connection:
        connection.execute(delete(ledger).where(ledger.c.number == 2))
    assert list(told.judgements(root)) == [first]
    other = say(dataset, 2)
    assert list(told.judgements(root)) == [other, first], "another row has the number of the one that has gone"
