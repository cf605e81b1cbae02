"""The card of one photo: in full size, its numbers, its relatives, and everything that was decided about it."""

from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.decisions import Decision, Kind
from casting_core.wording import count, moment, percent
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review import correct
from pages.parts.caches import dataset_cache
from pages.parts.photos import decide_form, judge_form, pictures
from pages.parts.shell import session
from pages.parts.shell.look import LABELS, badge, outcome
from pages.parts.shell.text import plain

RELATIVES = 12  # shown at most


@st.dialog("Casting", width="medium")
def show(
    photos: pd.DataFrame,
    place: int,
    *,
    key: str,
    dataset: Dataset | None = None,
    model: Model | None = None,
    heat: bool = False,
    decided: bool = False,
) -> None:
    """Opens the card of the photo at this place of the table of a gallery (scored, where there is a model).

    Who decides about it, or steps on, gets the card of the next one; ``key`` is that of the gallery, and ``decided``
    whether the one before was just decided about.
    """
    row: dict[Any, Any] = photos.iloc[place].to_dict()
    identity = row["photo"]
    if dataset is not None and decided:
        decide_form.way_back(dataset, where="card")
    _step(photos, place, key)
    label = None if pd.isna(row["label"]) else Label(row["label"])
    words = f"{badge(LABELS[label]) if label is not None else 'no label'} · split {plain(str(row['split']))}"
    judged = model if label is not None else None
    if judged is not None and label is not None:
        predicted = Label(row["predicted"])
        words += (
            f" · {badge(outcome(label, predicted))} **{plain(judged.card.name)}** says **{predicted.word}**: score "
            f"**{row['score']:.4f}**, threshold {judged.point.limits}"
        )
    st.markdown(words)
    if judged is not None:
        heat = st.toggle("Heat map", value=heat, key=f"heat of {identity}")
    shown = pictures.heat(identity, judged) if heat and judged else pictures.photo(identity)
    with st.container(key="full-size"):  # look.STYLE makes it as large as the window lets it be
        st.image(shown, width="stretch", alt=f"{label.word if label is not None else ''} casting in full size")
    st.caption(plain(row["path"]))
    if dataset is None:
        return
    if judged is not None:
        first, left, right = st.columns(3)  # folded in, so that the photo keeps the window
        with first, st.popover("Judge", icon=":material/how_to_reg:", type="primary", width="stretch"):
            if judge_form.show(dataset, row, judged):
                _go_on(photos, place + 1, key)
                st.rerun()
    else:
        left, right = st.columns(2)
    with left, st.expander("Decide", icon=":material/gavel:"):
        if decide_form.form(dataset, [identity], key=f"card of {identity}", actions=decide_form.OF_ONE):
            _go_on(photos, place + 1, key, decided=True)
            st.rerun()
    with right, st.expander("Numbers and history", icon=":material/badge:"):
        st.caption(f"sha256 {identity}")
        _numbers(row, dataset)
        _relatives(dataset, row)
        _history(correct.history(dataset, identity))


def _step(photos: pd.DataFrame, place: int, key: str) -> None:
    """The way to the photos before and behind it."""
    if len(photos) == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        before = st.button(
            "Previous", key=f"{key} before", icon=":material/arrow_back:", type="tertiary", disabled=place == 0
        )
        st.caption(f"{place + 1:,} of {len(photos):,}", width="content")
        behind = st.button(
            "Next", key=f"{key} behind", icon=":material/arrow_forward:", icon_position="right", type="tertiary",
            disabled=place + 1 == len(photos),
        )  # fmt: skip
    if before or behind:
        _go_on(photos, place - 1 if before else place + 1, key)
        st.rerun()


def _go_on(photos: pd.DataFrame, place: int, key: str, *, decided: bool = False) -> None:
    """Has the card of another photo opened when the page is drawn next, if there is one at that place."""
    if 0 <= place < len(photos):
        session.current().to_open = (key, photos["photo"].iloc[place], decided)


def _numbers(row: dict[Any, Any], dataset: Dataset) -> None:
    numbers = {
        "Pixels": f"{row['width']} x {row['height']}",
        "Mode": row["mode"],
        "Bytes": f"{row['bytes']:,}",
        "Brightness": f"{row['brightness']:.0f}",
        "Background": f"{row['background']:.0f}",
        "Sharpness": f"{row['sharpness']:.3f}",
    }
    if "score" in row and not pd.isna(row["score"]):
        numbers["Score"] = f"{row['score']:.4f}"
    st.markdown(" · ".join(f"{name} **{plain(str(value))}**" for name, value in numbers.items()))
    now = dataset.photos.loc[dataset.photos["path"] == row["path"], "tags"]  # a scored table may be older
    if tags := "".join(now.head(1)):
        st.markdown("Tags: " + ", ".join(plain(tag) for tag in tags.strip("|").split("|")))
    for title, column in (("Kind of defect", "kind"), ("Group", "group")):
        if row.get(column):
            st.markdown(f"{title}: {plain(row[column])}")
    if row.get("kind_suggested") and row.get("predicted") == Label.DEFECTIVE:
        st.markdown(f"Kind suggested: {plain(row['kind_suggested'])} ({percent(row['kind_probability'])} sure)")
    if row["problem"]:
        st.warning(plain(row["problem"], longest=300), icon=":material/block:")


def _relatives(dataset: Dataset, row: dict[Any, Any]) -> None:
    """Other photos of the same casting, however they lie in splits and labels."""
    table = dataset_cache.described(dataset)
    if "casting" not in table:
        st.caption("Which other photos show this casting is not known yet: open Castings and find out.")
        return
    table = table.drop_duplicates("photo").set_index("photo", drop=False)
    casting = table["casting"][row["photo"]]
    others = table[(table["casting"] == casting) & (table["photo"] != row["photo"])]
    st.markdown(f"**Casting {casting}**: {count(len(others), 'other photo')}")
    with st.container(horizontal=True, gap="small"):
        for other in others.head(RELATIVES).to_dict("records"):
            with st.container(width=104, gap="xxsmall"):
                st.image(pictures.photo(other["photo"]), width=104, alt="another photo of this casting")
                word = "no label" if pd.isna(other["label"]) else Label(other["label"]).word
                st.caption(f"{word}, {plain(str(other['split']))}")
    if len(others) > RELATIVES:
        st.caption(f"and {len(others) - RELATIVES:,} more")


def _history(made: list[Decision]) -> None:
    if not made:
        return
    st.markdown("**History**")
    for one in made:
        was = f" (before: {plain(one.before)})" if one.before else ""
        value = f" {plain(one.value)}" if one.value and one.kind is not Kind.UNDO else ""
        why = f": {plain(one.why)}" if one.why else ""
        st.markdown(f"{moment(one.at)} · **{plain(one.who or 'nobody named')}** · {one.kind.value}{value}{was}{why}")
