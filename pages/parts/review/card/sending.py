"""What the card in the browser is sent: the cards and photos around the one that is looked at which it lacks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from casting_core.data.datasets.scan import Dataset
from casting_core.wording import moment
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review import judgements
from casting_core.workflows.review.judgements import Judgement
from pages.parts.review.card import material
from pages.parts.review.card.deck import Card, Deck
from pages.parts.review.card.spoken import Asked

BEFORE, AHEAD = 12, 100  # cards that are sent with a small photo: behind and before the one that is looked at
SHARP = 6  # of those before it in full size
STRIP = 12  # photos of a casting that are shown beside its worst one

Said = Mapping[str, Sequence[Judgement]]  # by photo, the latest first


def sent(
    deck: Deck, asked: Asked, dataset: Dataset, model: Model, said: Callable[[], Said], *, named: bool
) -> dict[str, Any]:
    """Which card is looked at, and what the browser lacks around it.

    Of a deck that the browser does not know, first nothing is sent but the cards and the photo of the one to look at,
    so that it is there at once; the browser then asks for the rest.

    ``said`` tells what was judged before. Without ``named`` nothing is sent that gives the label of a casting away: its
    files lie in folders that say it.
    """
    known = asked.deck == deck.name
    first, last = asked.cards if known else (0, 0)
    place = asked.place if known else deck.place(asked.at)
    judged: Said = {} if known else said()
    if place is None:
        done = judgements.settled(judged)
        place = next((at for at, card in enumerate(deck.cards) if card.key not in done), 0)
    place = max(0, min(place, len(deck.cards) - 1))
    wanted = range(max(0, place - BEFORE), min(len(deck.cards), place + AHEAD))
    fresh = [at for at in wanted if not first <= at < last]
    judged = said() if fresh and known else judged
    near = [place, *range(place + 1, place + SHARP), place - 1]
    cards = [deck.cards[at] for at in near if 0 <= at < len(deck.cards)]
    sharp = [*_wished(deck, asked.wish), *(card.rows[0] for card in cards)]
    if not known and cards:
        row = cards[0].rows[0]
        picture = material.photo(str(row["photo"]), str(row["path"]), str(dataset.root), dataset)
        rest: dict[str, Any] = {"details": {}, "pictures": {str(row["photo"]): picture}, "strips": {}}
    else:
        strips = {card.key: _strip(card) for card in cards if card.key not in asked.full}
        rest = {"strips": strips, **_sharp(sharp, asked.full, dataset, model)}
    return {
        "place": place,
        "cards": [{"place": at, **_card(deck.cards[at], judged, named=named)} for at in fresh],
        **rest,
    }


def _wished(deck: Deck, photo: str) -> list[dict[Any, Any]]:
    """The photo of a strip that somebody wants to see large."""
    return [row for card in deck.cards if photo in card.photos for row in card.rows if row["photo"] == photo][:1]


def _card(card: Card, said: Said, *, named: bool) -> dict[str, Any]:
    row, judged = card.rows[0], [] if card.check else said.get(card.key, [])
    return {
        "key": card.key,
        "casting": card.casting,
        "check": card.check,
        "tile": material.tile(card.key, material.TILE),
        "kinds": material.kinds_of(row) if named else [],
        "earlier": [*([] if card.check else _doubt(row)), *map(_line, judged)],
        "regions": [asdict(one.region) for one in judged if one.region is not None],
        "photos": [
            {
                "photo": str(one["photo"]),
                "path": str(one["path"]) if named else "",
                "score": float(one["score"]),
                "size": [int(one["width"]), int(one["height"])],
            }
            for one in card.rows
        ],
    }


def _strip(card: Card) -> list[str]:
    """Small pictures of the photos of a casting; none where it has one only."""
    return [material.tile(photo, material.IN_STRIP) for photo in card.photos[:STRIP]] if len(card.rows) > 1 else []


def _doubt(row: dict[Any, Any]) -> list[str]:
    """Why the label is doubtful, where it is and that is known."""
    return [f"The label is doubtful: {row['doubt']}"] if row.get("doubt") else []


def _line(one: Judgement) -> str:
    second = ", second opinion" if one.second else ""
    more = [f" · {text}" for text in (one.kind, one.note, "region marked" if one.region else "") if text]
    return f"{moment(one.at)} · {one.who}{second}: {one.judged.value} (it was {one.label}){''.join(more)}"


def _sharp(
    rows: Iterable[dict[Any, Any]], have: frozenset[str], dataset: Dataset, model: Model
) -> dict[str, dict[str, Any]]:
    """Photos in full size that the browser does not have, and what is known of them; sound ones beside them, too."""
    missing = {str(row["photo"]): str(row["path"]) for row in rows if row["photo"] not in have}
    told = material.details(dataset, missing, model) if missing else {}
    sound = {one["sound"]: one["sound_path"] for one in told.values() if one.get("sound", "") not in {"", *have}}
    root = str(dataset.root)
    pictures = {photo: material.photo(photo, path, root, dataset) for photo, path in (sound | missing).items()}
    return {"details": told, "pictures": pictures}
