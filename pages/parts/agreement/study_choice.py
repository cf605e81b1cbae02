"""Which study is looked at, and whether to judge in it, to see its result, or to plan another one."""

from enum import StrEnum

import streamlit as st

from casting_core.workflows.agreement import plan
from casting_core.workflows.agreement.plan import Plan
from pages.parts.shell import address, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain


class Section(StrEnum):
    """What is done on the page."""

    JUDGE = "Judge"
    RESULT = "Result"
    NEW = "New study"


def show() -> tuple[Plan | None, Section]:
    """The chosen study, ``None`` where there is none yet, and what to do with it."""
    kept = session.current()
    with show_errors():
        names = list(reversed(plan.studies()))
    if not names:
        return None, Section.NEW
    asked = address.take("study")
    kept.agreement = asked if asked in names else kept.agreement if kept.agreement in names else names[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Study", names, names.index(kept.agreement), key=f"study of {kept.agreement}", width=160)
        section = st.segmented_control(
            "What to do", list(Section), default=Section.JUDGE, required=True, key=f"section of {kept.agreement}"
        )
    if chosen != kept.agreement:
        kept.agreement = chosen
        st.rerun()
    address.say(study=str(kept.agreement))
    with show_errors():
        found = plan.find(str(kept.agreement))
    if section is not Section.JUDGE:  # whoever judges needs to know nothing
        st.caption(
            f"{len(found.parts):,} parts, {found.borderline:,} of them borderline · {found.trials} rounds · "
            f"{plain(', '.join(found.appraisers), longest=200)} and model {plain(found.model)}"
        )
    return found, Section(section)
