"""The photos behind a finding, side by side, with all the places where each of them lies."""

import math

import pandas as pd
import streamlit as st

from casting_core.data.audit.finding import Finding
from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.wording import count
from pages.parts.photos import pictures
from pages.parts.shell.look import LABELS, badge
from pages.parts.shell.text import plain

TILE = 132  # pixels, width of a photo
AT_ONCE = 12  # photos
ALL_AT_ONCE = 24  # photos of one group, where all of them are wanted
GROUPS = 3  # groups at once
OF_A_GROUP = 6  # photos of one group
NAMES, LETTERS = 2, 24  # of one photo


def show(finding: Finding, dataset: Dataset) -> None:
    """Draws the first dozen photos, or the first groups, or the table of files; the rest by a choice of pages."""
    if finding.groups:
        _groups(finding, dataset)
    elif finding.photos:
        first = _page(len(finding.photos), AT_ONCE, "photo", key=finding.kind)
        _tiles(finding.photos[first : first + AT_ONCE], dataset)
    elif finding.files:
        files = dataset.photos[dataset.photos["path"].isin(finding.files)]
        st.dataframe(files[["path", "bytes", "problem"]], hide_index=True, key=f"files of {finding.kind}")


def _groups(finding: Finding, dataset: Dataset) -> None:
    first = 0 if finding.names else _page(len(finding.groups), GROUPS, "casting", key=finding.kind)
    for at, group in list(enumerate(finding.groups))[first : first + GROUPS]:
        name = finding.names[at] if finding.names else f"one casting, {count(len(group), 'photo')}"
        with st.container(border=True, gap="xsmall"):
            st.caption(plain(name))
            _group(group, dataset, key=f"{finding.kind} {group[0]}")


def _group(group: tuple[str, ...], dataset: Dataset, *, key: str) -> None:
    """The first few photos of a group, or all of them, page by page, where somebody wants to see them."""
    everything = len(group) > OF_A_GROUP and st.toggle(f"Show all {len(group):,}", key=f"all of {key}")
    first = _page(len(group), ALL_AT_ONCE, "photo", key=key) if everything else 0
    _tiles(group[first : first + (ALL_AT_ONCE if everything else OF_A_GROUP)], dataset)


def _page(many: int, at_once: int, noun: str, *, key: str) -> int:
    """Where to start; the choice is drawn only where there is one."""
    pages = math.ceil(many / at_once)
    if pages == 1:
        return 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        page = st.number_input("Page", 1, pages, 1, key=f"page of {key}", width=140)
        st.caption(f"of {pages:,} · {count(many, noun)}")
    return (int(page) - 1) * at_once


def _tiles(photos: tuple[str, ...], dataset: Dataset) -> None:
    rows = dataset.usable
    places = dict(tuple(rows[rows["photo"].isin(photos)].groupby("photo")))
    with st.container(horizontal=True, gap="small"):
        for photo in photos:
            if photo in places:  # it may have been left out since
                _tile(photo, places[photo])


def _tile(photo: str, places: pd.DataFrame) -> None:
    """A photo with its labels, splits and names; a photo that lies at several places may have several of each."""
    labels = [Label(label) for label in sorted(set(places["label"]))]
    names = list(dict.fromkeys(path.rsplit("/", 1)[-1] for path in places["path"]))
    with st.container(width=TILE, gap="xxsmall"):
        st.image(pictures.photo(photo), width=TILE, alt=f"{' and '.join(label.word for label in labels)} casting")
        st.markdown(" ".join(badge(LABELS[label]) for label in labels))
        st.caption(" and ".join(sorted(set(places["split"]))))
        for name in names[:NAMES]:
            st.caption(plain(name, longest=LETTERS))
        if len(names) > NAMES:
            st.caption(f"and {len(names) - NAMES:,} more names")
