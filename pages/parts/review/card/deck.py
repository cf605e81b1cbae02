"""The cards of a cell: one for each casting where castings are known, else one for each photo; the worst first."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False)
class Card:
    """What is judged at once: photos of one casting, the worst first."""

    rows: tuple[dict[Any, Any], ...]  # of the scored table
    casting: int | None  # its number, where it is known
    check: bool = False  # mixed in: its truth is known, and whoever judges it is measured

    @property
    def key(self) -> str:
        """The sha256 of its worst photo."""
        return str(self.rows[0]["photo"])

    @property
    def photos(self) -> list[str]:
        """The sha256 of each of its photos."""
        return [str(row["photo"]) for row in self.rows]


@dataclass(frozen=True, kw_only=True, eq=False)
class Deck:
    """All cards, and a name that changes with them."""

    name: str
    cards: tuple[Card, ...]

    def place(self, wanted: Sequence[str]) -> int | None:
        """Where the first of these cards lies that is there, by their keys."""
        places = {card.key: place for place, card in enumerate(self.cards)}
        return next((places[key] for key in wanted if key in places), None)


def deck_of(photos: pd.DataFrame, castings: "pd.Series[int] | None", *, of: str) -> Deck:
    """The cards of a scored table whose worst photos come first; ``of`` says what else the name depends on."""
    cards = cards_of(photos, castings)
    told = "\n".join([of, *(f"{card.key} {len(card.rows)}" for card in cards)])
    return Deck(name=hashlib.sha256(told.encode()).hexdigest()[:16], cards=cards)


def cards_of(photos: pd.DataFrame, castings: "pd.Series[int] | None") -> tuple[Card, ...]:
    """One card for each casting of a scored table, or for each photo where castings are not known."""
    groups: dict[Any, list[dict[Any, Any]]] = {}
    numbers: dict[Any, int] = {} if castings is None else castings.to_dict()
    for row in photos.drop_duplicates("photo").to_dict("records"):
        groups.setdefault(numbers.get(row["photo"], row["photo"]), []).append(row)
    return tuple(
        Card(rows=tuple(own), casting=group if isinstance(group, int) else None) for group, own in groups.items()
    )
