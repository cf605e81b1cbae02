"""What people say of a part whose verdict is on record, so that a part to inspect is finished with."""

import streamlit as st

from casting_core.domain import Label, Verdict
from casting_core.errors import CastingError
from casting_core.wording import moment
from casting_core.workflows.review import judgements, opinions
from casting_core.workflows.review.opinions import PartData
from casting_core.workflows.tracing.verdicts import Traced
from pages.parts.shell import session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

WORDS = {
    Label.OK: ("It is ok", ":material/check_circle:"),
    Label.DEFECTIVE: ("It is defective", ":material/dangerous:"),
    None: ("Cannot tell", ":material/help:"),
}


def show(one: Traced) -> None:
    """What was said of the part, and the form to say it."""
    with show_errors():
        known = opinions.opinions(one.photo)
    for said in known:
        told = ", ".join(filter(None, (said.words, said.kind, said.data.words, said.note)))
        st.markdown(f":material/how_to_reg: {moment(said.at)} · **{plain(said.who)}** {plain(told, longest=300)}")
    with st.popover("Say what it is", icon=":material/how_to_reg:"):
        _form(one)


def _form(one: Traced) -> None:
    kept, key = session.current(), f"opinion of row {one.row} {one.photo[:12]}"
    who = st.text_input("Your name", value=kept.who, key=f"{key} who", max_chars=60, disabled=kept.signed)
    note = st.text_input("Note", key=f"{key} note", max_chars=judgements.LONGEST)
    with st.container(horizontal=True, gap="small"):
        pressed = [label for label, (word, icon) in WORDS.items() if st.button(word, key=f"{key} {word}", icon=icon)]
    if not pressed:
        return
    kept.who = who.strip()
    verdict = Verdict(one.verdict) if one.verdict in set(Verdict) else None
    try:
        opinions.say(
            one.photo, pressed[0], verdict=verdict, model=one.model, who=who, data=PartData(part=one.part), note=note
        )
    except CastingError as error:
        st.error(sentence(error), icon=":material/error:")
    else:
        st.rerun()
