"""Photos casting by casting: a strip for each, the one with the worst photo first, page by page."""

from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.wording import count
from casting_core.workflows.judging.model import Model
from pages.parts.photos import pager, photo_card, pictures
from pages.parts.shell import session
from pages.parts.shell.look import DOUBTFUL, badge, outcome
from pages.parts.shell.text import plain

EACH = 12  # castings of a page
MOST = 8  # photos of a strip
TILE, WIDTH = 200, 112  # pixels of a picture, and how wide it is shown: a strip fits a desk


def show(
    photos: pd.DataFrame, castings: "pd.Series[int]", *, key: str, dataset: Dataset, model: Model, heat: bool
) -> None:
    """Draws one page of the castings of scored photos; a click opens the worst photo of one in full size."""
    photos = photos[photos["photo"].isin(castings.index)]
    if photos.empty:
        st.info("No photo is left by these filters. Take one away to see more.", icon=":material/filter_alt_off:")
        pager.fill(EACH + 1)
        return
    kept = session.current()
    (of, wanted, decided), kept.to_open = kept.to_open or ("", "", False), None
    places = (photos["photo"] == wanted).to_numpy().nonzero()[0]
    opened = int(places[0]) if of == key and len(places) else None
    numbers = photos["photo"].map(castings).to_numpy()
    order = list(dict.fromkeys(numbers.tolist()))
    start = pager.page(key, len(order), EACH) * EACH
    pager.show(len(order), key, each=EACH, noun="casting", above=True)
    for casting in order[start : start + EACH]:
        here = (numbers == casting).nonzero()[0]
        rows = photos.iloc[here].to_dict("records")
        if _strip(casting, rows, key=key, model=model, heat=heat):
            opened, decided = int(here[0]), False
    pager.fill(start + EACH - len(order))
    pager.show(len(order), key, each=EACH, noun="casting", above=False)
    if opened is not None:
        photo_card.show(photos, opened, key=key, dataset=dataset, model=model, heat=heat, decided=decided)


def _strip(casting: int, rows: list[dict[Any, Any]], *, key: str, model: Model, heat: bool) -> bool:
    """One casting; whether its worst photo was asked for in full size just now."""
    scores = sorted(float(row["score"]) for row in rows)
    spread = f"{scores[0]:.3f}" if len(rows) == 1 else f"{scores[0]:.3f} to {scores[-1]:.3f}"
    with st.container(border=True, gap="xsmall", key=f"strip {key} {casting}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**Casting {casting}** · {count(len(rows), 'photo')} · score {spread}", width="content")
            opened = st.button(
                "Full size", key=f"{key} open casting {casting}", icon=":material/zoom_in:", type="tertiary"
            )
        if rows[0].get("doubt"):
            st.markdown(f"{badge(DOUBTFUL)} :small[{plain(rows[0]['doubt'], longest=200)}]")
        with st.container(horizontal=True, gap="small", key=f"photos {key} {casting}"):
            for row in rows[:MOST]:
                with st.container(width=WIDTH, gap="xxsmall"):
                    picture = pictures.heat(row["photo"], model) if heat else pictures.tile(row["photo"], TILE)
                    st.image(picture, width=WIDTH, alt=f"photo of casting {casting}, score {row['score']:.3f}")
                    st.markdown(f"{badge(outcome(Label(row['label']), row['predicted']))} **{row['score']:.3f}**")
            if len(rows) > MOST:
                st.caption(f"and {len(rows) - MOST:,} more")
    return opened
