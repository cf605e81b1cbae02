"""The card on the Review page: what it says is recorded, and what it needs next is sent to it."""

import hashlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.wording import moment
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review import judgements
from casting_core.workflows.review.judgements import Judged, Judgement, Recorded
from pages.parts.caches import dataset_cache
from pages.parts.photos.judge_form import RIGHT, WORDS
from pages.parts.review.card import component, material, spoken
from pages.parts.review.card.deck import Card, Deck, deck_of
from pages.parts.review.card.spoken import Asked
from pages.parts.shell import guards, session

KEY = "review card"
BEFORE, AHEAD = 12, 100  # cards that are sent with a small photo: behind and before the one that is looked at
SHARP = 6  # of those before it in full size
STRIP = 12  # photos of a casting that are shown beside its worst one

# A key means one word in every cell: whoever has "1: really missed" in the fingers calls nothing a false alarm by it.
FALSE_ALARM = RIGHT[Label.OK, Label.DEFECTIVE]
KEYS = {Judged.LABEL_WRONG: "3", Judged.CANNOT_TELL: "4", Judged.LOOK_AGAIN: "5"}


def show(photos: pd.DataFrame, *, cell: tuple[int, int], model: Model, split: str) -> None:
    """The cards of these scored photos of one cell (truth and prediction), the worst first."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("#### Judge one after another")
        blind = st.toggle(
            "Second opinion",
            key="second opinion",
            help="What others said of a casting is hidden, and those that you have not judged come first. The filter "
            "above finds where people differ.",
        )
    with st.container(key="judge-each"):  # look.STYLE keeps its room
        _sitting(photos, cell, model, split, blind=blind)


@st.fragment
def _sitting(photos: pd.DataFrame, cell: tuple[int, int], model: Model, split: str, *, blind: bool) -> None:
    """Only this is drawn anew when the card speaks; the photos stay those of the page around it."""
    dataset = guards.dataset()  # as decided by now: a label may have been corrected a moment ago
    scope = hashlib.sha256(str(dataset.root).encode()).hexdigest()[:16]
    asked = spoken.asked(spoken.read(st.session_state.get(KEY)), scope=scope)
    recorded, trouble = _record(dataset, asked)
    castings = dataset_cache.castings(dataset)
    deck = deck_of(photos, castings, of=f"{scope} {model.card.name} {split}{' blind' * blind}")
    said = partial(_said_before, dataset, session.current().who if blind else None)
    data = _frame(Label(cell[0]), Label(cell[1]), model) | {
        "n": asked.number,
        "scope": scope,
        "who": session.current().who,
        "deck": deck.name,
        "total": len(deck.cards),
        "castings": castings is not None,
        "acked": list(recorded.written),
        "refused": recorded.refused,
        "trouble": trouble,
        **_sent(deck, asked, dataset, model, said),
    }
    if component.mount(data, key=KEY).refresh:
        st.rerun()


def _record(dataset: Dataset, asked: Asked) -> tuple[Recorded, str]:
    """What became of the judgements, and why none of them could be written, where that is so."""
    if asked.who and not session.current().signed:
        session.current().who = asked.who
    try:
        return judgements.record(dataset, asked.said), ""
    except CastingError as error:
        return Recorded(written=(), refused={}), str(error)


def _frame(label: Label, predicted: Label, model: Model) -> dict[str, Any]:
    """What is the same on every card of a cell."""
    right = RIGHT[label, predicted]
    words = {Judged.LABEL_RIGHT: right, **WORDS}
    keys = {Judged.LABEL_RIGHT: "2" if right == FALSE_ALARM else "1", **KEYS}
    return {
        "buttons": [{"judged": one.value, "key": keys[one], "word": words[one]} for one in Judged],
        "label": label.word,
        "other": Label(1 - label).word,
        "predicted": predicted.word,
        "model": model.card.name,
        "point": model.point.threshold,
        "upper": model.point.upper,
        "kinds": list(judgements.KINDS),
        "longest": {"note": judgements.LONGEST, "name": spoken.LONGEST_NAME},
    }


def _said_before(dataset: Dataset, only: str | None) -> dict[str, list[Judgement]]:
    """What was judged before, by photo, the latest first; of ``only`` one person, who gives a second opinion."""
    found = judgements.judgements(dataset)
    if only is None:
        return found
    own = {photo: [one for one in some if one.who == only] for photo, some in found.items()}
    return {photo: some for photo, some in own.items() if some}


def _sent(
    deck: Deck, asked: Asked, dataset: Dataset, model: Model, said: Callable[[], dict[str, list[Judgement]]]
) -> dict[str, Any]:
    """The cards and photos around the one that is looked at which the browser does not have."""
    known = asked.deck == deck.name
    first, last = asked.cards if known else (0, 0)
    place = asked.place if known else deck.place(asked.at)
    judged = {} if known else said()
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
    return {
        "place": place,
        "cards": [{"place": at, **_card(deck.cards[at], judged)} for at in fresh],
        "strips": {card.key: _strip(card) for card in cards if card.key not in asked.full},
        **_sharp(sharp, asked.full, dataset, model),
    }


def _wished(deck: Deck, photo: str) -> list[dict[Any, Any]]:
    """The photo of a strip that somebody wants to see large."""
    return [row for card in deck.cards if photo in card.photos for row in card.rows if row["photo"] == photo][:1]


def _card(card: Card, judged: dict[str, list[Judgement]]) -> dict[str, Any]:
    row = card.rows[0]
    return {
        "key": card.key,
        "casting": card.casting,
        "tile": material.tile(card.key, material.TILE),
        "kinds": material.kinds_of(row),
        "earlier": [*_doubt(row), *(_line(one) for one in judged.get(card.key, []))],
        "photos": [
            {"photo": str(one["photo"]), "path": str(one["path"]), "score": float(one["score"])} for one in card.rows
        ],
    }


def _strip(card: Card) -> list[str]:
    """Small pictures of the photos of a casting; none where it has one only."""
    return [material.tile(photo, material.IN_STRIP) for photo in card.photos[:STRIP]] if len(card.rows) > 1 else []


def _doubt(row: dict[Any, Any]) -> list[str]:
    """Why the label is doubtful, where it is and that is known."""
    return [f"The label is doubtful: {row['doubt']}"] if row.get("doubt") else []


def _line(one: Judgement) -> str:
    more = [f" · {text}" for text in (one.kind, one.note) if text]
    return f"{moment(one.at)} · {one.who}: {one.judged.value} (it was {one.label}){''.join(more)}"


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
