"""The card of a version: its figures, its settings and its curves."""

import pandas as pd
import streamlit as st

from casting_core.learning.recipes.recipe import in_words
from casting_core.records.card import ModelCard
from casting_core.workflows.judging.learned import tried
from casting_core.workflows.judging.scores import scores
from pages.parts.charts import canvas, training_charts
from pages.parts.models import castings_behind
from pages.parts.shell.text import cell, plain, sentence


def show(card: ModelCard) -> None:
    """What it was worth when it was made, how it was made, and how it learned."""
    if kept := tried(card):
        st.markdown(sentence(kept))
    for score in scores(card):
        st.markdown(f"**{plain(score.name)}**: {castings_behind.words(score)}")
    settings, curves = st.columns([1, 2], gap="large")
    with settings, st.container(key="one-card"):
        told = pd.Series({name: cell(value) for name, value in _settings(card).items()}, name="value")
        st.dataframe(told.rename_axis("setting").reset_index(), hide_index=True, key="card")
    with curves:
        epochs = pd.DataFrame([vars(epoch) for epoch in card.curves])
        for figure in ("loss", "accuracy"):
            words = f"{figure} of {card.name} by epoch"
            canvas.show(training_charts.curves(epochs, figure), key=words, alt=words)


def _settings(card: ModelCard) -> dict[str, str]:
    settings = {"weights": f"{card.parameters:,}", "best epoch": f"{card.best_epoch} of {len(card.curves)}"}
    settings |= {"ended": "stopped early"} if card.stopped else {}
    settings |= in_words(card.recipe)
    settings |= {
        "threshold as registered": f"{card.threshold:g}, {card.threshold_chosen}",
        "data": card.data.fingerprint[:16],
    }
    settings |= {"revision of the data": str(card.data.revision)} if card.data.revision is not None else {}
    return settings | {"exported graph differs by": f"{card.export_difference:.1e}"}
