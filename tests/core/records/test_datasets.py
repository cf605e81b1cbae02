"""The book of datasets: each under its own name, in the order in which they came."""

from itertools import count

import pytest
from sqlalchemy import Engine

from casting_core.errors import DatasetError
from casting_core.records.datasets import DatasetBook, NamedDataset

RULE = {"ok": ["good"], "defective": ["bad", "\u202eodd"]}
ONE = NamedDataset(name="spring", folder="/photos/a", rule=RULE)
TWO = NamedDataset(name="# autumn *", folder="/photos/b", rule=RULE)


@pytest.fixture
def book(engine: Engine) -> DatasetBook:
    return DatasetBook(engine, clock=count(1).__next__)


def test_datasets_are_kept_in_order(book: DatasetBook) -> None:
    book.put(TWO)
    book.put(ONE)
    assert book.all() == [TWO, ONE]
    assert book.find("spring") == ONE


def test_a_dataset_under_a_known_name_takes_its_place(book: DatasetBook) -> None:
    book.put(TWO)
    book.put(ONE)
    moved = NamedDataset(name=TWO.name, folder="/photos/c", rule={"ok": [], "defective": []})
    book.put(moved)
    assert book.all() == [moved, ONE]


def test_a_name_that_was_forgotten_is_not_known(book: DatasetBook) -> None:
    with pytest.raises(DatasetError, match=r"no dataset 'spring' \(known: none\)"):
        book.find("spring")
    book.put(ONE)
    book.put(TWO)
    book.forget("spring")
    book.forget("never there")
    with pytest.raises(DatasetError, match=r"no dataset 'spring' \(known: '# autumn \*'\)"):
        book.find("spring")


def test_a_dataset_is_added_once_under_a_name(book: DatasetBook) -> None:
    book.add(ONE)
    with pytest.raises(DatasetError, match="there is a dataset named 'spring' already"):
        book.add(NamedDataset(name="spring", folder="/photos/z", rule=RULE))
    assert book.all() == [ONE]


def test_a_dataset_keeps_its_place_under_another_name(book: DatasetBook) -> None:
    book.add(ONE)
    book.add(TWO)
    renamed = book.rename("spring", "summer")
    assert book.all() == [renamed, TWO]
    with pytest.raises(DatasetError, match="already"):
        book.rename("summer", TWO.name)
    assert book.rename("summer", "summer") == renamed


def test_a_removed_dataset_comes_back_to_its_place(book: DatasetBook) -> None:
    book.add(ONE)
    book.add(TWO)
    number = book.remove("spring")
    assert book.all() == [TWO]
    assert [(gone.dataset, gone.settled) for gone in book.removed()] == [(ONE, False)]
    assert book.restore(number) == ONE
    assert book.all() == [ONE, TWO]
    assert book.removed() == []


def test_what_is_settled_does_not_come_back(book: DatasetBook) -> None:
    book.add(ONE)
    book.add(TWO)
    number = book.remove("spring")
    book.settle(number)
    assert [gone.settled for gone in book.removed()] == [True]
    with pytest.raises(DatasetError, match="put back already"):
        book.restore(number)
