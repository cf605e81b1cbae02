"""The card of one photo: in full size, its numbers, its relatives, and everything that was decided about it."""

from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.records.decisions import Decision, Kind
from casting_core.wording import count, moment
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review import correct
from pages.parts.caches import dataset_cache
from pages.parts.photos import pictures
from pages.parts.shell.look import LABELS, badge, outcome
from pages.parts.shell.text import plain

RELATIVES = 12  # shown at most


@st.dialog("Casting", width="medium")
def show(
    row: dict[Any, Any], *, dataset: Dataset | None = None, model: Model | None = None, heat: bool = False
) -> None:
    """Opens the card of a photo (a row of a photo table; scored, where there is a model)."""
    identity = row["photo"]
    label = None if pd.isna(row["label"]) else Label(row["label"])
    st.markdown(f"{badge(LABELS[label]) if label is not None else 'no label'} · split {plain(str(row['split']))}")
    if model is not None and label is not None:
        predicted = Label(row["predicted"])
        st.markdown(
            f"{badge(outcome(label, predicted))} Model **{plain(model.card.name)}** says **{predicted.word}**: score "
            f"**{row['score']:.4f}**, threshold {model.card.threshold:g}"
        )
        heat = st.toggle("Heat map", value=heat, key=f"heat of {identity}")
    shown = pictures.heat(identity, model) if heat and model else pictures.photo(identity)
    with st.container(key="full-size"):  # look.STYLE makes it as large as the window lets it be
        st.image(shown, width="stretch", alt=f"{label.word if label is not None else ''} casting in full size")
    st.caption(f"{plain(row['path'])}  \nsha256 {identity}")
    if dataset is not None:
        with st.expander("Numbers, relatives and history", icon=":material/badge:"):  # the photo keeps the window
            _numbers(row)
            _relatives(dataset, row)
            _history(correct.history(dataset, identity))


def _numbers(row: dict[Any, Any]) -> None:
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
    if row["tags"]:
        st.markdown("Tags: " + ", ".join(plain(tag) for tag in row["tags"].strip("|").split("|")))
    for title, column in (("Kind of defect", "kind"), ("Group", "group")):
        if row.get(column):
            st.markdown(f"{title}: {plain(row[column])}")
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
