"""All runs in a table, of which one can be chosen, and their curves laid over each other."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.records.run_log import Run
from pages.parts import charts, guards, resources, run_actions, run_view, session
from pages.parts.text import cell, moment

SHOWN = 6  # runs laid over each other at first


def show(runs: Sequence[Run]) -> None:
    """The table; a click on a row shows that run, whatever else goes on."""
    rows = pd.DataFrame(
        {
            "run": [run.id for run in runs],
            "state": [run_actions.place(run, runs) for run in runs],
            "model": [run.model or "" for run in runs],
            "dataset": [cell(run.dataset) for run in runs],
            "network": [run.recipe["network"] for run in runs],
            "epochs": [run.recipe["epochs"] for run in runs],
            "batch size": [run.recipe["batch_size"] for run in runs],
            "seed": [run.recipe["seed"] for run in runs],
            "asked for": [moment(run.asked) for run in runs],
        }
    )
    key = f"{len(runs)} runs"
    st.dataframe(rows, hide_index=True, key=key, on_select=lambda: _clicked(key, runs), selection_mode="single-row")


def _clicked(key: str, runs: Sequence[Run]) -> None:
    if chosen := st.session_state[key]["selection"]["rows"]:
        session.current().run = runs[chosen[0]].id


def comparison(runs: Sequence[Run]) -> None:
    """The validation curves of several runs laid over each other."""
    names = {f"run {run.id}": run.id for run in runs}
    chosen = st.multiselect("Lay over each other", list(names), list(names)[:SHOWN], key="compared")
    with guards.said():
        curves = {name: run_view.tables(resources.events(names[name]))[0] for name in chosen}
    curves = {name: epochs for name, epochs in curves.items() if not epochs.empty}
    if not curves:
        st.caption("Choose runs that have finished an epoch.")
        return
    left, right = st.columns(2)
    with left:
        figure = charts.compared(curves, "validation_loss", "validation loss")
        charts.show(figure, key="compared loss", alt="Validation loss of the chosen runs")
    with right:
        figure = charts.compared(curves, "validation_accuracy", "validation accuracy")
        charts.show(figure, key="compared accuracy", alt="Validation accuracy of the chosen runs")
