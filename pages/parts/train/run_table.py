"""All runs in a table, of which one can be chosen."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.wording import moment
from casting_core.workflows.training.runs import Run
from pages.parts.shell import session
from pages.parts.shell.text import cell
from pages.parts.train import run_actions


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
