"""Photos in rows that wrap with the window, page by page; a click opens one in full size, a tick chooses it."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.wording import count
from casting_core.workflows.judging.model import Model
from pages.parts.photos import photo_card, pictures
from pages.parts.shell import session
from pages.parts.shell.look import LABELS, badge, outcome
from pages.parts.shell.text import plain

PER_PAGE = 24
TILE = 164  # pixels, width of a photo in the gallery


def show(
    photos: pd.DataFrame,
    *,
    key: str,
    dataset: Dataset | None = None,
    model: Model | None = None,
    heat: bool = False,
    choosing: bool = False,
) -> None:
    """Draws one page of photos (columns photo, path, split, label; for a model score and predicted) and the pager.

    With ``choosing`` each has a tick that puts it among the photos chosen in this session; with ``dataset`` its card
    tells its relatives and its history, too.
    """
    if photos.empty:
        st.info("No photo is left by these filters. Take one away to see more.", icon=":material/filter_alt_off:")
        return
    start = _pager(len(photos), key) * PER_PAGE
    with st.container(horizontal=True, gap="small", key=f"{key} photos"):
        for row in photos.iloc[start : start + PER_PAGE].to_dict("records"):
            _tile(row, key=key, dataset=dataset, model=model, heat=heat, choosing=choosing)


def _pager(photos: int, key: str) -> int:
    """The page to show, from 0; the choice is drawn only where there is one."""
    pages = math.ceil(photos / PER_PAGE)
    if pages == 1:
        st.caption(count(photos, "photo"))
        return 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.number_input("Page", 1, pages, 1, key=f"{key} page", width=140)
        st.caption(f"of {pages:,} · {count(photos, 'photo')}")
    return int(page) - 1


def _tile(
    row: dict[Any, Any], *, key: str, dataset: Dataset | None, model: Model | None, heat: bool, choosing: bool
) -> None:
    identity, path = row["photo"], row["path"]
    picture = pictures.heat(identity, model) if heat and model else pictures.tile(identity, TILE)
    name = path.rsplit("/", 1)[-1]
    word = "" if pd.isna(row["label"]) else Label(row["label"]).word
    with st.container(width=TILE, gap="xxsmall"):
        st.image(picture, width=TILE, alt=f"{word} casting {name}" + (" with heat map" if heat and model else ""))
        text = f"{plain(name)} {_caption(row, model)}"  # one element: a page has dozens of these
        if choosing:
            _tick(identity, text, f"{key} choose {path}")
        else:
            st.markdown(text)
        if st.button("Full size", key=f"{key} open {path}", icon=":material/zoom_in:", type="tertiary"):
            photo_card.show(row, dataset=dataset, model=model, heat=heat)


def _caption(row: dict[Any, Any], model: Model | None) -> str:
    if pd.isna(row["label"]):
        return ":gray-badge[:material/help: no label]"
    label = Label(row["label"])
    if model is not None:
        return f"{badge(outcome(label, row['predicted']))} **{row['score']:.3f}**"
    score = row.get("score")
    return badge(LABELS[label]) + ("" if score is None or pd.isna(score) else f" **{score:.3f}**")


def _tick(identity: str, text: str, key: str) -> None:
    """A tick that shows whether the photo is chosen, whoever chose it: another file of it, or a button above."""
    session.settle(key, identity in session.current().chosen)
    st.checkbox(text, key=key, on_change=_turn, args=(identity,))


def _turn(identity: str) -> None:
    session.current().chosen ^= {identity}
