"""What a model says of one photo, large enough to be read from the bench: verdict, score, threshold, heat map."""

from collections.abc import Callable, Sequence

import streamlit as st

from casting_core.domain import OperatingPoint, Verdict
from casting_core.judging.explanation import overlay, weight
from casting_core.judging.prevalence import probability
from casting_core.wording import count, percent
from casting_core.workflows.judging import plant
from casting_core.workflows.judging.inspect import Finding
from casting_core.workflows.judging.model import Model
from casting_core.workflows.recipes import recipe_on
from pages.parts.shell.look import VERDICTS
from pages.parts.shell.text import plain, sentence

WIDTH = 320  # pixels of each of the two pictures: fits a telephone
MEANING = {
    Verdict.PASS: "No place speaks for a defect strongly enough.",
    Verdict.REJECT: "The ring marks the place that speaks most for a defect.",
    Verdict.INSPECT: "A person must look at this part. The ring marks the place that speaks most for a defect.",
}


def summary(findings: Sequence[Finding]) -> str:
    """How many of several photos passed, were rejected and got no verdict, in a line."""
    verdicts = [finding.verdict for finding in findings]
    told = [f"{verdicts.count(verdict)} {VERDICTS[verdict].word.lower()}" for verdict in Verdict if verdict in verdicts]
    told += [f"{verdicts.count(None)} without a verdict"] * (None in verdicts)
    return f"**{count(len(findings), 'photo')}:** {', '.join(told)}"


def show(
    name: str, finding: Finding, model: Model, *, warning: str = "", beside: Callable[[], None] = lambda: None
) -> None:
    """One photo under the name it came with; ``warning`` is said beside its verdict, ``beside`` draws what is more."""
    with st.container(border=True):
        st.caption(plain(name))
        if finding.score is None:
            _without_score(finding)
        else:
            _verdict(finding, model, warning)
            beside()
        if finding.note:
            st.caption(f":material/info: {sentence(finding.note)}")
        st.caption(f"sha256 {finding.sha256}")


def _without_score(finding: Finding) -> None:
    """A photo that the model could not judge: taken again, or looked at by a person."""
    if finding.verdict is None:
        st.markdown("## :material/photo_camera: No verdict")
    else:
        look = VERDICTS[finding.verdict]
        st.markdown(f"## :{look.badge}[{look.icon} {look.word}]")
    st.warning(sentence(finding.reason), icon=":material/info:")
    if finding.seen is not None:
        st.image(finding.seen, width=WIDTH, alt="the photo as the model would see it")


def _verdict(finding: Finding, model: Model, warning: str) -> None:
    assert finding.verdict is not None and finding.score is not None  # a finding has both or neither
    assert finding.seen is not None and finding.evidence is not None
    look = VERDICTS[finding.verdict]
    st.markdown(f"## :{look.badge}[{look.icon} {look.word}]")
    if warning:
        st.warning(plain(warning, longest=300), icon=":material/help:")
    against = f"Score **{finding.score:.3f}**, {_against(finding.score, model.point)}."
    st.progress(finding.score, text=f"{against} {MEANING[finding.verdict]}")
    if finding.kind and finding.kind_probability is not None:
        sure = f"{percent(finding.kind_probability)} sure, of the kinds it was taught"
        st.markdown(f":material/category: Kind of defect, a suggestion: **{plain(finding.kind)}** ({sure})")
    st.caption(_score_means(finding.score, model))
    marked = finding.verdict is not Verdict.PASS
    with st.container(horizontal=True, gap="medium"):
        strength = weight(finding.score, model.point)
        heat = overlay(finding.seen, finding.evidence, model.grid, weight=strength, mark=marked)
        for picture, words in (
            (finding.seen, "the photo as the model sees it"),
            (heat, "evidence for a defect, in orange"),
        ):
            st.image(picture, width=WIDTH, caption=words, alt=words)


def _against(score: float, point: OperatingPoint) -> str:
    """Where a score lies, seen from the thresholds."""
    if point.verdict(score) is Verdict.INSPECT:
        return f"between the thresholds of {point.threshold:g} and {point.rejects_from:g}"
    if score < point.threshold:
        return f"below the threshold of {point.threshold:g}"
    return f"at or above the threshold of {point.rejects_from:g}"


def _score_means(score: float, model: Model) -> str:
    """What a score is: a probability only where it was calibrated, and then at the plant's own defect rate."""
    if not recipe_on(model.card).calibrate:
        return "The score is no probability: it was not calibrated."
    rate = plant.defect_rate()
    if rate is None:
        return "The score is the probability of a defect only where every second casting is defective."
    means = percent(probability(score, rate))
    return f"Where {percent(rate)} of castings are defective, this score means a defect with a probability of {means}."
