"""What the curves of a run say, in a sentence; its remedy fills in the form for the next run."""

from collections.abc import Sequence

import streamlit as st

from casting_core.learning.recipes import diagnosis
from casting_core.learning.recipes.diagnosis import Curves, Kind, Reading
from casting_core.learning.recipes.events import EpochDone, Event, LightTested, Prepared
from casting_core.learning.recipes.recipe import Recipe
from casting_core.workflows.recipes import recipe_of
from casting_core.workflows.training.runs import Run
from pages.parts.shell import frame, session
from pages.parts.train.run_live import last

LOOKS = {
    Kind.TOO_EARLY: (st.info, ":material/hourglass_top:"),
    Kind.TOO_FEW: (st.warning, ":material/groups:"),
    Kind.UNSTABLE: (st.warning, ":material/ssid_chart:"),
    Kind.LIGHT: (st.warning, ":material/light_mode:"),
    Kind.MEMORISING: (st.warning, ":material/psychology:"),
    Kind.GUESSING: (st.error, ":material/casino:"),
    Kind.PLATEAU: (st.info, ":material/trending_flat:"),
    Kind.LEARNING: (st.success, ":material/trending_down:"),
}


def show(run: Run, events: Sequence[Event]) -> None:
    """The finding of a run, where its curves can be read, and the button that takes its remedy."""
    curves = curves_of(run, events)
    if curves is None:
        return
    reading = diagnosis.read(curves)
    box, icon = LOOKS[reading.kind]
    box(f"**{reading.sentence}** {reading.remedy}", icon=icon)
    if reading.changes:
        if st.button("Put this in the form", key=f"remedy of run {run.id}", icon=":material/edit_note:"):
            take(curves.recipe, reading)
            st.rerun()
    elif reading.kind is Kind.TOO_FEW:
        frame.link("Dataset", "Add castings on the Dataset page")


def curves_of(run: Run, events: Sequence[Event]) -> Curves | None:
    """Everything a finding is made of; ``None`` where there is no epoch yet, or where an older program wrote it."""
    prepared, recipe = last(events, Prepared), recipe_of(run.recipe)
    epochs = [event for event in events if isinstance(event, EpochDone)]
    if prepared is None or recipe is None or not epochs or recipe.sound_only:  # that has no epochs, so no curves
        return None
    return Curves(epochs=epochs, recipe=recipe, prepared=prepared, light=last(events, LightTested))


def take(recipe: Recipe, reading: Reading) -> None:
    """Fills the form for the next run with the recipe of this one and what the remedy changes in it.

    Another network is begun with as is recommended for it.
    """
    same = {} if "network" in reading.changes else recipe.model_dump()
    session.current().fill(same | reading.changes)
