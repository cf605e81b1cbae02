"""The frame of every page: window title, menu in the order of the work, the dataset in use, heading."""

from pathlib import Path

import streamlit as st

from casting_core import __version__
from casting_core.errors import CastingError
from casting_core.records.registry import STARTER
from casting_core.settings import settings
from casting_core.workflows import stores
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.server import first_visit
from pages.parts.shell import address, jobs, session, sign_in
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain

ICON = Path(__file__).with_name("icon.png")  # Streamlit would fetch a symbol or an emoji from the internet
MENU = {  # in the order of the work: look, train, tune, find the missed defects, inspect, promote
    "Overview": ("dashboard.py", ":material/home:"),
    "Dataset": ("pages/dataset.py", ":material/photo_library:"),
    "Train": ("pages/train.py", ":material/model_training:"),
    "Tune": ("pages/tune.py", ":material/tune:"),
    "Review": ("pages/review.py", ":material/fact_check:"),
    "Agreement": ("pages/agreement.py", ":material/groups:"),
    "Inspection": ("pages/inspection.py", ":material/center_focus_strong:"),
    "Models": ("pages/models.py", ":material/inventory_2:"),
    "History": ("pages/history.py", ":material/history:"),
}


def open(title: str, intro: str) -> None:
    """Opens a page: call it first, and once. ``title`` is one of ``MENU``; ``intro`` says what the page is for."""
    st.set_page_config(page_title=f"{title} · Casting inspection", page_icon=str(ICON), layout="wide")
    first_visit.programs_kept(title)
    sign_in.admit()
    address.read()
    with show_errors():
        first_visit.ready()
        unknown = _unknown_dataset()
    with st.sidebar:
        st.markdown("#### Casting inspection")
        for name, (script, icon) in MENU.items():
            st.page_link(script, label=name, icon=icon, width="stretch")
        st.divider()
        _choose_dataset()
        jobs.drawer()
        sign_in.who_is_here()
        st.caption(f"Casting inspection {__version__}")
    st.title(title)
    st.markdown(intro)
    if unknown:
        st.warning(f"This link is about dataset {plain(unknown)}, which is not here.", icon=":material/link_off:")


def link(title: str, label: str, *, icon: str | None = None, asks: dict[str, str] | None = None) -> None:
    """A link to another page of the menu, with the page's icon or another one; ``asks`` is what its address says."""
    script, usual = MENU[title]
    st.page_link(script, label=label, icon=icon or usual, query_params=asks)


def _unknown_dataset() -> str:
    """Takes the dataset that the address asks for into use; its name where there is none of it, else nothing."""
    asked, names = address.take("dataset"), [dataset.name for dataset in dataset_cache.datasets()]
    if asked in names:
        session.current().dataset = asked
    return asked if asked and asked not in names else ""


def _choose_dataset() -> None:
    kept = session.current()
    with show_errors():
        names = [dataset.name for dataset in dataset_cache.datasets()]
    if not names:
        st.caption("No dataset yet")
        return
    if kept.dataset not in names:
        kept.dataset = _usual_dataset()
    chosen = st.selectbox("Dataset", names, index=names.index(kept.dataset), key=f"dataset in use, {kept.dataset}")
    if chosen != kept.dataset:
        kept.dataset, kept.split, kept.cell = chosen, None, None
        st.rerun()


def _usual_dataset() -> str:
    """The name of the dataset a visitor begins with: that of the model in production, else the one added last.

    The drawn sample comes after people's own photos, even where it was drawn after they had been added.
    """
    known = sorted(dataset_cache.datasets(), key=lambda one: one.folder != str(settings().sample_dir))
    names = [one.name for one in known]
    try:
        used = stores.registry().card(model_cache.production()) if model_cache.production() != STARTER else None
    except CastingError:  # said where the model is asked for
        used = None
    return used.data.name if used and used.data.name in names else names[-1]
