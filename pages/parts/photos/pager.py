"""Turning the pages of a gallery: by buttons above and below, and by the number of a page."""

import math

import streamlit as st

from casting_core.wording import count
from pages.parts.shell import session


def page(key: str, things: int, each: int) -> int:
    """The page of a gallery of so many things, ``each`` a page, that is looked at, from 0; the last if it has gone."""
    last = max(0, math.ceil(things / each) - 1)
    return min(session.current().pages.get(key, 0), last)


def turn_to(key: str, number: int) -> None:
    """Looks at another page, from 0."""
    session.current().pages[key] = number


def show(things: int, key: str, *, each: int, noun: str = "photo", above: bool) -> None:
    """Which page this is, and the way to the others; the one above says how many things there are, too."""
    pages = math.ceil(things / each)
    if pages == 1:
        if above:
            st.caption(count(things, noun))
        else:
            fill(1)
        return
    now, where = page(key, things, each), "above" if above else "below"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"pager {where} {key}"):
        st.button(
            "Previous page", key=f"{key} previous {where}", icon=":material/arrow_back:", disabled=now == 0,
            on_click=turn_to, args=(key, now - 1),
        )  # fmt: skip
        st.button(
            "Next page", key=f"{key} next {where}", icon=":material/arrow_forward:", icon_position="right",
            disabled=now == pages - 1, on_click=turn_to, args=(key, now + 1),
        )  # fmt: skip
        if above:
            session.settle(f"{key} page", now + 1)
            st.number_input(
                "Page", 1, pages, key=f"{key} page", width=140, on_change=lambda: _typed(key, f"{key} page")
            )
            st.caption(f"of {pages:,} · {count(things, noun)}", width="content")
        else:
            st.caption(f"Page {now + 1:,} of {pages:,}", width="content")


def fill(places: int) -> None:
    """Leaves so many places empty, where photos may have stood.

    Streamlit clears what a shorter redraw has left behind when it ends, but not where a redraw of another part of the
    page begins that moment, as that of the jobs does every other second (streamlit issue 16708).
    """
    for _ in range(places):
        st.empty()


def _typed(key: str, box: str) -> None:
    turn_to(key, int(st.session_state[box]) - 1)
