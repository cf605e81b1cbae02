"""How things stand, in three boxes: the data, the model in use and what it is worth, the trainings."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.data.datasets.statistics import skew
from casting_core.errors import CastingError
from casting_core.learning.recipes.events import EpochDone
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import State
from casting_core.wording import count
from casting_core.workflows.recipes import recipe_of
from casting_core.workflows.training.runs import Run
from pages.parts.caches import model_cache, run_cache
from pages.parts.shell import figures, frame, guards
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence


def data(named: NamedDataset, dataset: Dataset) -> None:
    """How many photos of which label there are."""
    balance = skew(dataset.usable)
    st.markdown(f"##### :material/photo_library: Data\n**{plain(named.name)}**")
    st.metric("Photos", f"{len(dataset.usable):,}")
    st.markdown(f"{balance.ok:,} ok · {balance.defective:,} defective")
    if len(dataset.problems):
        st.markdown(f":material/warning: {count(len(dataset.problems), 'file')} cannot be used")
    frame.link("Dataset", "Explore the photos")


def model_in_use(named: NamedDataset) -> ModelCard | None:
    """What the version in production is worth on these castings; its card, none where it cannot be read."""
    try:
        card = model_cache.model(model_cache.production()).card
    except CastingError as error:  # data and training are still to be seen
        st.markdown("##### :material/verified: Model in use")
        guards.no_model(error)
        return None
    st.markdown(f"##### :material/verified: Model in use\n**{plain(card.name)}** · {plain(card.network)}")
    _, known = figures.of_dataset_in_use(card)
    if known.score is None:
        figures.not_measured(named, card)
        st.markdown(sentence(known.warning))
    else:
        figures.show(known.score)
        if known.score.outcomes is None:
            figures.offer(named, card)
    figures.ask_defect_rate()
    frame.link("Review", "See what it got wrong")
    return card


def training() -> None:
    """What is being trained now, or what was trained last."""
    with show_errors():
        runs = run_cache.runs()
    going_on = [run for run in runs if not run.state.over]
    st.markdown("##### :material/model_training: Training")
    if going_on:
        _progress(next((run for run in going_on if run.state is State.WORKING), going_on[-1]))
        frame.link("Train", "Watch it")
        return
    made = [run for run in runs if run.model]
    st.metric("Runs going on", 0)
    st.markdown(f"Last: run {made[0].id} made **{plain(str(made[0].model))}**" if made else "No run was made here yet.")
    frame.link("Train", "Train a network")


def _progress(run: Run) -> None:
    done = sum(isinstance(event, EpochDone) for event in run_cache.events(run.id))
    recipe = recipe_of(run.recipe)
    st.metric(f"Run {run.id}", "waiting" if run.state is State.WAITING else "in progress")
    if recipe is not None:
        st.progress(min(done / recipe.epochs, 1.0), text=f"epoch {done} of {recipe.epochs}")
