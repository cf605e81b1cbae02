"""Which model is reviewed on which photos; the address may ask for both."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Split
from casting_core.workflows.datasets.splits import OUT_OF_FOLD, choices, part_of
from casting_core.workflows.judging import out_of_fold
from casting_core.workflows.judging.model import Model
from pages.parts.caches import model_cache
from pages.parts.shell import address, guards, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain

MODEL, SPLIT = "reviewed model", "reviewed split"  # keys of the boxes


def show(dataset: Dataset) -> tuple[Model, str, pd.DataFrame]:
    """The chosen model, the chosen split (of the folders, or one kept with the dataset) and its scored photos."""
    kept = session.current()
    with show_errors():
        names, production = [card.name for card in model_cache.cards()], model_cache.production()
    if not names:
        guards.model()  # says what is wrong with the one in production, and ends the page
    kept.model = _asked("model", names, MODEL) or kept.model
    if kept.model not in names:
        kept.model = production if production in names else names[0]  # a damaged one has no card, and is no choice
    with st.container(horizontal=True, vertical_alignment="bottom", key="reviewed"):
        kept.model = st.selectbox(
            "Model", names, names.index(kept.model), key=MODEL, width=280,
            format_func=lambda name: f"{name} (in production)" if name == production else name,
        )  # fmt: skip
        model = guards.model(kept.model)
        splits = [*dataset.splits, "all", *choices(dataset), *[OUT_OF_FOLD] * out_of_fold.known(model.card, dataset)]
        kept.split = _asked("split", splits, SPLIT) or kept.split
        if kept.split not in splits:
            kept.split = Split.TEST if Split.TEST in splits else splits[0]
        kept.split = st.selectbox("Split", splits, splits.index(kept.split), key=SPLIT, width=200)
    with show_errors():
        if kept.split == OUT_OF_FOLD:
            return model, kept.split, model_cache.out_of_fold(dataset, model.card)
        return model, kept.split, model_cache.scored(*part_of(dataset, kept.split), model)


def _asked(what: str, known: list[str], box: str) -> str | None:
    """What the address asks for, where it is known; it is put into the box, whatever that showed before."""
    asked = address.take(what)
    if asked is None or asked in known:
        if asked is not None:
            session.settle(box, asked)
        return asked
    st.warning(f"This link is about {what} {plain(asked)}, which is not here any more.", icon=":material/link_off:")
    return None
