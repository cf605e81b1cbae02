"""Known castings mixed in: one card in ten, of both sorts, never one that is to be judged there anyway."""

import pandas as pd
import pytest

from casting_core.domain import Label
from pages.parts.review.card.deck import Deck, deck_of
from pages.parts.review.card.mixing import EVERY, known_cards, mixed

FOUND = (int(Label.DEFECTIVE), int(Label.DEFECTIVE))


@pytest.fixture
def table() -> pd.DataFrame:
    """Forty castings with two photos each, every second one defective, all of them rejected."""
    numbers = range(80)
    return pd.DataFrame(
        {
            "photo": [f"{number:064x}" for number in numbers],
            "label": [number // 2 % 2 for number in numbers],
            "predicted": 1,
            "score": 0.9,
        }
    )


@pytest.fixture
def castings(table: pd.DataFrame) -> "pd.Series[int]":
    return pd.Series([number // 2 for number in range(len(table))], index=table["photo"])


def deck(table: pd.DataFrame, castings: "pd.Series[int]") -> Deck:
    return deck_of(table[table["label"] == Label.DEFECTIVE], castings, of="test")


def test_one_card_in_ten_is_known_and_the_others_stay_in_their_order(
    table: pd.DataFrame, castings: "pd.Series[int]"
) -> None:
    truths = {photo: Label(int(label)) for photo, label in zip(table["photo"], table["label"], strict=True)}
    plain = deck(table, castings)
    known = known_cards(table, castings, truths, FOUND)
    found = mixed(plain, known)
    assert [card for card in found.cards if not card.check] == list(plain.cards)
    assert sum(card.check for card in found.cards) == -(-len(plain.cards) // (EVERY - 1)) == 3
    assert len({card.key for card in found.cards}) == len(found.cards)
    assert [card.key for card in mixed(plain, known).cards] == [card.key for card in found.cards]
    assert found.name != plain.name


def test_known_castings_of_both_labels_are_shown_with_the_label_of_the_cell(
    table: pd.DataFrame, castings: "pd.Series[int]"
) -> None:
    truths = {photo: Label(int(label)) for photo, label in zip(table["photo"], table["label"], strict=True)}
    right, wrong = known_cards(table, castings, truths, FOUND)
    assert {truths[card.key] for card in right} == {Label.DEFECTIVE}
    assert {truths[card.key] for card in wrong} == {Label.OK}
    assert {len(card.rows) for card in (*right, *wrong)} == {1}
    assert {card.key for card in right}.isdisjoint(card.key for card in deck(table, castings).cards), "another photo"
    passed = (int(Label.DEFECTIVE), int(Label.OK))
    assert known_cards(table, castings, truths, passed) == ([], []), "the model must say the same of them"
    plain = deck(table, castings)
    assert mixed(plain, ([], [])).cards == plain.cards
