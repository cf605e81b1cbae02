"""Open reviews: parts that a person must look at, and what the person says of them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.domain import Label, Verdict
from casting_core.errors import CastingError
from casting_core.wording import moment
from casting_core.workflows.review import opinions
from casting_core.workflows.review.opinions import PartData
from casting_core.workflows.watching.board import Waiting
from pages.parts.overview.board import saying
from pages.parts.shell import session
from pages.parts.shell.text import cell, sentence

MOST = 200  # parts in the list


def show(waiting: Sequence[Waiting]) -> None:
    """The parts of this week that nobody has spoken about yet; nothing where there are none."""
    if not waiting:
        return
    with st.expander(f"Open reviews · {len(waiting):,} to inspect", icon=":material/visibility:", key="open reviews"):
        st.caption("The model gave these parts to a person. Look at each, and say what it is: it stands on record.")
        due = waiting[:MOST]
        said = saying.ask([saying.named(one.name, one.at) for one in due], key="review")
        if said is not None:
            _say(due[said[0]], said[1])
        table = pd.DataFrame(
            {
                "part": [cell(one.part or "no number") for one in due],
                "file": [cell(one.file) for one in due],
                "judged": [moment(one.at) for one in due],
                "version": [cell(one.model) for one in due],
                "why": ["photo refused" if one.gated else "" for one in due],
                "photo": [one.photo[:12] for one in due],
            }
        )
        st.dataframe(table, hide_index=True, key="parts to inspect")


def _say(one: Waiting, label: Label | None) -> None:
    try:
        opinions.say(
            one.photo, label, verdict=Verdict.INSPECT, model=one.model, who=session.current().who,
            data=PartData(part=one.part),
        )  # fmt: skip
    except CastingError as error:
        st.error(sentence(error))
    else:
        st.rerun()
