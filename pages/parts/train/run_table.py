"""All runs in a table, of which one can be chosen."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.wording import moment
from casting_core.workflows.recipes import recipe_of
from casting_core.workflows.training.runs import Run
from pages.parts.shell import session
from pages.parts.shell.text import cell
from pages.parts.train import run_actions


def show(runs: Sequence[Run]) -> None:
    """The table; a click on a row shows that run, whatever else goes on."""
    recipes = [recipe_of(run.recipe) for run in runs]  # none where another program asked for it
    rows = pd.DataFrame(
        {
            "run": [run.id for run in runs],
            "state": [run_actions.place(run, runs) for run in runs],
            "model": [run.model or "" for run in runs],
            "dataset": [cell(run.dataset) for run in runs],
            "network": [recipe.network.value if recipe else "" for recipe in recipes],
            "epochs": [recipe.epochs if recipe else None for recipe in recipes],
            "batch size": [recipe.batch_size if recipe else None for recipe in recipes],
            "seed": [recipe.seed if recipe else None for recipe in recipes],
            "asked for": [moment(run.asked) for run in runs],
        }
    )
    key = f"{len(runs)} runs"
    st.dataframe(rows, hide_index=True, key=key, on_select=lambda: _clicked(key, runs), selection_mode="single-row")


def _clicked(key: str, runs: Sequence[Run]) -> None:
    if chosen := st.session_state[key]["selection"]["rows"]:
        session.current().run = runs[chosen[0]].id
