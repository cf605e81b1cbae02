"""Photos in a grid of equal tiles, page by page; a click opens one in full size, a tick chooses it."""

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
from pages.parts.shell.look import DOUBTFUL, LABELS, badge, outcome
from pages.parts.shell.text import plain, short

PER_PAGE = 24  # look.STYLE lays them in 2, 3, 4, 6 or 8 columns, so that no full page ends with half a row
TILE = 200  # pixels, width of a photo in the gallery


def show(
    photos: pd.DataFrame,
    *,
    key: str,
    dataset: Dataset | None = None,
    model: Model | None = None,
    heat: bool = False,
    choosing: bool = False,
) -> None:
    """Draws one page of photos (columns photo, path, split, label; for a model score and predicted) between two pagers.

    With ``choosing`` each has a tick that puts it among the photos chosen in this session; with ``dataset`` its card
    tells its relatives and its history, too, and there it is decided about.
    """
    kept = session.current()
    (of, wanted, decided), kept.to_open = kept.to_open or ("", "", False), None
    if photos.empty:
        st.info("No photo is left by these filters. Take one away to see more.", icon=":material/filter_alt_off:")
        return
    opened = _place_of(photos, wanted) if of == key else None
    if opened is not None:
        kept.pages[key] = opened // PER_PAGE
    start = page(key, len(photos)) * PER_PAGE
    _pager(len(photos), key, above=True)
    with st.container(key=f"grid {key}"), st.container(horizontal=True, gap="small", key=f"tiles {key}"):
        for place, row in enumerate(photos.iloc[start : start + PER_PAGE].to_dict("records"), start):
            if _tile(row, key=key, model=model, heat=heat, choosing=choosing):
                opened, decided = place, False
    _pager(len(photos), key, above=False)
    if opened is not None:
        photo_card.show(photos, opened, key=key, dataset=dataset, model=model, heat=heat, decided=decided)


def page(key: str, photos: int) -> int:
    """The page of a gallery of so many photos that is looked at, from 0; the last where there are fewer by now."""
    last = max(0, math.ceil(photos / PER_PAGE) - 1)
    return min(session.current().pages.get(key, 0), last)


def _place_of(photos: pd.DataFrame, identity: str) -> int | None:
    """Where in the table a photo is."""
    found = (photos["photo"] == identity).to_numpy().nonzero()[0]
    return int(found[0]) if len(found) else None


def _pager(photos: int, key: str, *, above: bool) -> None:
    """Which page this is, and the way to the others; the one above says how many photos there are, too."""
    pages = math.ceil(photos / PER_PAGE)
    if pages == 1:
        if above:
            st.caption(count(photos, "photo"))
        return
    now, where = page(key, photos), "above" if above else "below"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"pager {where} {key}"):
        st.button(
            "Previous page", key=f"{key} previous {where}", icon=":material/arrow_back:", disabled=now == 0,
            on_click=_turn_to, args=(key, now - 1),
        )  # fmt: skip
        st.button(
            "Next page", key=f"{key} next {where}", icon=":material/arrow_forward:", icon_position="right",
            disabled=now == pages - 1, on_click=_turn_to, args=(key, now + 1),
        )  # fmt: skip
        if above:
            session.settle(f"{key} page", now + 1)
            st.number_input(
                "Page", 1, pages, key=f"{key} page", width=140, on_change=lambda: _typed(key, f"{key} page")
            )
            st.caption(f"of {pages:,} · {count(photos, 'photo')}", width="content")
        else:
            st.caption(f"Page {now + 1:,} of {pages:,}", width="content")


def _turn_to(key: str, number: int) -> None:
    session.current().pages[key] = number


def _typed(key: str, box: str) -> None:
    _turn_to(key, int(st.session_state[box]) - 1)


def _tile(row: dict[Any, Any], *, key: str, model: Model | None, heat: bool, choosing: bool) -> bool:
    """One photo; whether it was asked for in full size just now."""
    identity, path = row["photo"], row["path"]
    picture = pictures.heat(identity, model) if heat and model else pictures.tile(identity, TILE)
    name = path.rsplit("/", 1)[-1]
    word = "" if pd.isna(row["label"]) else Label(row["label"]).word
    with st.container(gap="xxsmall"):
        st.image(picture, width="stretch", alt=f"{word} casting {name}" + (" with heat map" if heat and model else ""))
        text = f"{plain(short(name))} {_caption(row, model)}"  # one element: a page has dozens of these
        if choosing:
            _tick(identity, text, f"{key} choose {path}")
        else:
            st.markdown(text)
        return st.button(
            "Full size", key=f"{key} open {path}", icon=":material/zoom_in:", type="tertiary", help=plain(path)
        )


def _caption(row: dict[Any, Any], model: Model | None) -> str:
    if pd.isna(row["label"]):
        return ":gray-badge[:material/help: no label]"
    label = Label(row["label"])
    if model is not None:
        doubt = f" {badge(DOUBTFUL)} :small[{plain(row['doubt'], longest=200)}]" if row.get("doubt") else ""
        return f"{badge(outcome(label, row['predicted']))} **{row['score']:.3f}**{doubt}"
    score = row.get("score")
    return badge(LABELS[label]) + ("" if score is None or pd.isna(score) else f" **{score:.3f}**")


def _tick(identity: str, text: str, key: str) -> None:
    """A tick that shows whether the photo is chosen, whoever chose it: another file of it, or a button above."""
    session.settle(key, identity in session.current().chosen)
    st.checkbox(text, key=key, on_change=_turn, args=(identity,))


def _turn(identity: str) -> None:
    session.current().chosen ^= {identity}
