"""An audit on the page: asking for one, how far it is, and its report with the photos behind each finding."""

from collections.abc import Callable, Mapping

import streamlit as st

from casting_core.data.audit.finding import Finding, Kind, Remedy, Severity
from casting_core.data.datasets.scan import Dataset
from casting_core.records.datasets import NamedDataset
from casting_core.records.jobs import Job, State
from casting_core.wording import duration, moment
from casting_core.workflows.audit import report
from casting_core.workflows.audit.audit import Audit
from casting_core.workflows.audit.audit_job import find_audit, start_audit
from pages.parts.audit import audit_photos
from pages.parts.caches import dataset_cache
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

LONGEST = 2000  # letters of a sentence of the report
MARKS = {  # never a colour alone: an icon and a word say the same
    Severity.SERIOUS: ":red-badge[:material/error: serious]",
    Severity.WORTH_KNOWING: ":orange-badge[:material/info: worth knowing]",
    Severity.FINE: ":green-badge[:material/check_circle: fine]",
}
BUTTONS = {
    Remedy.SPLIT_BY_CASTING: ("Split anew, castings whole", ":material/call_split:"),
    Remedy.DECIDE_LABEL: ("Look and decide on one label", ":material/label:"),
    Remedy.LEAVE_OUT: ("Leave these photos out", ":material/playlist_remove:"),
    Remedy.CLASS_WEIGHTS: ("Train with class weights", ":material/balance:"),
    Remedy.AUGMENTATION: ("Train with augmentation", ":material/content_copy:"),
    Remedy.LOCAL_CONTRAST: ("Train the network that sees local contrast only", ":material/contrast:"),
    Remedy.ADD_CASTINGS: ("Add photos of more castings", ":material/add_a_photo:"),
    Remedy.RETAKE: ("Mend or retake these files", ":material/build:"),
}

Remedies = Mapping[Remedy, Callable[[Finding], None]]


def show(named: NamedDataset, dataset: Dataset, remedies: Remedies | None = None) -> None:
    """The audit of a dataset: its report, or how far it is, or a button that starts one.

    A remedy in ``remedies`` is a button, and its function is called with the finding; any other is said in words.
    """
    with show_errors():
        run = find_audit(named)
        made = dataset_cache.audit(dataset)
    if run is not None and not run.state.over:
        jobs.show(run, stop="Stop the audit")
    elif made is not None:
        st.fragment(_report)(made, named, dataset, remedies or {})
    else:
        _nothing_yet(named, run)


def _nothing_yet(named: NamedDataset, run: Job | None) -> None:
    _last_end(run)
    if run is not None and run.state is State.FINISHED:
        st.info("The photos have changed since they were last audited.", icon=":material/update:")
    elif run is None:
        st.markdown("Nobody has audited these photos yet.")
    st.markdown(
        f"An audit asks {len(Kind)} questions: does the test show castings that the network has not seen, do labels "
        "contradict each other, does the light give the label away, are there enough castings for what you want to "
        "prove, and more. It looks at every photo and goes on if you leave this page. No photo is changed."
    )
    if st.button("Audit these photos", type="primary", icon=":material/troubleshoot:", key="start audit"):
        with show_errors():
            start_audit(named, actor=session.current().who)
        st.rerun()


def _last_end(run: Job | None) -> None:
    if run is not None and run.state is State.FAILED:
        st.error(f"The audit failed: {sentence(run.message)}", icon=":material/error:")
    elif run is not None and run.state is State.LOST:
        st.error(
            "The audit was lost: its process was killed, or the machine was switched off. Start it again.",
            icon=":material/link_off:",
        )
    elif run is not None and run.state is State.STOPPED:
        st.info("The audit was stopped before its end. Nothing was kept.", icon=":material/stop_circle:")


def _report(made: Audit, named: NamedDataset, dataset: Dataset, remedies: Remedies) -> None:
    st.markdown(f"**{made.headline}**")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Download the report",
            report.text(made, dataset, name=named.name).encode(),
            "audit.txt",
            "text/plain",
            icon=":material/download:",
            on_click="ignore",
            key="audit report",
        )
        st.caption(f"made {moment(made.made)} in {duration(made.seconds)}")
    for finding in made.findings:
        if finding.severity is not Severity.FINE:
            _finding(finding, made, dataset, remedies)
    fine = [finding for finding in made.findings if finding.severity is Severity.FINE]
    if fine:
        words = f"{MARKS[Severity.FINE]} **{len(fine)} of {len(made.findings)} questions found nothing wrong**"
        with st.expander(words, key="fine"):
            for finding in fine:
                st.markdown(f"**{_said(finding.title)}** {_said(finding.consequence)}")


def _finding(finding: Finding, made: Audit, dataset: Dataset, remedies: Remedies) -> None:
    """One finding to be opened; the worst is open at first. What is closed costs no pictures."""
    box = st.expander(
        f"{MARKS[finding.severity]} **{_said(finding.title)}**",
        expanded=finding is made.findings[0],
        key=key_of(finding, made),
        on_change="rerun",
    )
    if box.open:
        with box:
            st.markdown(_said(finding.consequence))
            _remedy(finding, remedies)
            audit_photos.show(finding, dataset)


def key_of(finding: Finding, made: Audit) -> str:
    """The key under which the session knows whether a finding is open."""
    return f"{finding.kind}, {made.fingerprint[:16]}"


def _remedy(finding: Finding, remedies: Remedies) -> None:
    if finding.remedy is Remedy.NONE:
        return
    label, icon = BUTTONS[finding.remedy]
    if finding.remedy not in remedies:
        st.markdown(f"{icon} **What helps:** {finding.remedy}.")
    elif st.button(label, icon=icon, key=f"remedy {finding.kind}"):
        remedies[finding.remedy](finding)


def _said(words: str) -> str:
    return plain(words, longest=LONGEST)
