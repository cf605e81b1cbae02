"""What came of a study: each appraiser in a sentence and in a table, pairs, and the parts that are disputed."""

import json

import pandas as pd
import streamlit as st

from casting_core.errors import CastingError
from casting_core.judging.agreement import bands
from casting_core.judging.agreement.bands import Band, KappaBand
from casting_core.judging.agreement.values import Appraiser, Study
from casting_core.wording import percent
from casting_core.workflows.agreement import appraising, told
from casting_core.workflows.agreement.plan import Plan
from casting_core.workflows.judging.model import Model
from pages.parts.agreement import disputed_view
from pages.parts.caches import agreement_cache, model_cache
from pages.parts.shell.errors import show_errors
from pages.parts.shell.look import Look, badge
from pages.parts.shell.text import cell, plain, sentence

LOOKS = {
    Band.ACCEPTABLE: Look(word="acceptable", icon=":material/check_circle:", colour="#0072B2", badge="blue"),
    Band.MARGINAL: Look(word="marginal", icon=":material/error:", colour="#8a6d00", badge="yellow"),
    Band.UNACCEPTABLE: Look(word="unacceptable", icon=":material/cancel:", colour="#D55E00", badge="orange"),
}
KAPPA_LOOKS = {
    KappaBand.GOOD: Look(word="good", icon=":material/check_circle:", colour="#0072B2", badge="blue"),
    KappaBand.MODERATE: Look(word="moderate", icon=":material/error:", colour="#8a6d00", badge="yellow"),
    KappaBand.POOR: Look(word="poor", icon=":material/cancel:", colour="#D55E00", badge="orange"),
}


def show(plan: Plan) -> None:
    """All of it; while rounds are open only for those who ask for it, for it would tell those who still judge."""
    with show_errors():
        left = sum(int((given < 0).sum()) for given in appraising.given(plan).values())
    if left:
        st.warning(
            f"{left:,} answers are still missing. Whoever still judges must not see the result.",
            icon=":material/hourglass_top:",
        )
        if not st.toggle("I do not judge any more: show what there is", key="result so far"):
            return
    with show_errors():
        outcome = agreement_cache.outcome(plan, _model(plan))
    study = outcome.study
    if outcome.cautions:
        said = "\n".join(f"- {plain(caution, longest=600)}" for caution in outcome.cautions)
        st.warning(f"Read these figures with care:\n{said}", icon=":material/priority_high:")
    for one in study.appraisers:
        _appraiser(one)
    _together(study)
    disputed_view.show(study, plan)
    with st.expander("What these figures count", icon=":material/info:"):
        for note in outcome.notes:
            st.markdown(plain(note, longest=600))
    st.download_button(
        "Download as JSON", json.dumps(told.as_values(outcome), indent=1), f"agreement-{plan.study}.json",
        "application/json", icon=":material/data_object:", on_click="ignore",
    )  # fmt: skip


def _model(plan: Plan) -> Model | None:
    try:
        return model_cache.model(plan.model)
    except CastingError as error:
        st.warning(f"The model is left out. {sentence(error)}", icon=":material/error:")
        return None


def _appraiser(one: Appraiser) -> None:
    """One appraiser: a heading with what they are called, a sentence, and the table behind it."""
    with st.container(border=True):
        mark = f" {badge(LOOKS[one.band])}" if one.band is not None else ""
        st.markdown(f"##### {plain(one.name)}{mark}")
        st.markdown(
            f"Right in every round on **{one.effectiveness.of_parts:,} of {one.effectiveness.parts:,}** parts; missed "
            f"**{one.missed.parts_wrong:,} of {one.missed.parts:,}** defective parts at least once; rejected "
            f"**{one.false_alarms.parts_wrong:,} of {one.false_alarms.parts:,}** ok parts at least once. "
            f"{sentence(told.verdict(one))}"
        )
        rows = [
            (
                "Effectiveness, by parts",
                told.in_words(one.effectiveness),
                _band(one.effectiveness.value, "effectiveness"),
            ),
            ("Right, by decisions", f"{one.right:,} of {one.judged:,} ({_share(one.right, one.judged)})", ""),
            ("Miss rate, by decisions", told.wrong_in_words(one.missed), _band(one.missed.rate, "miss_rate")),
            (
                "False alarms, by decisions",
                told.wrong_in_words(one.false_alarms),
                _band(one.false_alarms.rate, "false_alarm_rate"),
            ),
            ("Kappa against the reference", told.coefficient(one.kappa), _kappa(one.kappa.value)),
            ("AC1 against the reference", told.coefficient(one.ac1), ""),
            ("Same answer in every round", told.in_words(one.alike), ""),
            ("Kappa (Fleiss) of the rounds", told.coefficient(one.within), _kappa(one.within.value)),
        ]
        with st.expander(f"Figures of {plain(one.name)}", icon=":material/table:"):
            table = "| figure | value, with 95 % bounds over parts |\n|---|---|\n"
            st.markdown(
                table
                + "\n".join(f"| {plain(name)} | {plain(value, longest=200)} {mark} |" for name, value, mark in rows)
            )


def _band(value: float | None, of: str) -> str:
    limits = {
        "effectiveness": bands.effectiveness,
        "miss_rate": bands.miss_rate,
        "false_alarm_rate": bands.false_alarm_rate,
    }
    return "" if value is None else badge(LOOKS[limits[of](value)])


def _kappa(value: float | None) -> str:
    return "" if value is None else badge(KAPPA_LOOKS[bands.kappa(value)])


def _share(number: int, of: int) -> str:
    return percent(number / of) if of else "none counted"


def _together(study: Study) -> None:
    """Everybody, and each pair."""
    st.subheader("With each other")
    st.markdown(
        f"All appraisers gave the same answer in every round on **{told.in_words(study.alike)}** parts, and the right "
        f"one on **{told.in_words(study.right)}**. Fleiss' kappa {plain(told.coefficient(study.fleiss))} "
        f"{_kappa(study.fleiss.value)}, AC1 {plain(told.coefficient(study.ac1))}."
    )
    if not study.pairs:
        return
    rows = [
        {
            "appraisers": cell(f"{pair.first} and {pair.second}"),
            "same in every round": told.in_words(pair.alike),
            "kappa (Cohen)": told.coefficient(pair.kappa),
            "by AIAG": "" if pair.kappa.value is None else bands.kappa(pair.kappa.value).value,
            "AC1": told.coefficient(pair.ac1),
        }
        for pair in study.pairs
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="pairs")
