"""Photos in rows that wrap with the window, page by page; a click opens one in full size."""

import math
from typing import Any

import pandas as pd
import streamlit as st

from casting_core.domain import Label
from casting_core.workflows.judge import Model
from pages.parts import resources
from pages.parts.look import LABELS, badge, outcome
from pages.parts.text import count, plain

PER_PAGE = 24
TILE = 164  # pixels, width of a photo in the gallery


def show(photos: pd.DataFrame, *, key: str, model: Model | None = None, heat: bool = False) -> None:
    """Draws one page of photos (columns photo, path, split, label; for a model score and predicted) and the pager."""
    if photos.empty:
        st.info("No photo is left by these filters. Take one away to see more.", icon=":material/filter_alt_off:")
        return
    start = _pager(len(photos), key) * PER_PAGE
    with st.container(horizontal=True, gap="small", key=f"{key} photos"):
        for row in photos.iloc[start : start + PER_PAGE].to_dict("records"):
            _tile(row, key=key, model=model, heat=heat)


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


def _tile(row: dict[Any, Any], *, key: str, model: Model | None, heat: bool) -> None:
    identity, path, label = row["photo"], row["path"], Label(row["label"])
    picture = resources.heat(identity, model) if heat and model else resources.photo(identity)
    name = path.rsplit("/", 1)[-1]
    with st.container(width=TILE, gap="xxsmall"):
        st.image(picture, width=TILE, alt=f"{label.word} casting {name}" + (" with heat map" if heat and model else ""))
        if model is None:
            st.markdown(badge(LABELS[label]))
        else:
            st.markdown(f"{badge(outcome(label, row['predicted']))} **{row['score']:.3f}**")
        st.caption(plain(name))
        if st.button("Full size", key=f"{key} open {path}", icon=":material/zoom_in:", type="tertiary"):
            _full_size(row, model, heat)


@st.dialog("Casting", width="large")
def _full_size(row: dict[Any, Any], model: Model | None, heat: bool) -> None:
    identity, label = row["photo"], Label(row["label"])
    st.markdown(f"{badge(LABELS[label])} by its folder, split {row['split']}")
    if model is not None:
        predicted = Label(row["predicted"])
        st.markdown(
            f"{badge(outcome(label, predicted))} Model **{plain(model.card.name)}** says **{predicted.word}**: score "
            f"**{row['score']:.4f}**, threshold {model.card.threshold:g}"
        )
        heat = st.toggle("Heat map", value=heat, key=f"heat of {identity}")
    shown = resources.heat(identity, model) if heat and model else resources.photo(identity)
    st.image(shown, width="stretch", alt=f"{label.word} casting in full size")
    st.caption(f"{plain(row['path'])}  \nsha256 {identity}")
