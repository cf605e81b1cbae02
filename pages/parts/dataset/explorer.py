"""The explorer: find photos by what is known of them, look at them closely, and decide about many at once."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.records.datasets import NamedDataset
from pages.parts.caches import dataset_cache
from pages.parts.dataset import filters
from pages.parts.photos import decide_form, gallery


def show(named: NamedDataset, dataset: Dataset) -> None:
    """Draws filters, gallery and what can be decided; only this part is drawn again when one of them is touched."""
    st.fragment(_draw)(named, dataset)


def _draw(named: NamedDataset, dataset: Dataset) -> None:
    found = filters.show(dataset, dataset_cache.described(dataset))
    photos(dataset, found, key=f"photos of {named.name}")


def photos(dataset: Dataset, found: pd.DataFrame, *, key: str) -> None:
    """A gallery of these photos in which photos can be chosen, and the form that decides about the chosen ones."""
    above = st.container()
    gallery.show(found, key=key, dataset=dataset, choosing=True)
    with above:
        decide_form.show(dataset, found, key=key)
