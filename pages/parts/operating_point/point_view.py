"""The operating point of one version: the one in force, another one with its castings, and the earlier ones."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import OperatingPoint
from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job
from casting_core.wording import moment
from casting_core.workflows.models import operating_point
from casting_core.workflows.models.calibration import CalibrationPhotos
from casting_core.workflows.models.operating_point_job import start_putting
from casting_core.workflows.models.proposals import Proposal
from casting_core.workflows.operating_points import history, in_force, registered
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.operating_point import asking
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, plain, sentence


def show(card: ModelCard) -> None:
    """Where this version draws the line, and how that is changed."""
    with show_errors():
        now = in_force(card)
    st.subheader("Operating point", anchor="operating-point")
    st.markdown(f"**{plain(card.name)}** judges at **{now.limits}**: {plain(now.chosen, longest=400)}.")
    place = f"operating point of {card.name}"
    if jobs.watch(place):
        return
    _said(jobs.ended(place))
    with st.expander("Choose another one", icon=":material/tune:"):
        named = _dataset()
        if named is None:
            st.info("There is no dataset to choose it on. Import one first.", icon=":material/folder_open:")
        else:
            _choose(card, named, now, place)
    _earlier(card, now)


def _choose(card: ModelCard, named: NamedDataset, now: OperatingPoint, place: str) -> None:
    opened = dataset_cache.dataset(named)
    photos = _photos(card, opened)
    proposal = asking.show(photos, now=now, of=card.name)
    if proposal is None:
        return
    if proposal.point is None:
        st.warning(plain(proposal.words, longest=600), icon=":material/block:")
        return
    st.info(f"**{proposal.point.limits}** {plain(proposal.words, longest=600)}", icon=":material/straighten:")
    _sign(card, named, proposal, place)


def _photos(card: ModelCard, opened: Dataset) -> CalibrationPhotos | None:
    """The castings to choose on, with which they are; none where there are none, which is then said."""
    castings = dataset_cache.castings(opened)
    if castings is None:
        st.info("It is not known which photos show one casting; find the castings on Dataset.", icon=":material/help:")
        return None
    try:
        photos = model_cache.calibration(opened, model_cache.model(card.name))
    except CastingError as error:
        st.info(sentence(error), icon=":material/help:")
        return None
    st.markdown(f"Chosen on {plain(photos.words, longest=300)}.")
    return photos


def _sign(card: ModelCard, named: NamedDataset, proposal: Proposal, place: str) -> None:
    """Who decides and why, and the button; the test castings are then looked at once."""
    kept = session.current()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.text_input("Your name", value=kept.who, key="point who", max_chars=60, width=200, disabled=kept.signed)
        why = st.text_input("Why", key="point why", max_chars=300, placeholder="What speaks for it", width=320)
        limits = proposal.point.limits if proposal.point is not None else ""
        # Another button for another point: one that is still on the screen must not put another point in force.
        pressed = st.button(f"Judge at {limits} from now on", type="primary", key=f"point put {limits}")
    st.caption("The test castings are looked at once before; what became of them is written down with it.")
    if not pressed:
        return
    with show_errors():
        kept.jobs[place] = start_putting(card.name, proposal, named, actor=who, reason=why).id
    kept.who = who.strip()
    st.rerun()


def _earlier(card: ModelCard, now: OperatingPoint) -> None:
    """The points that were set, the latest first, and the way back to the registered one."""
    known = history(card)
    if not known:
        return
    rows = pd.DataFrame(
        {
            "since": [moment(one.at) for one in known],
            "threshold": [one.point.limits for one in known],
            "by": [cell(one.who) for one in known],
            "chosen by": [cell(one.method) for one in known],
            "why": [cell(one.why) for one in known],
            "on test castings": [cell(one.check) for one in known],
        }
    )
    st.dataframe(rows, hide_index=True, key="points set")
    if now.limits == registered(card).limits:
        return
    kept = session.current()
    if st.button(f"Back to {registered(card).limits}, as registered", icon=":material/undo:", key="point back"):
        with show_errors():
            operating_point.back_to_registered(card, actor=kept.who or known[0].who, reason="taken back")
        st.rerun()


def _said(job: Job | None) -> None:
    """What came of a job that has ended."""
    if job is None:
        return
    if job.result is None:
        st.error(f"It was not put in force. {sentence(job.message or str(job.state))}", icon=":material/error:")
    else:
        check = job.result.get("check") or "there are none"
        st.success(f"It is in force. Test castings: {plain(str(check), longest=300)}.", icon=":material/check_circle:")


def _dataset() -> NamedDataset | None:
    """The dataset in use, if there is one."""
    try:
        return dataset_cache.named_dataset(str(session.current().dataset))
    except CastingError:
        return None
