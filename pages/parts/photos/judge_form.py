"""Judging a photo that a version has judged: then the next photo comes; whoever erred takes it back."""

from typing import Any

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label
from casting_core.errors import CastingError
from casting_core.wording import moment
from casting_core.workflows.judging.model import Model
from casting_core.workflows.review import judgements
from casting_core.workflows.review.judgements import Judged, Judgement
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

RIGHT = {  # what "the label is right" means, by the label and by what the model said
    (Label.DEFECTIVE, Label.OK): "Really missed",
    (Label.OK, Label.DEFECTIVE): "False alarm",
    (Label.DEFECTIVE, Label.DEFECTIVE): "Rightly rejected",
    (Label.OK, Label.OK): "Rightly passed",
}
ICONS = {
    Judged.LABEL_RIGHT: ":material/check:",
    Judged.LABEL_WRONG: ":material/swap_horiz:",
    Judged.CANNOT_TELL: ":material/help:",
    Judged.LOOK_AGAIN: ":material/replay:",
}
WORDS = {
    Judged.LABEL_WRONG: "Label is wrong",
    Judged.CANNOT_TELL: "Cannot tell",
    Judged.LOOK_AGAIN: "Look again",
}


def show(dataset: Dataset, row: dict[Any, Any], model: Model) -> bool:
    """The buttons about one scored photo, and what was judged before; whether it was judged just now."""
    label, predicted = Label(row["label"]), Label(row["predicted"])
    with show_errors():
        before = judgements.judgements(dataset, photo=row["photo"]).get(row["photo"], [])
    _before(dataset, before)
    kept, key = session.current(), f"judge {row['photo']}"
    kind = ""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if label is Label.DEFECTIVE:
            kind = st.selectbox(
                "Kind of defect", _kinds(row), index=None, key=f"{key} kind", width=240, accept_new_options=True,
                placeholder="Choose or write",
            ) or ""  # fmt: skip
        note = st.text_input("Note", key=f"{key} note", max_chars=judgements.LONGEST, width=240)
        who = st.text_input(
            "Judged by", value=kept.who, key=f"{key} who", max_chars=60, width=160, disabled=kept.signed
        )
    pressed = None
    with st.container(horizontal=True, gap="small"):
        for judged in Judged:
            word = RIGHT[label, predicted] if judged is Judged.LABEL_RIGHT else WORDS[judged]
            if st.button(word, key=f"{key} {judged}", icon=ICONS[judged]):
                pressed = judged
    if pressed is None:
        return False
    try:
        judgements.judge(
            dataset, row["photo"], pressed, model=model.card.name, score=row["score"], who=who, kind=kind, note=note
        )
    except CastingError as error:
        st.error(sentence(error))
        return False
    kept.who = who.strip()
    return True


def _before(dataset: Dataset, before: list[Judgement]) -> None:
    """The judgement that counts, with the way back; earlier ones in a line each."""
    for number, one in enumerate(before):
        kind, note = (f" {mark}{plain(text)}" if text else "" for mark, text in (("· ", one.kind), ("· ", one.note)))
        second = ", second opinion" if one.second else ""
        told = f"{moment(one.at)} · **{plain(one.who)}**{second}: {one.judged.value} (it was {one.label}){kind}{note}"
        if number:
            st.caption(f"Before: {told}")
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/how_to_reg: {told}")
            if st.button("Undo", key=f"undo judgement {one.number}", icon=":material/undo:", type="tertiary"):
                with show_errors():
                    judgements.undo(dataset, one, who=session.current().who or one.who)
                st.rerun()


def _kinds(row: dict[Any, Any]) -> list[str]:
    """What a defect may be called: as the folders call it, as the model suggests, and the international classes."""
    own = [str(row.get(column) or "") for column in ("kind", "kind_suggested")]
    return list(dict.fromkeys([*(kind for kind in own if kind), *judgements.KINDS]))
