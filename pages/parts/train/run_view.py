"""A run on the page: how far it is, what its curves say, and its end; other runs that go on stand beside it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.learning.recipes.events import Event, Layer, Prepared
from casting_core.records.jobs import State, Wish
from casting_core.wording import count, moment
from casting_core.workflows.datasets.own_validation import in_both
from casting_core.workflows.recipes import recipe_of
from casting_core.workflows.training import runs as training
from casting_core.workflows.training.runs import Run
from pages.parts.caches import run_cache
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence
from pages.parts.train import fit_view, run_actions, run_curves, run_live, run_result

TICK = 1.0  # seconds between two looks at a run that is going on
MARKS = {
    State.WAITING: ":gray-badge[:material/hourglass_top: waiting]",
    State.WORKING: ":blue-badge[:material/model_training: working]",
    State.FINISHED: ":green-badge[:material/check: finished]",
    State.STOPPED: ":gray-badge[:material/stop_circle: stopped]",
    State.FAILED: ":red-badge[:material/error: failed]",
    State.LOST: ":red-badge[:material/link_off: lost]",
}


def show(run: Run) -> None:
    """One run; as long as it goes on, or may be heard of again, the picture is drawn anew every ``TICK``."""
    still = run.state.over and run.state is not State.LOST
    st.fragment(_draw, run_every=None if still else TICK)(run.id, run.state)


def beside(going_on: Sequence[Run], shown: Run | None) -> None:
    """A line for every run that goes on and is not the one shown, with a button to watch it instead."""
    others = [run.id for run in going_on if shown is None or run.id != shown.id]
    if others:
        st.fragment(_others, run_every=TICK)(others)


def _others(numbers: Sequence[int]) -> None:
    with show_errors():
        runs = [training.find_run(number) for number in numbers]
    if any(run.state.over for run in runs):
        st.rerun(scope="app")
    for run in runs:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{MARKS[run.state]} Run {run.id} goes on, too: {plain(run.dataset)} · {_network_name(run)}")
            if st.button(f"Watch run {run.id}", key=f"watch {run.id}", icon=":material/visibility:", type="tertiary"):
                session.current().run = run.id
                st.rerun(scope="app")


def _draw(number: int, was: State) -> None:
    with show_errors():
        run = training.find_run(number)
        events = run_cache.events(number)
    if run.state is not was:
        st.rerun(scope="app")  # the form, the table and the menu want to know, too
    st.subheader(f"Run {run.id}")
    st.markdown(f"{MARKS[run.state]} {plain(run.dataset)} · {_network_name(run)} · asked for {moment(run.asked)}")
    _photos_used(events)
    if run.in_line:
        run_actions.waiting(run)
    elif not run.state.over:
        recipe = recipe_of(run.recipe)
        run_live.progress(events, may_end_early=recipe is None or recipe.early_stopping > 0)
        _stop_buttons(run)
        run_live.figures(events)
    _end(run)
    fit_view.show(run, events)
    run_curves.show(run, events)
    _network(events)


def _photos_used(events: Sequence[Event]) -> None:
    """How many photos it learns from and validates on, once it has said so."""
    prepared = run_live.last(events, Prepared)
    if prepared is None:
        return
    of = "of the validation folder " if prepared.own_validation else ""
    learned = f"{count(prepared.train_photos, 'photo')} to learn from"
    st.caption(f"{learned}, {prepared.validation_photos:,} {of}to validate on")
    if prepared.castings_in_both:
        st.warning(sentence(in_both(prepared.castings_in_both)), icon=":material/content_copy:")


def _network_name(run: Run) -> str:
    recipe = recipe_of(run.recipe)
    return "a recipe of another program" if recipe is None else recipe.network.value


def _stop_buttons(run: Run) -> None:
    if run.wish is not Wish.GO_ON:
        st.info(f"Asked to {run.wish}. It ends within a few seconds.", icon=":material/stop_circle:")
        return
    with st.container(horizontal=True, key="stop"):
        keep = st.button("Stop, keep the best so far", key=f"keep {run.id}", icon=":material/stop_circle:")
        drop = st.button(
            "Stop, keep nothing", key=f"drop {run.id}", icon=":material/delete:", type="tertiary",
            help="No model version is made of it; the run can be resumed later.",
        )  # fmt: skip
    if keep or drop:
        with show_errors():
            training.stop(run.id, Wish.KEEP if keep else Wish.DISCARD)
        st.rerun()  # of the whole page: a click may come with one, and a fragment alone could not be drawn then


def _end(run: Run) -> None:
    if run.model:
        run_result.show(run)
    elif run.state is State.FAILED:
        printed = training.log_file(run.id)
        where = f" Its log is in {plain(str(printed), longest=400)}." if printed.is_file() else ""
        st.error(f"The run failed: {plain(run.message, longest=600)}.{where}", icon=":material/error:")
    elif run.state is State.STOPPED:
        st.info(f"Ended early: {plain(run.message, longest=600)}.", icon=":material/stop_circle:")
    run_actions.ended(run)


def _network(events: Sequence[Event]) -> None:
    """The layers of the network, where the run has told them."""
    layers = [event for event in events if isinstance(event, Layer)]
    if not layers:
        return
    weights = sum(layer.parameters for layer in layers)
    with st.expander(f"The network: {count(len(layers), 'layer')}, {weights:,} weights", icon=":material/layers:"):
        table = pd.DataFrame(
            {
                "layer": [layer.name for layer in layers],
                "gives": [layer.shape for layer in layers],
                "weights": [layer.parameters for layer in layers],
            }
        )
        st.dataframe(table, hide_index=True, key="layers")
