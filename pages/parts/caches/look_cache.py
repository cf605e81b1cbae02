"""What a version's embedding says of known castings, read once for all visitors. Nobody may change what is in here."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.records.version_files import GRAPH
from casting_core.workflows.judging.lookalikes import index
from casting_core.workflows.judging.lookalikes.index import Of
from casting_core.workflows.judging.lookalikes.nearest import Castings, castings_of
from casting_core.workflows.judging.model import Model
from pages.parts.caches import dataset_cache


def castings(opened: Dataset, used: Model) -> Castings | None:
    """The photos of a dataset that a version has looked at; none where nobody has asked for that yet."""
    known = dataset_cache.castings(opened)
    version = f"{used.card.files[GRAPH]} {index.stamp(used.card, Of.CASTINGS)} {known is not None}"
    return _castings(*dataset_cache.state(opened), version, opened, used)


@st.cache_resource(show_spinner=False, max_entries=4)
def _castings(
    root: str, fingerprint: str, decision: int, version: str, _opened: Dataset, _used: Model
) -> Castings | None:
    found = index.read(_used.card, Of.CASTINGS)
    if found is None:
        return None
    here = castings_of(found, _opened.usable, dataset_cache.castings(_opened))
    return here if len(here) else None
