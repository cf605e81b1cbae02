"""What the trials say about the settings: which matter, all trials side by side, and the objective over two of them."""

from collections.abc import Sequence

import streamlit as st

from casting_core.learning.recipes.recipe import word_of
from casting_core.workflows.search import findings
from casting_core.workflows.search.studies import Study, find_study
from casting_core.workflows.search.trials import Trial
from pages.parts.charts import canvas, search_charts
from pages.parts.shell.errors import show_errors

VIEWS = ("What matters", "Side by side", "Two settings")


def show(study: Study, done: Sequence[Trial]) -> None:
    """The chosen one of three views; what takes long is worked out once for the same trials."""
    chosen = st.segmented_control(
        "Look at", VIEWS, default=VIEWS[0], required=True, key=f"view of {study.id}", label_visibility="collapsed"
    )
    if len(done) < findings.LEAST:
        st.caption(f"{findings.LEAST} trials must come to their end before anything can be said of the settings.")
    elif len({trial.value for trial in done}) < 2:
        st.caption("All trials came to the same value, so nothing tells their settings apart.")
    elif chosen == VIEWS[0]:
        _importance(study, len(done))
    elif chosen == VIEWS[1]:
        figure = search_charts.parallel(study, done)
        canvas.show(
            figure, key=f"parallel of {study.id}", alt="Every trial as a line through its settings and its value"
        )
        st.caption(
            "Each line is a trial; the more orange, the better. Drag along an axis to see only the trials in between."
        )
    elif chosen == VIEWS[2]:
        _contour(study)


def _importance(study: Study, trials: int) -> None:
    with show_errors():
        shares = _shares(study.id, trials)
    if not shares:
        st.caption("A setting came to one value only, so nothing can be said of what matters.")
        return
    words = ", ".join(f"{word_of(name)} {part:.0%}" for name, part in shares.items())
    canvas.show(search_charts.importance(shares), key=f"importance of {study.id}", alt=f"What matters: {words}")
    st.caption(
        f"From {trials} trials (fANOVA): how much of the ups and downs of the objective each setting explains. With "
        "few trials this is a first hint."
    )


def _contour(study: Study) -> None:
    names = list(study.plan.space.ranges)
    if len(names) < 2:
        st.caption("Only one setting varies; the map needs two.")
        return
    left, right = st.columns(2)
    with left:
        along = st.selectbox("Along", names, 0, format_func=word_of, key=f"along {study.id}")
    with right:
        across = st.selectbox(
            "Upwards", [n for n in names if n != along], format_func=word_of, key=f"across {study.id} {along}"
        )
    found = findings.surface(study, along, across)
    if found is None:
        return
    alt = f"The objective over {word_of(along)} and {word_of(across)}"
    canvas.show(search_charts.contour(study, found, along, across), key=f"contour of {study.id}", alt=alt)
    st.caption("Points are trials. The shade between them is a guess from those nearby; darker is better.")


@st.cache_data(show_spinner="Working out what matters", max_entries=64)
def _shares(study: str, trials: int) -> dict[str, float]:  # noqa: ARG001 - it changes with the number of trials
    return findings.importance(find_study(study))
