"""One batch on the page: how far it is; then its summary, its photos in a table, and one of them large."""

import streamlit as st

from casting_core.errors import CastingError
from casting_core.records.jobs import Job
from casting_core.wording import moment
from casting_core.workflows import jobs as work
from casting_core.workflows.judging.batch import batch_job, export, kept, looking
from casting_core.workflows.judging.batch.kept import Batch
from casting_core.workflows.judging.batch.results import Judged
from casting_core.workflows.tracing import retention
from pages.parts.batch import batch_table
from pages.parts.caches import batch_cache
from pages.parts.shell import address, jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

MEGA = 10**6


def show() -> bool:
    """Whether a batch is looked at; it is drawn then. What the address asks for comes first."""
    kept_here = session.current()
    if asked := address.take("batch"):
        kept_here.batch = asked
    if kept_here.batch is None:
        address.say()
        return False
    address.say(batch=kept_here.batch)
    st.button("Back to single photos", key="leave batch", icon=":material/arrow_back:", on_click=_leave)
    with show_errors():
        job = batch_job.job_of(kept_here.batch)
    if job is not None and not job.state.over:
        st.subheader(plain(job.about))
        jobs.show(job, stop="Stop")
        return True
    _ended(kept_here.batch, job)
    return True


def _leave() -> None:
    session.current().batch = None


def _ended(mark: str, job: Job | None) -> None:
    if job is not None and job.result is None:
        _unfinished(job)
    try:
        batch = kept.find(mark)
        judged = batch_cache.results(mark)
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
        return
    _head(batch, judged)
    batch_table.show(batch, judged)
    _foot(batch, judged)


def _unfinished(job: Job) -> None:
    """Why a batch has no end, and the way on."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(sentence(work.outcome_of(job) or f"it is {job.state}"), icon=":material/pause_circle:")
        if job.resumable:
            st.button("Resume", key="resume batch", icon=":material/resume:", on_click=_resume, args=(job.id,))


def _resume(number: int) -> None:
    try:
        work.resume(number)
    except CastingError as error:  # somebody else was quicker
        st.toast(sentence(error), icon=":material/error:")


def _head(batch: Batch, judged: list[Judged]) -> None:
    counts = kept.counts_of(judged)
    st.subheader(plain(batch.name))
    st.markdown(f"**{kept.in_words(counts)}**")
    by = f"by {plain(batch.actor)}" if batch.actor else "by nobody named"
    st.caption(
        f"Judged by {plain(batch.model)}, threshold {batch.point.limits}, asked for {moment(batch.asked)} {by}. "
        f"Batch {batch.mark}"
    )
    if batch.warning:
        st.warning(plain(batch.warning, longest=300), icon=":material/help:")
    if proof := looking.proves(counts):
        st.caption(proof)


def _foot(batch: Batch, judged: list[Judged]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download for a spreadsheet", lambda: export.as_csv(batch, judged), f"batch-{batch.mark}.csv", "text/csv",
            icon=":material/table:", on_click="ignore", key="batch csv",
        )  # fmt: skip
        if st.button("Verify every result", key="verify batch", icon=":material/verified_user:"):
            _verify(batch.mark)
        _looked(batch)
        if size := kept.kept_bytes(batch):
            st.button(
                f"Remove its photos ({size / MEGA:.1f} MB)", key="forget photos", icon=":material/delete:",
                help="They were put down on this machine for this batch. Verdicts stay, and the photos kept with them.",
                on_click=_forget, args=(batch,),
            )  # fmt: skip


def _looked(batch: Batch) -> None:
    """Lets a person say that the batch was looked at: until then none of its kept photos goes."""
    with show_errors():
        looked = retention.was_looked_at(batch.mark)
    if looked:
        st.markdown(":material/task_alt: Looked at")
    elif st.button(
        "I have looked at this batch", key="batch looked at", icon=":material/task_alt:",
        help="Until somebody says so, its kept photos stay, however old they are.",
    ):  # fmt: skip
        try:
            retention.looked_at(batch.mark, actor=session.current().who)
        except CastingError as error:
            st.error(sentence(error), icon=":material/error:")
        else:
            st.rerun()


def _verify(mark: str) -> None:
    try:
        found = kept.verify(mark)
    except CastingError as error:
        st.error(sentence(error), icon=":material/gpp_bad:")
        return
    st.success(
        f"All {found.photos:,} results are as row {found.number} of the ledger stands for them.",
        icon=":material/verified:",
    )


def _forget(batch: Batch) -> None:
    kept.forget_photos(batch)
