"""Known castings among those to judge, one card in ten, so that the reviewer is measured without knowing by which."""

import random
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from casting_core.domain import Label
from pages.parts.review.card.deck import Card, Deck, cards_of

EVERY = 10  # one card in so many is a known one


def known_cards(
    table: pd.DataFrame, castings: "pd.Series[int] | None", truths: Mapping[str, Label], cell: tuple[int, int]
) -> tuple[list[Card], list[Card]]:
    """Known castings that could lie in this cell (truth and prediction) of a scored table.

    The first have the label of the cell, so that it is right. The others have the opposite one, which the card does not
    say: there the label that it shows is wrong. The model says the same of all of them.
    """
    label, predicted = cell
    told = table[(table["predicted"] == predicted) & table["photo"].isin(truths.keys())]
    truth = told["photo"].map(truths).astype(int)
    right = cards_of(told[(truth == label) & (told["label"] == label)], castings)
    wrong = cards_of(told[truth == 1 - label], castings)
    # A casting of this very cell is to be judged there, too: of it another photo is shown, where there is one.
    again = [replace(card, rows=card.rows[1:2], check=True) for card in right if len(card.rows) > 1]
    return again, [replace(card, rows=card.rows[:1], check=True) for card in wrong]


def mixed(deck: Deck, known: tuple[list[Card], list[Card]]) -> Deck:
    """The deck with known castings mixed in, as many of either sort as there are; always the same for the same deck."""
    chance = random.Random(deck.name)
    taken = {card.key for card in deck.cards}
    sorts = [[card for card in cards if card.key not in taken] for cards in known]
    for cards in sorts:
        chance.shuffle(cards)
    found: list[Card] = []
    for start in range(0, len(deck.cards), EVERY - 1):
        block = list(deck.cards[start : start + EVERY - 1])
        left = [cards for cards in sorts if cards]
        if left:
            block.insert(chance.randint(0, len(block)), chance.choice(left).pop())
        found += block
    return Deck(name=f"{deck.name}+", cards=tuple(found))
