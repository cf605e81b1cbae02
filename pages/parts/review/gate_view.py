"""What the gate would refuse of the photos under review."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.wording import count
from casting_core.workflows.datasets.splits import part_of
from casting_core.workflows.judging.model import Model
from pages.parts.caches import model_cache
from pages.parts.shell import guards
from pages.parts.shell.text import plain, sentence


def show(dataset: Dataset, split: str, model: Model) -> None:
    """How many there are, and which; nothing where there are none."""
    with guards.show_errors():
        found = model_cache.refused(*part_of(dataset, split), model)
    if found.empty:
        return
    with st.expander(f"The gate would refuse {count(len(found), 'photo')}", icon=":material/block:"):
        st.caption("They are counted all the same. From a camera they would get no verdict, but this reason.")
        for row in found.head(50).itertuples():
            st.markdown(f"{plain(str(row.path))}: {sentence(str(row.reason))}")
        if len(found) > 50:
            st.caption(f"and {len(found) - 50:,} more")
