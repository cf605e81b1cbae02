"""Renaming a dataset, removing it after a question, putting it back, and drawing the sample again."""

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets import importing, removing, sample
from casting_core.workflows.datasets.importing import LONGEST_NAME
from pages.parts.caches import dataset_cache
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

PLACE = "sample"


def show() -> None:
    """What can be done with the dataset in use; a small window that opens on demand."""
    named = next((known for known in dataset_cache.datasets() if known.name == session.current().dataset), None)
    with st.popover("Manage", icon=":material/tune:"):
        if named is not None:
            _rename(named)
            _remove(named)
        if sample.sample_missing() and not jobs.going_on(PLACE):
            help_text = "Castings with known defects, to try everything with."
            if st.button("Draw the sample again", key="draw sample", icon=":material/draw:", help=help_text):
                with show_errors():
                    job = sample.start_sample(again=True, actor=session.current().who)
                session.current().jobs[PLACE] = job.id
                st.rerun()


def show_removed() -> None:
    """What was removed and can still come back, and a sample that is being drawn."""
    if job := jobs.ended(PLACE):
        if job.result is None:
            st.error(sentence(job.message or f"The sample was {job.state}"), icon=":material/error:")
        else:
            session.current().dataset = str(job.result["name"])
            dataset_cache.read_again()
            st.rerun()
    jobs.watch(PLACE)
    for gone in removing.restorable():
        with st.container(horizontal=True, vertical_alignment="center"):
            then = "Its photos are deleted" if removing.is_own_folder(gone.dataset) else "It is forgotten"
            st.markdown(f":material/delete: **{plain(gone.dataset.name)}** was removed. {then} at the next start.")
            if st.button("Undo", key=f"put back {gone.id}", icon=":material/undo:"):
                with show_errors():
                    session.current().dataset = removing.restore(gone.id).name
                st.rerun()


def _rename(named: NamedDataset) -> None:
    with st.form("rename", border=False):
        name = st.text_input("New name", named.name, key=f"other name of {named.name}", max_chars=LONGEST_NAME).strip()
        if st.form_submit_button("Rename", icon=":material/edit:") and name != named.name:
            try:
                session.current().dataset = removing.rename(named.name, name).name
            except CastingError as error:
                st.error(sentence(error))
            else:
                st.rerun()


def _remove(named: NamedDataset) -> None:
    """The button, then the question: what happens to the photos, and which models learned from them."""
    kept = session.current()
    if kept.to_remove != named.name:
        if st.button("Remove this dataset", key=f"remove {named.name}", icon=":material/delete:"):
            kept.to_remove = named.name
            st.rerun()
        return
    st.markdown(f"**Remove {plain(named.name)}?** {_fate(named)}")
    with show_errors():
        models = removing.models_of(named)
    if models:
        names = ", ".join(plain(model) for model in models)
        st.warning(
            f"These models learned from it and lose their data: {names}. They go on judging, but their mistakes on "
            "these photos can no longer be looked at.",
            icon=":material/inventory_2:",
        )
    else:
        st.caption("No model learned from it.")
    if st.button("Remove", key="remove for good", type="primary", icon=":material/delete:"):
        kept.to_remove = None
        try:
            removing.remove(named.name)
        except CastingError as error:
            st.error(sentence(error))
        else:
            kept.dataset = None
            st.rerun()
    if st.button("Keep it", key="keep dataset"):
        kept.to_remove = None
        st.rerun()


def _fate(named: NamedDataset) -> str:
    """What becomes of the photos of a dataset that is removed."""
    if importing.is_own(named):
        return "Its photos were copied here and are deleted at the next start. Until then it can be put back."
    if removing.is_own_folder(named):
        return "The drawn photos are deleted at the next start; they can be drawn again at any time."
    return "Its folder and the photos in it stay as they are. Until the next start it can be put back."
