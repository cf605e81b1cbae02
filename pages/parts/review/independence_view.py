"""What a score proves: the castings behind it, those the model had seen before, and its score on every split."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Part, Split
from casting_core.wording import count, share
from casting_core.workflows.datasets.splits import FOLDERS, choices, choose
from casting_core.workflows.judging.evaluate import errors_first
from casting_core.workflows.judging.independence import Independence, independence, learned_from
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.dataset.splits_view import shown
from pages.parts.shell import frame, guards
from pages.parts.shell.text import cell, plain


def show(dataset: Dataset, table: pd.DataFrame, model: Model) -> None:
    """Says it of a scored table with the column ``predicted``, and compares the splits where there are several."""
    castings = dataset_cache.castings(dataset)
    if castings is None:
        st.info(
            "It is not known which of these photos show one casting, nor how many show castings the model has learned "
            "from. Until then these figures may flatter it.",
            icon=":material/help:",
        )
        frame.link("Dataset", "Find the castings on the Dataset page")
        return
    with guards.show_errors():
        learned = learned_from(model.card)
    _words(independence(table, castings, learned))
    if choices(dataset):
        _splits(dataset, castings, learned, model)


def out_of_fold(dataset: Dataset, table: pd.DataFrame) -> None:
    """Says it of photos that were judged by networks which had not seen their castings."""
    castings = dataset_cache.castings(dataset)
    behind = count(len(table), "photo")
    if castings is not None:
        behind += f" of {count(int(table['photo'].map(castings).nunique()), 'casting')}"
    right = " · ".join(share(float(fold.mean())) for _, fold in (~table["wrong"]).groupby(table["fold"]))
    st.success(
        f"{behind}, each judged by a network that has seen no photo of its casting. Right by fold: {right}.",
        icon=":material/verified:",
    )


def _words(found: Independence) -> None:
    behind = f"{count(found.whole.photos, 'photo')} of {count(found.whole.castings, 'casting')}"
    if found.seen is None or found.never_seen is None:
        st.caption(f"{behind}. Which of them the model has learned from is not known.")
    elif not found.seen.photos:
        st.success(f"{behind}, none of which the model has learned from: a score on parts never seen.")
    else:
        new = found.never_seen
        text = (
            f"{behind}: **{found.seen.photos:,} show castings the model has learned from**, so these figures flatter "
            f"it (right on {share(found.seen.accuracy or 0.0)} of those). "
        )
        text += (
            f"On the {count(new.photos, 'photo')} of {count(new.castings, 'casting')} never seen it is right on "
            f"**{share(new.accuracy)}**."
            if new.accuracy is not None
            else "None shows a casting it has not seen."
        )
        st.warning(text, icon=":material/school:")


def _splits(dataset: Dataset, castings: "pd.Series[int]", learned: frozenset[str] | None, model: Model) -> None:
    """The same model on the test photos of every split, side by side."""
    rows = []
    for choice in [FOLDERS, *choices(dataset)]:
        here = choose(dataset, choice)
        if Split.TEST not in here.splits:
            continue
        scored = errors_first(model_cache.scored(here, Split.TEST, model), model.point)
        found = independence(scored, castings, learned)
        rows.append({"split": cell(shown(choice)), **_row(found.whole, found.never_seen)})
    with st.expander(f"Test scores of {plain(model.card.name)} by split", icon=":material/call_split:", expanded=True):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="scores by split")


def _row(whole: Part, new: Part | None) -> dict[str, str | int]:
    return {
        "right": share(whole.accuracy or 0.0),
        "castings never seen": "not known" if new is None else str(new.castings),
        "right on those": share(new.accuracy) if new is not None and new.accuracy is not None else "",
        "photos": whole.photos,
        "castings": whole.castings,
        "missed": whole.missed,
        "false alarms": whole.false_alarms,
    }
