"""The report on a version that an auditor signs: asked for by a click, how far it is, and the files to download."""

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.wording import moment
from casting_core.workflows.reports.content import learned_dataset
from casting_core.workflows.reports.report_job import Made, last_made, start_report
from pages.parts.caches import dataset_cache
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

WHAT = (
    "A PDF to be filed and signed: what is proven, data and audit, curves, operating point, every missed casting with "
    "its photo, limits of use, the head of the ledger."
)


def show(card: ModelCard) -> None:
    """The button that makes the report of a version on a dataset, its progress, and the report that was made last."""
    known = dataset_cache.datasets()
    if not known:
        return
    with st.container(border=True, key="report"):
        with st.container(horizontal=True, vertical_alignment="bottom", key="report-row"):
            named = _dataset(card, known)
            place = f"report on {card.name} and {named.folder}"
            if not jobs.going_on(place):
                _button(card, named, place)
            made = last_made(card.name, named)
            if made is not None:
                _downloads(card, made)
        if jobs.watch(place):
            return
        if (job := jobs.ended(place)) is not None and job.result is None:
            st.error(f"No report was made. {sentence(job.message or str(job.state))}", icon=":material/error:")
        elif made is not None:
            st.caption(f"Made {moment(made.at)}: {plain(made.proof, longest=600)}")
        else:
            st.caption(WHAT)


def _dataset(card: ModelCard, known: list[NamedDataset]) -> NamedDataset:
    """Which dataset the report is about: at first the one that the version learned from, else the one in use."""
    names = [one.name for one in known]
    try:
        first = learned_dataset(card).name
    except CastingError:  # it is not here
        first = str(session.current().dataset)
    at = names.index(first) if first in names else 0
    chosen = st.selectbox("Report on", names, index=at, key=f"report on, {card.name}", width=280)
    return known[names.index(chosen)]


def _button(card: ModelCard, named: NamedDataset, place: str) -> None:
    kept = session.current()
    if st.button("Report", key="make report", icon=":material/lab_profile:"):
        with show_errors():
            kept.jobs[place] = start_report(named, card.name, actor=kept.who).id
        st.rerun()


def _downloads(card: ModelCard, made: Made) -> None:
    """The three forms of the report that was made last."""
    forms: dict[str, tuple[bytes | str, str]] = {
        "PDF": (made.pdf, "application/pdf"),
        "CSV": (made.csv, "text/csv"),
        "JSON": (made.json, "application/json"),
    }
    for form, (content, mime) in forms.items():
        file, key = f"report-{card.name}.{form.lower()}", f"report as {form}"
        st.download_button(form, content, file, mime, icon=":material/download:", on_click="ignore", key=key)
