"""Parts on which somebody disagrees with others, with themselves or with the reference: photos, and who said what."""

import streamlit as st

from casting_core.domain import Label
from casting_core.judging.agreement.values import Disputed, Study
from casting_core.wording import count
from casting_core.workflows.agreement.plan import Plan
from pages.parts.photos import pictures
from pages.parts.shell.look import LABELS, badge
from pages.parts.shell.text import plain

SHOWN, TILE = 24, 200  # parts at most; pixels


def show(study: Study, plan: Plan) -> None:
    """The parts that split the appraisers most evenly first."""
    st.subheader(f"Disputed: {count(len(study.disputed), 'part')}")
    if not study.disputed:
        st.success("Nobody disagreed with anybody, nor with the reference.", icon=":material/check_circle:")
        return
    split = sum(part.split for part in study.disputed)
    st.caption(
        f"On {count(split, 'part')} most answers of one appraiser are against those of another. Look at these "
        "together, and agree on a limit sample."
    )
    photos = {part.name: part.photos[0] for part in plan.parts}
    with st.container(key="grid disputed"), st.container(horizontal=True, gap="small", key="tiles disputed"):
        for part in study.disputed[:SHOWN]:
            with st.container(gap="xxsmall"):
                st.image(pictures.tile(photos[part.part], TILE), width="stretch", alt=f"{part.part}, disputed")
                st.markdown(_words(part))
    if len(study.disputed) > SHOWN:
        st.caption(f"and {count(len(study.disputed) - SHOWN, 'more part')}")


def _words(part: Disputed) -> str:
    reference = "" if part.reference is None else f" {badge(LABELS[part.reference])}"
    said = "  \n".join(f":small[{plain(name)}: {_answers(labels)}]" for name, labels in part.answers if labels)
    return f"**{plain(part.part)}**{reference}  \n{said}"


def _answers(labels: tuple[Label, ...]) -> str:
    """The answers of one appraiser: once where they are all the same."""
    words = [label.word for label in labels]
    return words[0] if len(set(words)) == 1 else ", ".join(words)
