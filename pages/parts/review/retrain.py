"""From corrected labels to a network that has learned from them: the same recipe once more, at one click."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.records.card import ModelCard, seconds_since_1970
from casting_core.wording import count, verb
from casting_core.workflows.judging.scores import corrected
from casting_core.workflows.recipes import recipe_on
from casting_core.workflows.training import runs
from pages.parts.shell import guards, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain


def show(dataset: Dataset, card: ModelCard) -> None:
    """Offers it where people have decided about photos since the version learned from them; nothing otherwise."""
    if card.data.folder != str(dataset.root):
        return
    changed = corrected(card.data.folder, since=seconds_since_1970(card.created))
    if not changed:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/published_with_changes: {count(changed, 'photo')} {verb(changed, 'were')} given another label "
            f"or left out since **{plain(card.name)}** learned."
        )
        pressed = st.button(f"Train again with {count(changed, 'corrected label')}", key="retrain", type="primary")
    if not pressed:
        return
    kept = session.current()
    with show_errors():
        named = guards.named_dataset()
        kept.run = runs.start_run(named, recipe_on(card), actor=kept.who, parent=card.name).id
    st.switch_page("pages/train.py")
