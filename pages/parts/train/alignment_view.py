"""What a network will be shown of these photos: the part that was found, its view, and how training varies it."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.data.imaging.alignment.alignment import Alignment, Kind
from casting_core.learning.recipes.recipe import Recipe
from pages.parts.photos import pictures
from pages.parts.shell.text import plain

SHOWN = 3  # photos
COPIES = 4  # augmented views of the first of them
FOUND = {
    Kind.ROUND: "Its rings, as they were found",
    Kind.REGISTERED: "The rectangle that will be cut out and laid straight",
    Kind.FREE: "Taken as it is",
}


def show(dataset: Dataset, recipe: Recipe) -> None:
    """An expander; nothing is worked out before somebody opens it."""
    box = st.expander(
        "What the network will see", icon=":material/center_focus_strong:", key="align open", on_change="rerun"
    )
    if box.open:
        with box:
            _views(dataset, recipe)


def _views(dataset: Dataset, recipe: Recipe) -> None:
    alignment = pictures.alignment(dataset, recipe)
    st.markdown(plain(alignment.reason) + ".")
    identities = list(dict.fromkeys(dataset.to_train["photo"]))
    step = max(1, len(identities) // SHOWN)
    with st.container(horizontal=True):
        for identity in identities[::step][:SHOWN]:
            found, picture = pictures.outlined(identity, alignment)
            st.image(picture, caption=_found(alignment) if found else "The part was not found here", width=220)
    for identity in identities[:1]:
        st.caption("The first of them as the network sees it, and as training varies it from epoch to epoch:")
        copies = COPIES if recipe.augmentation else 0
        for name, picture in pictures.views(identity, alignment, copies=copies):
            st.image(picture, caption=name, width=448 if alignment.kind is Kind.ROUND else 220)
    if not recipe.augmentation:
        st.caption("Augmentation is off: every epoch shows exactly this.")


def _found(alignment: Alignment) -> str:
    return "Stretched until it fills the view" if alignment.fills else FOUND[alignment.kind]
