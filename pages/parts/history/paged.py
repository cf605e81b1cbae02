"""A long table, some rows at a time, so that only their pictures are made."""

import math
from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from casting_core.wording import count

T = TypeVar("T")

PER_PAGE = 25  # rows
ROW = 64  # pixels, height of a row and of the picture in it
SEEN = 8  # rows that are seen without scrolling within the table


def rows(found: Sequence[T], *, key: str) -> Sequence[T]:
    """The rows of the page that is looked at; which one it is, is asked where there are more than one."""
    pages = math.ceil(len(found) / PER_PAGE)
    if pages < 2:
        return found
    with st.container(horizontal=True, vertical_alignment="center"):
        page = st.pagination(pages, key=f"{key} of {pages}")
        st.caption(f"{PER_PAGE} of {count(len(found), 'row')} on a page.")
    return found[(page - 1) * PER_PAGE : page * PER_PAGE]


def height(number: int) -> int:
    """Pixels of a table with so many rows."""
    return min(number, SEEN) * ROW + 40
