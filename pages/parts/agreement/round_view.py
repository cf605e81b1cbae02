"""Judging, one photo at a time and blind: no label, no score, no file name, and no answer given before."""

from collections.abc import Mapping

import streamlit as st

from casting_core.domain import Label
from casting_core.errors import AgreementError, RoleError
from casting_core.judging.agreement.answers import NONE, Given
from casting_core.workflows.agreement import appraising
from casting_core.workflows.agreement.appraising import Turn
from casting_core.workflows.agreement.plan import Plan
from pages.parts.photos import pictures
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.look import LABELS
from pages.parts.shell.text import plain, sentence

KEYS = {Label.OK: "Left", Label.DEFECTIVE: "Right"}  # arrows: a single letter would be pressed by chance


def show(plan: Plan) -> None:
    """Who judges, the two buttons, and the photo."""
    kept = session.current()
    with show_errors():
        given = appraising.given(plan)
        turn = appraising.turn(plan, kept.appraiser, given) if kept.appraiser in given else None
    if kept.appraiser not in given:
        _choose(plan, given)
        return
    if turn is None:
        st.success(
            f"{plain(kept.appraiser)} has answered all {plan.trials} rounds. Thank you. The result shows when "
            "everybody has.",
            icon=":material/check_circle:",
        )
        st.button("Somebody else judges", icon=":material/group:", on_click=_judge_as, args=(None,))
        return
    _photo(plan, turn)


def _choose(plan: Plan, given: Mapping[str, Given]) -> None:
    """One button for each inspector, with how far they are."""
    st.info(
        "Choose your name. You see one photo at a time and say ok or defective; each answer is kept at once, so you "
        "can stop and go on later. Take the rounds on different days if you can.",
        icon=":material/visibility:",
    )
    whole = len(plan.parts) * plan.trials
    with st.container(horizontal=True):
        for name, answers in given.items():
            done = int((answers != NONE).sum())
            st.button(
                f"{plain(name)} · {done:,} of {whole:,}", key=f"judge as {name}", icon=":material/person:",
                on_click=_judge_as, args=(name,),
            )  # fmt: skip


def _judge_as(name: str | None) -> None:
    session.current().appraiser = name


def _photo(plan: Plan, turn: Turn) -> None:
    words = f"{turn.done + 1:,} of {len(plan.parts):,}, round {turn.trial} of {plan.trials}, inspector {turn.appraiser}"
    st.progress(turn.done / len(plan.parts), text=plain(words, longest=200))
    with st.container(horizontal=True, key="answers"):  # look.STYLE makes them large
        for label, look in LABELS.items():
            st.button(
                look.word.capitalize(), key=f"{look.word} {plan.study} {turn.trial} {turn.place}", icon=look.icon,
                shortcut=KEYS[label], width="stretch", on_click=_answer, args=(plan, turn, label),
            )  # fmt: skip
    with st.container(key="judged"):  # look.STYLE makes it as large as the window lets it be
        st.image(pictures.photo(turn.photo), width="stretch", alt="The part to be judged")
    st.button(
        f"Not {plain(turn.appraiser)}? Somebody else judges", icon=":material/group:", type="tertiary",
        on_click=_judge_as, args=(None,),
    )  # fmt: skip


def _answer(plan: Plan, turn: Turn, label: Label) -> None:
    try:
        appraising.answer(plan, turn, label)
    except AgreementError:  # a second tap: the first answer counts, and the next part is shown
        return
    except RoleError as error:
        st.toast(sentence(error), icon=":material/lock:")
