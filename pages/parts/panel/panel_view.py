"""What a version is worth on the dataset in use: the verdict first, then what it bears; the rest folds out."""

from typing import Literal

import streamlit as st

from casting_core.domain import FEW
from casting_core.errors import CastingError
from casting_core.judging.panel.panel import Panel
from casting_core.judging.panel.stress import StressCurve
from casting_core.judging.panel.verdict import Reads, Verdict, verdict
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job
from casting_core.wording import count, moment
from casting_core.workflows.judging.panel.keep import kept, kept_at
from casting_core.workflows.judging.panel.panel_job import find_panel, start_panel
from pages.parts.caches import dataset_cache
from pages.parts.charts import canvas, panel_charts
from pages.parts.panel import behind
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

ACROSS = 4  # charts in a row
LONGEST = 2000  # letters of a sentence of the verdict
CALM = {Reads.METAL}
UNSURE = {Reads.UNKNOWN}


def show(card: ModelCard) -> None:
    """The panel of a version, how far it is, or a button that makes it; nothing where there is no dataset."""
    try:
        named = dataset_cache.named_dataset(str(session.current().dataset))
        opened = dataset_cache.dataset(named)
        known = dataset_cache.castings(opened)
        job = find_panel(named, card.name)
    except CastingError:  # said by the pages that need a dataset
        return
    st.markdown(f"#### What it is worth on {plain(named.name)}")
    made, damaged = None, False
    try:
        made = None if known is None else kept(kept_at(card, opened, known))
    except CastingError as error:
        damaged = True
        st.warning(sentence(error), icon=":material/broken_image:")
    if job is not None and not job.state.over:
        jobs.show(job)
    elif made is None:
        _nothing_yet(named, card, None if damaged else job)
    if made is not None:
        _made(made, named, card, busy=job is not None and not job.state.over)


def _nothing_yet(named: NamedDataset, card: ModelCard, job: Job | None) -> None:
    if job is not None and job.result is None:
        st.error(f"It was not measured. {sentence(job.message or str(job.state))}", icon=":material/error:")
    elif job is not None:
        st.info("The photos have changed since this was measured.", icon=":material/update:")
    st.markdown(
        "Does it read the metal, or the lamp? Photos of castings are disturbed step by step (light, contrast, blur, "
        "noise, JPEG, turn, shift), and their parts painted over, and the version judges them all. It takes about a "
        "minute and goes on if you leave this page. No photo is changed."
    )
    _button("Measure it", named, card, first=True)


def _button(label: str, named: NamedDataset, card: ModelCard, *, first: bool) -> None:
    look: Literal["primary", "tertiary"] = "primary" if first else "tertiary"
    if st.button(label, key=f"panel of {card.name}", type=look, icon=":material/straighten:"):
        with show_errors():
            start_panel(named, card.name, actor=session.current().who)
        st.rerun()


def _made(made: Panel, named: NamedDataset, card: ModelCard, *, busy: bool) -> None:
    said = verdict(made)
    _said(said)
    for words in said.others:
        st.markdown(f"- {plain(words, longest=LONGEST)}")
    behind.castings(made)
    _curves(made)
    behind.show(made)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Measured {moment(made.made)} on {count(made.photos, 'photo')} of {count(made.castings, 'casting')}."
        )
        if not busy:
            _button("Measure anew", named, card, first=False)


def _said(said: Verdict) -> None:
    words = plain(said.first, longest=LONGEST)
    if set(said.reads) <= CALM:
        st.success(words, icon=":material/verified:")
    elif set(said.reads) <= UNSURE:
        st.info(words, icon=":material/help:")
    else:
        st.error(words, icon=":material/lightbulb:")


def _curves(made: Panel) -> None:
    """One small chart for each disturbance."""
    st.markdown("**What it bears**")
    st.caption(panel_charts.LEGEND)
    for start in range(0, len(made.stress), ACROSS):
        for column, curve in zip(st.columns(ACROSS), made.stress[start : start + ACROSS], strict=False):
            with column:
                alt = _alt(curve)
                canvas.show(panel_charts.stress(curve), key=f"stress {curve.disturbance.value}", alt=alt)
    outcomes = made.stress[0].as_taken.outcomes if made.stress else None
    if outcomes is not None and (outcomes.ok.few or outcomes.defective.few):
        st.caption(
            f"Behind these curves stand {count(outcomes.defective.n, 'defective casting')} and "
            f"{count(outcomes.ok.n, 'ok casting')}: fewer than {FEW} of a class prove next to nothing."
        )


def _alt(curve: StressCurve) -> str:
    worst = min(curve.points, key=lambda point: point.balanced or 0.0)
    good, bad = worst.outcomes.ok, worst.outcomes.defective
    return (
        f"Castings judged rightly by {curve.disturbance.value}; at its worst {good.n - good.wrong} of {good.n} ok and "
        f"{bad.n - bad.wrong} of {bad.n} defective ones"
    )
