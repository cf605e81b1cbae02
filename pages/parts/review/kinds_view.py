"""Which kinds of defect are found and which escape: castings of each kind, the one that escapes most first."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from casting_core.domain import KindOutcome
from casting_core.wording import at_most
from pages.parts.shell import figures
from pages.parts.shell.text import cell


def show(kinds: Mapping[str, KindOutcome]) -> None:
    """A row for each kind; nothing where no kind of defect is known."""
    if not kinds:
        return
    with st.expander("Recall by kind of defect", icon=":material/category:"):
        _table(kinds)


def _table(kinds: Mapping[str, KindOutcome]) -> None:
    worst = sorted(kinds.items(), key=lambda one: (-one[1].wrong / max(1, one[1].n), one[0]))
    rows = [
        {
            "kind of defect": cell(kind),
            "castings escaped": figures.of(outcome.wrong, outcome.n),
            "of all such castings": at_most(outcome),
            "photos found": outcome.found,
        }
        | ({} if outcome.named is None else {"kind suggested rightly": figures.of(outcome.named, outcome.found)})
        for kind, outcome in worst
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="recall by kind")
    if all(outcome.named is None for outcome in kinds.values()):
        st.caption("The model suggests no kinds: it learns them from kinds that stand on at least three castings each.")
