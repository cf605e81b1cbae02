"""What a page needs before it can begin; where it is missing, a sentence says so and what to do, and the page ends."""

from typing import NoReturn

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import CastingError
from casting_core.records.datasets import NamedDataset
from casting_core.workflows.datasets import sample
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import sentence


def named_dataset() -> NamedDataset:
    """The dataset in use, by its name; a page that needs one ends where there is none yet, with what to do."""
    with show_errors():
        if not dataset_cache.datasets():
            _no_dataset_yet()
        return dataset_cache.named_dataset(str(session.current().dataset))


def _no_dataset_yet() -> NoReturn:
    """The sample is being drawn, or that came to nothing; the page goes on by itself as soon as there is a dataset."""
    job = sample.find_sample()
    if job is not None and not job.state.over:
        st.markdown("#### Drawing sample castings")
        st.markdown("This happens once, so that every page has something to show before your own photos are here.")
        jobs.show(job)
    else:
        why = f" {sentence(job.message)}" if job is not None and job.message else ""
        st.info(f"There is no dataset yet.{why} Add your photos on the Dataset page.", icon=":material/photo_library:")
        st.page_link("pages/dataset.py", label="Add photos", icon=":material/create_new_folder:")
        if st.button("Draw sample castings", key="draw first sample", icon=":material/draw:"):
            with show_errors():
                sample.start_sample(again=True, actor=session.current().who)
            st.rerun()
    st.stop()


def dataset() -> Dataset:
    """The photos of the dataset in use; a page without photos ends with what to do."""
    named = named_dataset()
    with show_errors():
        opened = dataset_cache.dataset(named)
    if opened.usable.empty:
        st.info(
            "No photo of this dataset can be used yet. The Dataset page lists every file with the reason.",
            icon=":material/photo_library:",
        )
        st.page_link("pages/dataset.py", label="See the problems", icon=":material/photo_library:")
        st.stop()
    return opened


def model(name: str | None = None) -> Model:
    """A model version, or the one in production; a page without one ends with what to do."""
    if name is not None:
        with show_errors():
            return model_cache.model(name)
    try:
        return model_cache.model(model_cache.production())
    except CastingError as error:
        no_model(error)
        st.stop()


def no_model(error: CastingError) -> None:
    """Says why the model in production cannot judge, and what to do."""
    remedy = "Put another version in production on the Models page."
    st.error(f"{sentence(error)} {remedy}", icon=":material/error:")
    st.page_link("pages/models.py", label="See all versions", icon=":material/inventory_2:")
