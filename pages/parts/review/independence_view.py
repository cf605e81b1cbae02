"""What a score proves: its castings, class by class, those the model had seen before, and its score on every split."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Part, Split
from casting_core.wording import count, share
from casting_core.workflows.datasets.splits import FOLDERS, choices, choose
from casting_core.workflows.judging.evaluate import errors_first
from casting_core.workflows.judging.independence import Independence, Standing, independence, part
from casting_core.workflows.judging.model import Model
from casting_core.workflows.judging.scores import NEW
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.dataset.splits_view import shown
from pages.parts.review import kinds_view
from pages.parts.shell import figures, frame, guards
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain


def show(dataset: Dataset, table: pd.DataFrame, model: Model) -> None:
    """Says it of a scored table with the column ``predicted``, and compares the splits where there are several."""
    castings = dataset_cache.castings(dataset)
    if castings is None:
        figures.castings(None, proves=False, meaning="Which photos show one casting is not known.")
        st.info(
            "It is not known which of these photos show one casting, nor how many show castings the model has learned "
            "from. Until then these figures may flatter it.",
            icon=":material/help:",
        )
        frame.link("Dataset", "Find the castings on the Dataset page")
        return
    with show_errors():
        known = model_cache.seen(dataset, model.card, castings)
    found = independence(table, castings, known)
    _words(found)
    new = found.never_seen
    kinds_view.show(new.kinds if new is not None and new.photos else found.whole.kinds)
    if known is not None and not known.complete:
        figures.offer(guards.named_dataset(), model.card)
    if choices(dataset):
        _splits(dataset, castings, known, model)


def out_of_fold(dataset: Dataset, table: pd.DataFrame) -> None:
    """Says it of photos that were judged by networks which had not seen their castings."""
    castings = dataset_cache.castings(dataset)
    behind = count(len(table), "photo")
    if castings is not None:
        found = part(table, table["photo"].map(castings))
        figures.castings(found.outcomes, proves=True, meaning=NEW)
        kinds_view.show(found.kinds)
        behind += f" of {count(found.castings, 'casting')}"
    right = " · ".join(share(float(fold.mean())) for _, fold in (~table["wrong"]).groupby(table["fold"]))
    st.success(
        f"{behind}, each judged by a network that has seen no photo of its casting. Photos right by fold: {right}.",
        icon=":material/verified:",
    )


def _words(found: Independence) -> None:
    behind = f"{count(found.whole.photos, 'photo')} of {count(found.whole.castings, 'casting')}"
    new = found.never_seen
    if new is not None and new.photos:
        figures.castings(new.outcomes, proves=True, meaning=NEW)
    else:
        figures.castings(found.whole.outcomes, proves=False, meaning="all castings of these photos")
    if found.seen is None or found.chose is None:
        st.caption(f"{behind}. Which of them the model has learned from is not known.")
    elif new is None:
        st.warning(
            f"{behind}: {found.seen.photos:,} show castings the model has learned from. Of the others it is not known "
            "which it has seen, for it learned from photos that are not in this dataset.",
            icon=":material/school:",
        )
    elif not found.seen.photos and not found.chose.photos:
        st.success(f"{behind}, none of which the model has learned from: a score on parts never seen.")
    else:
        _flattered(behind, found.seen, found.chose, new)


def _flattered(behind: str, seen: Part, chose: Part, new: Part) -> None:
    """Some castings were seen, or chose something: what the photos of the others say."""
    text = f"{behind}: **{seen.photos:,} show castings the model has learned from**"
    if chose.photos:
        text += f" and {chose.photos:,} show castings that chose its epoch or its calibration"
    text += ", so the figures of all photos flatter it"
    text += f" (right on {share(seen.accuracy)} of those seen). " if seen.accuracy is not None else ". "
    text += (
        f"On the {count(new.photos, 'photo')} of {count(new.castings, 'casting')} never seen it is right on "
        f"**{share(new.accuracy)}**."
        if new.accuracy is not None
        else "None shows a casting it has not seen."
    )
    st.warning(text, icon=":material/school:")


def _splits(dataset: Dataset, castings: "pd.Series[int]", known: Standing | None, model: Model) -> None:
    """The same model on the test photos of every split, side by side."""
    rows = []
    for choice in [FOLDERS, *choices(dataset)]:
        here = choose(dataset, choice)
        if Split.TEST not in here.splits:
            continue
        scored = errors_first(model_cache.scored(here, Split.TEST, model), model.point)
        found = independence(scored, castings, known)
        rows.append({"split": cell(shown(choice)), **_row(found.whole, found.never_seen)})
    with st.expander(f"Test scores of {plain(model.card.name)} by split", icon=":material/call_split:", expanded=True):
        st.dataframe(pd.DataFrame(rows), hide_index=True, key="scores by split")


def _row(whole: Part, new: Part | None) -> dict[str, str | int]:
    outcomes = new.outcomes if new is not None else None
    return {
        "castings never seen": "not known" if new is None else str(new.castings),
        "escaped": figures.of(outcomes.defective.wrong, outcomes.defective.n) if outcomes else "",
        "rejected": figures.of(outcomes.ok.wrong, outcomes.ok.n) if outcomes else "",
        "photos of those right": share(new.accuracy) if new is not None and new.accuracy is not None else "",
        "castings": whole.castings,
        "photos": whole.photos,
        "photos right": share(whole.accuracy or 0.0),
        "photos missed": whole.missed,
        "photos rejected falsely": whole.false_alarms,
    }
