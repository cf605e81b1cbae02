"""Tune: let the machine look for better settings, watch it, and take the best to Train; luck is told from progress."""

import streamlit as st

from casting_core.workflows.search import search, studies
from pages.parts.search import search_form, search_view
from pages.parts.shell import frame, guards, session
from pages.parts.shell.errors import show_errors

frame.open("Tune", "Let the machine try settings, and see which of them are really better on castings it has not seen.")
kept = session.current()
known = studies.studies()

with st.container(key="sides"):  # look.STYLE keeps room for the form on a telephone
    form, view = st.columns([1, 2], gap="large")
with view:
    chosen = search_view.choose(known)
    if chosen is None:
        st.subheader("No search yet")
        st.info(
            "Say with the form what may vary and for how long, and start. Every trial is a training that is judged on "
            "castings held out; the history appears here. The best settings go to the Train page with one click.",
            icon=":material/tune:",
        )
    else:
        with st.container(key="live"):  # look.STYLE puts it first on a telephone
            search_view.show(chosen)
with form, st.container(key="form"):  # last: a dataset that cannot be used must not hide a search that goes on
    st.subheader("New search")
    named, dataset = guards.named_dataset(), guards.dataset()
    plan = search_form.show(named, dataset, known)
    if plan is not None:
        with show_errors():
            kept.study = search.start(plan, actor=session.current().who).id
        st.rerun()
