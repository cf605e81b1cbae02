"""Beside a verdict: the known castings of both labels that look most like the part, so that a person can compare."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.lookalikes.looks_job import start_looking
from casting_core.workflows.judging.lookalikes.nearest import Castings, LookAlike, nearest
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache, look_cache
from pages.parts.photos import pictures
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

WIDTH = 160  # pixels of each picture: two fit beside each other on a telephone
TITLES = {Label.OK: "Nearest ok casting", Label.DEFECTIVE: "Nearest defective casting"}


def show(finding: Finding, model: Model, named: NamedDataset | None) -> None:
    """Both look-alikes of a photo that was judged; nothing where there is no dataset, or nobody has looked at it."""
    if named is None or finding.embedding is None:
        return
    among = _among(named, model)
    if among is None:
        return
    found = nearest(finding.sha256, finding.embedding, among)
    if not found:
        return
    st.markdown(f"**Looks most like**, of {count(len(among), 'photo')} of {plain(named.name)}:")
    with st.container(horizontal=True, gap="medium"):
        for label in Label:
            if label in found:
                _one(label, found[label])


def offer(model: Model, named: NamedDataset | None) -> None:
    """The button that has a version look at the castings of the dataset in use, as long as there are some left."""
    if named is None or not (left := _left(named, model)):
        return
    place = f"look-alikes of {model.card.name} on {named.name}"
    if jobs.watch(place):
        return
    job = jobs.ended(place)
    if job is not None and job.result is None:
        st.error(f"No look-alikes. {sentence(job.message or str(job.state))}", icon=":material/error:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Find look-alikes", key=place, icon=":material/compare:"):
            with show_errors():
                session.current().jobs[place] = start_looking(
                    model.card.name, dataset=named, actor=session.current().who
                ).id
            st.rerun()
        st.caption(
            f"Shows the nearest ok and the nearest defective casting beside each verdict. {plain(model.card.name)} has "
            f"not looked at {count(left, 'photo')} of {plain(named.name)} yet."
        )


def _one(label: Label, alike: LookAlike) -> None:
    words = f"{TITLES[label]}: likeness {alike.likeness:.3f}, score {alike.score:.3f}"
    st.image(pictures.tile(alike.photo, WIDTH), width=WIDTH, caption=words, alt=words)


def _among(named: NamedDataset, model: Model) -> Castings | None:
    opened = _opened(named)
    return None if opened is None else look_cache.castings(opened, model)


def _left(named: NamedDataset, model: Model) -> int:
    opened = _opened(named)
    if opened is None:
        return 0
    among = look_cache.castings(opened, model)
    return int(opened.usable["photo"].nunique()) - (0 if among is None else len(among))


def _opened(named: NamedDataset) -> Dataset | None:
    try:
        return dataset_cache.dataset(named)
    except CastingError:  # said by the pages that need a dataset
        return None
