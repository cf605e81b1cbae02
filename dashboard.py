"""Overview: what data there is, which model is in use and what it is worth, what is going on, and where to go next.

``streamlit run`` imports this file and serves its ``app``. For each visitor it then runs it as a script.
"""

import streamlit as st

from pages.parts.server import door, first_paint, start
from pages.parts.shell.look import STYLE

if __name__ != "__main__":
    middleware = [*door.middleware(), *first_paint.middleware(STYLE)]
    app = st.App(__file__, lifespan=start.lifespan, middleware=middleware)
else:
    from casting_core.data.datasets.statistics import skew
    from casting_core.errors import CastingError
    from casting_core.learning.recipes.events import EpochDone
    from casting_core.records.card import TEST, VALIDATION, ModelCard
    from casting_core.records.jobs import State
    from casting_core.records.registry import STARTER
    from casting_core.wording import count, share
    from casting_core.workflows.recipes import recipe_of
    from pages.parts.caches import model_cache, run_cache
    from pages.parts.models import castings_behind, next_steps
    from pages.parts.shell import frame, guards
    from pages.parts.shell.text import plain

    frame.open(
        "Overview", "Find defective castings before they leave the foundry, and know how far to trust the finding."
    )
    named = guards.named_dataset()
    dataset = guards.dataset()
    with guards.show_errors():
        going_on = [run for run in run_cache.runs() if not run.state.over]

    data, model, runs = st.columns(3, border=True)
    with data:
        balance = skew(dataset.usable)
        st.markdown(f"##### :material/photo_library: Data\n**{plain(named.name)}**")
        st.metric("Photos", f"{len(dataset.usable):,}")
        st.markdown(f"{balance.ok:,} ok · {balance.defective:,} defective")
        if len(dataset.problems):
            st.markdown(f":material/warning: {count(len(dataset.problems), 'file')} cannot be used")
        frame.link("Dataset", "Explore the photos")
    with model:
        card: ModelCard | None = None
        try:
            card = model_cache.model(model_cache.production()).card
        except CastingError as error:  # data and training are still to be seen
            st.markdown("##### :material/verified: Model in use")
            guards.no_model(error)
        else:
            st.markdown(f"##### :material/verified: Model in use\n**{plain(card.name)}** · {plain(card.network)}")
            split, figures = (TEST, card.test) if card.test else (VALIDATION, card.validation)
            st.metric("Right", share(figures.accuracy))
            missed, alarms = count(figures.missed, "missed defect"), count(figures.false_alarms, "false alarm")
            st.markdown(f"{missed} · {alarms}")
            st.caption(f"on {castings_behind.words(figures, split + ' photo')} ({plain(card.data.name)})")
            frame.link("Review", "See what it got wrong")
    with runs:
        st.markdown("##### :material/model_training: Training")
        if going_on:
            run = next((run for run in going_on if run.state is State.WORKING), going_on[-1])
            done = sum(isinstance(event, EpochDone) for event in run_cache.events(run.id))
            recipe = recipe_of(run.recipe)
            st.metric(f"Run {run.id}", "waiting" if run.state is State.WAITING else "in progress")
            if recipe is not None:
                st.progress(min(done / recipe.epochs, 1.0), text=f"epoch {done} of {recipe.epochs}")
            frame.link("Train", "Watch it")
        else:
            made = [run for run in run_cache.runs() if run.model]
            st.metric("Runs going on", 0)
            last = (
                f"Last: run {made[0].id} made **{plain(str(made[0].model))}**" if made else "No run was made here yet."
            )
            st.markdown(last)
            frame.link("Train", "Train a network")

    st.markdown("##### Where to go next")
    if card is not None and card.name == STARTER:
        st.info(
            "The starter model learned from drawn castings only. To judge your own parts: add your photos on the "
            "Dataset page, train on them, look at what was missed, and put the new model in production.",
            icon=":material/lightbulb:",
        )
    next_steps.show(named, dataset)
