"""A person agrees with a verdict or overrules it, says what is known of the part, and keeps the photo to learn from."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from casting_core.domain import Label, Verdict
from casting_core.errors import CastingError
from casting_core.wording import moment
from casting_core.workflows.datasets import importing
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review import judgements, opinions
from casting_core.workflows.review.opinions import LONGEST, Opinion, PartData
from pages.parts.caches import dataset_cache
from pages.parts.shell import guards, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

AGREES = {Label.OK: Verdict.PASS, Label.DEFECTIVE: Verdict.REJECT}


def show(photo: UploadedFile, finding: Finding, model: Model) -> None:
    """What people said of this part, and the form to say it."""
    with show_errors():
        known = opinions.opinions(finding.sha256)
    for number, one in enumerate(known):
        told = f"{moment(one.at)} · **{plain(one.who)}** {plain(_words(one), longest=300)}"
        st.markdown(f":material/how_to_reg: {told}") if not number else st.caption(f"Before: {told}")
    with st.popover("Agree or overrule", icon=":material/how_to_reg:"):
        _form(photo, finding, model, known[0] if known else None)
    if known and known[0].label is not None:
        _keep_to_learn(photo, known[0])


def _form(photo: UploadedFile, finding: Finding, model: Model, last: Opinion | None) -> None:
    key, data = f"opinion on {photo.file_id}", last.data if last is not None else PartData()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        part = st.text_input("Part number", data.part, key=f"{key} part", max_chars=LONGEST, width=160)
        heat = st.text_input("Heat", data.heat, key=f"{key} heat", max_chars=LONGEST, width=110)
        line = st.text_input("Line", data.line, key=f"{key} line", max_chars=LONGEST, width=110)
        shift = st.text_input("Shift", data.shift, key=f"{key} shift", max_chars=LONGEST, width=110)
    suggested = [finding.kind] if finding.kind else []
    kind = st.selectbox(
        "Kind of defect", list(dict.fromkeys([*suggested, *judgements.KINDS])), index=None, key=f"{key} kind",
        accept_new_options=True, placeholder="Choose or write",
    )  # fmt: skip
    note = st.text_input("Note", key=f"{key} note", max_chars=judgements.LONGEST)
    with st.container(horizontal=True, gap="small"):
        for label, words, icon in (
            (Label.OK, _button(Label.OK, finding), ":material/check_circle:"),
            (Label.DEFECTIVE, _button(Label.DEFECTIVE, finding), ":material/dangerous:"),
            (None, "Cannot tell", ":material/help:"),
        ):
            if st.button(words, key=f"{key} {words}", icon=icon):
                try:
                    opinions.say(
                        finding.sha256, label, verdict=finding.verdict, model=model.card.name,
                        who=session.current().who, data=PartData(part=part, heat=heat, line=line, shift=shift),
                        kind=kind or "", note=note,
                    )  # fmt: skip
                except CastingError as error:
                    st.error(sentence(error))
                else:
                    st.rerun()


def _button(label: Label, finding: Finding) -> str:
    """What a button says: whether it agrees is seen before it is pressed."""
    if finding.verdict in (None, Verdict.INSPECT):
        return f"It is {label.word}"
    return f"Agree: {label.word}" if AGREES[label] is finding.verdict else f"Overrule: {label.word}"


def _words(one: Opinion) -> str:
    return ", ".join(filter(None, (one.words, one.kind, one.data.words, one.note)))


def _keep_to_learn(photo: UploadedFile, last: Opinion) -> None:
    """The button that adds the photo to the dataset in use, under the label that the person gave it."""
    kept, once = session.current(), f"{photo.file_id} to learn from"
    if once in kept.recorded:
        st.caption("It is in the dataset, for Review and for the next training.")
        return
    words, icon = "Add the photo to the dataset", ":material/add_photo_alternate:"
    if last.label is None or not st.button(words, key=once, icon=icon):
        return
    with show_errors():
        added = importing.add_one(guards.named_dataset(), photo.name, photo.getvalue(), last.label)
    dataset_cache.read_again()
    kept.recorded.add(once)
    st.toast("It is in the dataset now." if added else "It was in the dataset already.")
    st.rerun()
