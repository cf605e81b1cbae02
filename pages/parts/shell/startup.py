"""Every cache of the dashboard but its pictures: read once, shared by all visitors. Nobody may change what is in it."""

import gc

import streamlit as st

from casting_core.workflows.datasets import removing, sample


class Bar:
    """A progress bar as the core wants it: called with photos done and photos in all."""

    def __init__(self, text: str) -> None:
        self._bar = st.progress(0.0, text=text)

    def __call__(self, done: int, total: int) -> None:
        """Moves the bar."""
        self._bar.progress(done / total, text=f"{done:,} of {total:,} photos")

    def end(self) -> None:
        """Takes the bar off the page."""
        self._bar.empty()


@st.cache_resource(show_spinner=False)
def programs_kept(title: str) -> None:
    """Once for each page: what its program needs stays for good, so nobody looks through it for waste again.

    Every such look takes a tenth of a second, and whoever waits for an answer then waits for it, too.
    """
    gc.collect()
    gc.freeze()


def ready() -> None:
    """Draws the sample at the very first start, with a bar that shows how far it is; later it returns at once."""
    _settled()
    if _sample_known():
        return
    st.markdown("#### Drawing sample castings")
    st.markdown("This happens once, so that every page has something to show before your own photos are here.")
    sample.ensure_sample(Bar("Starting"))
    _sample_known.clear()
    st.rerun()


@st.cache_resource(show_spinner=False)
def _sample_known() -> bool:
    return not sample.sample_missing() or sample.sample_removed()


@st.cache_resource(show_spinner=False)
def _settled() -> bool:
    """Deals with the photos of removed datasets, once in the life of the server."""
    removing.settle()
    return True


# --- Datasets ---------------------------------------------------------------------------------------------------------


# --- Models -----------------------------------------------------------------------------------------------------------


# --- Runs -------------------------------------------------------------------------------------------------------------
