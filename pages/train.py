"""Train: say what to learn from and how, start, watch the curves move, read what they say, and stop."""

import streamlit as st

from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows.training.runs import start_run
from pages.parts.caches import run_cache
from pages.parts.shell import frame, guards, session
from pages.parts.shell.errors import show_errors
from pages.parts.train import recipe_form, run_table, run_view

frame.open("Train", "Teach a network to tell ok from defective castings, and watch it learn.")
kept = session.current()
with show_errors():
    runs = run_cache.runs()
going_on = [run for run in runs if not run.state.over]

with st.container(key="sides"):  # look.STYLE keeps room for the form on a telephone
    form, view = st.columns([1, 2], gap="large")
below = st.container()
with view:
    chosen = [run for run in runs if run.id == kept.run]
    shown = next(iter([*chosen, *going_on, *runs]), None)
    run_view.beside(going_on, shown)
    if shown is None:
        st.subheader("No run yet")
        st.info(
            "Start one with the form. Its curves appear here while it learns; you may leave the page meanwhile.",
            icon=":material/show_chart:",
        )
    else:
        live = "live" if shown.in_line else "live-curves"
        with st.container(key=live if going_on else "past"):  # look.STYLE puts the live one first on a telephone
            run_view.show(shown)
with below:
    if runs:
        st.subheader("All runs")
        run_table.show(runs)
with form, st.container(key="form"):  # last: a dataset that cannot be used must not hide a run that goes on
    st.subheader("New run")
    named, dataset = guards.named_dataset(), guards.dataset()
    recipe: Recipe | None = recipe_form.show(named, dataset, going_on=going_on)
    if recipe is not None:
        with show_errors():
            kept.run = start_run(named, recipe, actor=kept.who).id
        st.rerun()
