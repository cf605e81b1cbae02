"""Photos in a grid of equal tiles, page by page; a click opens one in full size, a tick chooses it."""

from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.workflows.judging.model import Model
from pages.parts.photos import pager, photo_card, pictures
from pages.parts.shell import session
from pages.parts.shell.look import DOUBTFUL, LABELS, badge, outcome
from pages.parts.shell.text import plain, short

PER_PAGE = 24  # look.STYLE lays them in 2, 3, 4, 6 or 8 columns, so that no full page ends with half a row
GRID = 3  # parts of a gallery: a pager above, the grid, a pager below
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
        pager.fill(GRID)
        return
    opened = _place_of(photos, wanted) if of == key else None
    if opened is not None:
        kept.pages[key] = opened // PER_PAGE
    start = page(key, len(photos)) * PER_PAGE
    pager.show(len(photos), key, each=PER_PAGE, above=True)
    with st.container(key=f"grid {key}"), st.container(horizontal=True, gap="small", key=f"tiles {key}"):
        for place, row in enumerate(photos.iloc[start : start + PER_PAGE].to_dict("records"), start):
            if _tile(row, key=key, model=model, heat=heat, choosing=choosing):
                opened, decided = place, False
        pager.fill(start + PER_PAGE - len(photos))
    pager.show(len(photos), key, each=PER_PAGE, above=False)
    if opened is not None:
        photo_card.show(photos, opened, key=key, dataset=dataset, model=model, heat=heat, decided=decided)


def page(key: str, photos: int) -> int:
    """The page of a gallery of so many photos that is looked at, from 0; the last where there are fewer by now."""
    return pager.page(key, photos, PER_PAGE)


def _place_of(photos: pd.DataFrame, identity: str) -> int | None:
    """Where in the table a photo is."""
    found = (photos["photo"] == identity).to_numpy().nonzero()[0]
    return int(found[0]) if len(found) else None


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
