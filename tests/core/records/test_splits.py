"""Splits and revisions are kept under one name and one number each, also where two people are at it at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from casting_core.errors import DatasetError
from casting_core.records.datasets import RevisionBook
from casting_core.records.splits import SplitBook


def test_a_split_is_kept_and_forgotten(engine: Engine) -> None:
    book = SplitBook(engine)
    kept = book.put("/photos", "honest", plan={"kind": "casting"}, parts={"a": "train", "b": "test"})
    assert book.find("/photos", "honest") == kept
    assert book.plans("/photos") == {"honest": {"kind": "casting"}}
    book.forget("/photos", "honest")
    with pytest.raises(DatasetError, match=r"no split 'honest' is kept with '/photos' \(known: none\)"):
        book.find("/photos", "honest")


def test_of_many_who_keep_a_split_under_one_name_one_wins(engine: Engine) -> None:
    book = SplitBook(engine)

    def keep(number: int) -> bool:
        try:
            book.put("/photos", "honest", plan={"seed": number}, parts={})
        except DatasetError as error:
            assert "there is a split 'honest' already" in str(error)
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(keep, range(16))) == 1


def test_a_state_has_one_number_whoever_sees_it_first(engine: Engine) -> None:
    book = RevisionBook(engine)
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda at: book.number("/photos", f"state {at % 4}", photos=1), range(32)))
    assert sorted(set(numbers)) == [1, 2, 3, 4]
    assert all(numbers[at] == numbers[at % 4] for at in range(32))
    assert book.number("/others", "state 0", photos=1) == 1
