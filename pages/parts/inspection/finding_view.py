"""What a model says of one photo, large enough to be read from the bench: verdict, score, threshold, heat map."""

from collections.abc import Sequence

import streamlit as st

from casting_core.domain import Verdict
from casting_core.judging.explanation import overlay, weight
from casting_core.wording import count
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.model import Model
from pages.parts.shell.look import VERDICTS
from pages.parts.shell.text import plain, sentence

WIDTH = 320  # pixels of each of the two pictures: fits a telephone
MEANING = {
    Verdict.PASS: "No place speaks for a defect strongly enough.",
    Verdict.REJECT: "The ring marks the place that speaks most for a defect.",
    Verdict.INSPECT: "A person must look at this part.",
}


def summary(findings: Sequence[Finding]) -> str:
    """How many of several photos passed, were rejected and got no verdict, in a line."""
    verdicts = [finding.verdict for finding in findings]
    told = [f"{verdicts.count(verdict)} {VERDICTS[verdict].word.lower()}" for verdict in Verdict if verdict in verdicts]
    told += [f"{verdicts.count(None)} without a verdict"] * (None in verdicts)
    return f"**{count(len(findings), 'photo')}:** {', '.join(told)}"


def show(name: str, finding: Finding, model: Model) -> None:
    """One photo under the name it came with."""
    with st.container(border=True):
        st.caption(plain(name))
        if finding.verdict is None:
            st.markdown("## :material/photo_camera: No verdict")
            st.warning(sentence(finding.reason), icon=":material/info:")
            if finding.seen is not None:
                st.image(finding.seen, width=WIDTH, alt="the photo as the model would see it")
        else:
            _verdict(finding, model)
        if finding.note:
            st.caption(f":material/info: {sentence(finding.note)}")
        st.caption(f"sha256 {finding.sha256}")


def _verdict(finding: Finding, model: Model) -> None:
    assert finding.verdict is not None and finding.score is not None  # a finding has both or neither
    assert finding.seen is not None and finding.evidence is not None
    look = VERDICTS[finding.verdict]
    st.markdown(f"## :{look.badge}[{look.icon} {look.word}]")
    side = "at or above" if finding.score >= model.point.threshold else "below"
    against = f"Score **{finding.score:.3f}**, {side} the threshold of {model.point.threshold:g}."
    st.progress(finding.score, text=f"{against} {MEANING[finding.verdict]}")
    marked = finding.verdict is Verdict.REJECT
    with st.container(horizontal=True, gap="medium"):
        strength = weight(finding.score, model.point)
        heat = overlay(finding.seen, finding.evidence, model.grid, weight=strength, mark=marked)
        for picture, words in (
            (finding.seen, "the photo as the model sees it"),
            (heat, "evidence for a defect, in orange"),
        ):
            st.image(picture, width=WIDTH, caption=words, alt=words)
