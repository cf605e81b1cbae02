"""The card on the Review page: what it says is recorded, and what it needs next is sent to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, OperatingPoint
from casting_core.errors import CastingError
from casting_core.workflows import stores
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review import judgements
from casting_core.workflows.review.judgements import Judged, Judgement, Recorded
from casting_core.workflows.review.known import answered, truths
from pages.parts.caches import dataset_cache, review_cache
from pages.parts.caches.open_cards import open_cards
from pages.parts.photos.judge_form import RIGHT, WORDS
from pages.parts.review.card import component, mixing, sending, spoken
from pages.parts.review.card.deck import Card, deck_of
from pages.parts.review.card.spoken import Asked
from pages.parts.shell import guards, session
from pages.parts.shell.errors import show_errors

KEY = "review card"
Known = tuple[list[Card], list[Card]] | None

# A key means one word in every cell: whoever has "1: really missed" in the fingers calls nothing a false alarm by it.
FALSE_ALARM = RIGHT[Label.OK, Label.DEFECTIVE]
KEYS = {Judged.LABEL_WRONG: "3", Judged.CANNOT_TELL: "4", Judged.LOOK_AGAIN: "5"}


def show(
    photos: pd.DataFrame,
    *,
    dataset: Dataset,
    table: pd.DataFrame,
    cell: tuple[int, int],
    model: Model,
    split: str,
    point: OperatingPoint,
) -> None:
    """The cards of these scored photos of one cell (truth and prediction) of a table, the worst first.

    ``point`` is the one that the cell was told by: that in force, or another one that is looked at.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("#### Judge one after another")
        blind = st.toggle(
            "Second opinion",
            key="second opinion",
            help="What others said of a casting is hidden, and those that you have not judged come first. What you say "
            "is marked as a second opinion. The filter above finds where people differ.",
        )
        measured = st.toggle(
            "Mix in known castings",
            key="known castings",
            help="One card in ten is a casting whose truth is known, from the drawing or from two people who agree. "
            "What you say of it measures you and counts as no judgement. The share right is told at the end.",
        )
    known = _known(table, dataset, cell) if measured else None
    with st.container(key="judge-each"):  # look.STYLE keeps its room
        _sitting(photos, known, cell, replace(model, point=point), split, in_force=model.point, blind=blind)


def _known(table: pd.DataFrame, dataset: Dataset, cell: tuple[int, int]) -> Known:
    kept = session.current()
    with show_errors():
        if kept.measured_from is None:
            kept.measured_from = stores.ledger().head().number
        found = mixing.known_cards(table, dataset_cache.castings(dataset), _truths(dataset), cell)
    if not any(found):
        st.caption(
            "No casting is known that could be mixed in here: a casting is known once two people have judged it alike "
            "and nobody otherwise."
        )
    return found


def _truths(dataset: Dataset) -> dict[str, Label]:
    return truths(dataset, review_cache.judgements(dataset))


@st.fragment
def _sitting(
    photos: pd.DataFrame,
    known: Known,
    cell: tuple[int, int],
    looked_at: Model,
    split: str,
    *,
    in_force: OperatingPoint,
    blind: bool,
) -> None:
    """Only this is drawn anew when the card speaks; the photos stay those of the page around it."""
    model = replace(looked_at, point=in_force)
    dataset = guards.dataset()  # as decided by now: a label may have been corrected a moment ago
    scope = hashlib.sha256(str(dataset.root).encode()).hexdigest()[:16]
    asked = spoken.asked(spoken.read(st.session_state.get(KEY)), scope=scope)
    recorded, trouble = _record(dataset, asked)
    castings = dataset_cache.castings(dataset)
    deck = deck_of(photos, castings, of=f"{scope} {model.card.name} {split}{' blind' * blind}")
    if known is not None:
        deck = mixing.mixed(deck, known)
    kept = session.current()
    said = partial(_said_before, dataset, kept.who if blind else None)
    data = _frame(Label(cell[0]), Label(cell[1]), looked_at) | {
        "as_if": looked_at.point.limits != in_force.limits,
        "n": asked.number,
        "scope": scope,
        "who": kept.who,
        "deck": deck.name,
        "total": len(deck.cards),
        "castings": castings is not None,
        "acked": list(recorded.written),
        "refused": recorded.refused,
        "trouble": trouble,
        "blind": blind,
        "taken": open_cards().say(asked.tab, scope=scope, card=asked.open, who=kept.who if kept.signed else asked.who),
        "answered": _answered(dataset) if known is not None else "",
        **sending.sent(deck, asked, dataset, model, said, named=known is None),
    }
    if component.mount(data, key=KEY).refresh:
        st.rerun()


def _record(dataset: Dataset, asked: Asked) -> tuple[Recorded, str]:
    """What became of the judgements, and why none of them could be written, where that is so."""
    if asked.who and not session.current().signed:
        session.current().who = asked.who
    try:
        known = _truths(dataset) if any(one.check for one in asked.said) else {}
        return judgements.record(dataset, asked.said, truths=known), ""
    except CastingError as error:
        return Recorded(written=(), refused={}), str(error)


def _answered(dataset: Dataset) -> str:
    """How this person has judged known castings since they were mixed in, in a sentence."""
    kept = session.current()
    with show_errors():
        return answered(dataset, kept.who, after=kept.measured_from or 0).words if kept.who else ""


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


def _said_before(dataset: Dataset, only: str | None) -> Mapping[str, Sequence[Judgement]]:
    """What was judged before, by photo, the latest first; of ``only`` one person, who gives a second opinion."""
    found = review_cache.judgements(dataset)
    if only is None:
        return found
    own = {photo: [one for one in some if one.who == only] for photo, some in found.items()}
    return {photo: some for photo, some in own.items() if some}
