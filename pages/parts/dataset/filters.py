"""Filters and order of the explorer. Each filter is offered only where it can divide the photos."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.workflows.judging.evaluate import errors_first
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review.decisions import LEFT_OUT
from pages.parts.caches import model_cache
from pages.parts.shell import guards, session
from pages.parts.shell.errors import show_errors

EVERY, CHOSEN = "every", "chosen"
WORDS = {"Kind of defect": ("kind", ", "), "Group": ("group", "/")}  # columns of several words, and what parts these
ORDERS = {  # how photos can be sorted: column and whether the largest comes first
    "as in the folder": ("path", False),
    "darkest first": ("brightness", False),
    "brightest first": ("brightness", True),
    "least sharp first": ("sharpness", False),
    "sharpest first": ("sharpness", True),
    "most photos of the casting first": ("relatives", True),
    "highest score first": ("score", True),
    "lowest score first": ("score", False),
}
STATES: dict[str, Callable[[pd.DataFrame], "pd.Series[bool]"]] = {
    EVERY: lambda table: table["problem"] == "",
    CHOSEN: lambda table: table["photo"].isin(session.current().chosen),
    "label corrected": lambda table: (table["problem"] == "") & (table["by_folder"] != table["label"]).fillna(False),
    LEFT_OUT: lambda table: table["problem"].str.startswith(LEFT_OUT),
    "other problem": lambda table: (table["problem"] != "") & ~table["problem"].str.startswith(LEFT_OUT),
}
OUTCOMES: dict[str, Callable[[pd.DataFrame], "pd.Series[bool]"]] = {
    EVERY: lambda table: table["predicted"].notna(),
    "missed": lambda table: (table["label"] == Label.DEFECTIVE) & (table["predicted"] == Label.OK),
    "false alarm": lambda table: (table["label"] == Label.OK) & (table["predicted"] == Label.DEFECTIVE),
    "model agrees": lambda table: table["label"] == table["predicted"],
}


def show(dataset: Dataset, table: pd.DataFrame) -> pd.DataFrame:
    """Draws the filters; the photos of the table that pass them, in the order that was chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        split = _one("Split", [str(split) for split in dataset.splits], 150)
        label = _one("Label", [label.word for label in Label], 150)
        states = list(STATES)
        kept = session.current()
        first = states.index(CHOSEN) if kept.looks and kept.chosen else 0
        state = st.selectbox("State", states, first, key=f"filter state {kept.looks}", width=160)
        tags = sorted({tag for tags in table["tags"].unique() for tag in tags.split("|")} - {""})
        tag = _one("Tag", tags, 150) if tags else EVERY
        words = {title: _word(title, table[column], between) for title, (column, between) in WORDS.items()}
        name = st.text_input("Name contains", key="filter name", width=200, icon=":material/search:")
        casting = _casting(table)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters of scores"):
        table, outcome = _judged(dataset, table)
        orders = [order for order, (column, _) in ORDERS.items() if column in table]
        order = st.selectbox("Sort", orders, key="order", width=260)
    passes = STATES[state](table) & OUTCOMES[outcome](table) if "predicted" in table else STATES[state](table)
    if split != EVERY:
        passes &= table["split"] == split
    if label != EVERY:
        passes &= (table["label"] == Label[label.upper()]).fillna(False)
    if tag != EVERY:
        passes &= table["tags"].str.contains(f"|{tag}|", regex=False)
    for title, (column, between) in WORDS.items():
        if words[title] != EVERY:
            passes &= table[column].map(lambda cell, word=words[title], bar=between: word in cell.split(bar))
    if name:
        passes &= table["path"].str.contains(name, case=False, regex=False)
    if casting is not None:
        passes &= table["casting"] == casting
    column, largest = ORDERS[order]
    found = table[passes]
    return found if column == "path" else found.sort_values(column, ascending=not largest, kind="stable")


def _word(title: str, cells: "pd.Series[str]", between: str) -> str:
    """One of the words that photos have of this kind, where there are any."""
    words = sorted({word for cell in cells.unique() for word in cell.split(between)} - {""})
    return _one(title, words, 170) if words else EVERY


def _one(title: str, values: list[str], width: int) -> str:
    return str(st.selectbox(title, [EVERY, *values], key=f"filter {title}", width=width))


def _casting(table: pd.DataFrame) -> int | None:
    if "casting" not in table:
        return None
    last = int(table["casting"].max())
    return st.number_input("Casting", 0, last, None, key="filter casting", width=130, placeholder="every")


def _judged(dataset: Dataset, table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The table with what the model in use says, if a person wants that, and the outcome to look for."""
    hint = "Scores every photo once; a thousand photos take about a second."
    if not st.toggle("Scores of the model in use", key="filter judged", help=hint):
        return table, EVERY
    with show_errors():
        scored = _with_scores(dataset, table, guards.model())
    outcome = st.selectbox("Outcome", list(OUTCOMES), key="filter outcome", width=160)
    low, high = st.slider("Score", 0.0, 1.0, (0.0, 1.0), 0.01, key="filter score", width=260)
    return scored[scored["score"].isna() | scored["score"].between(low, high)], outcome


def _with_scores(dataset: Dataset, table: pd.DataFrame, model: Model) -> pd.DataFrame:
    judged = errors_first(model_cache.scored(dataset, "all", model), model.point).drop_duplicates("photo")
    return table.join(judged.set_index("photo")[["score", "predicted"]], on="photo")
