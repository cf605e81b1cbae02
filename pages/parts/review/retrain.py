"""From corrected labels and confirmed misses to a network that has learned from them: the same recipe, at one click."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.records.card import ModelCard, seconds_since_1970
from casting_core.wording import count, verb
from casting_core.workflows.judging.model import Model
from casting_core.workflows.recipes import recipe_on
from casting_core.workflows.retraining import Missed, corrected, missed
from casting_core.workflows.training import runs
from pages.parts.caches import dataset_cache, review_cache
from pages.parts.shell import guards, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain

TIMES = 3  # as often as other castings, unless a person says otherwise
MOST = 10


def show(dataset: Dataset, model: Model) -> None:
    """Offers it where people have corrected labels since the version learned, or confirmed misses; else nothing."""
    card = model.card
    if card.data.folder != str(dataset.root):
        return
    changed = corrected(card.data.folder, since=seconds_since_1970(card.created))
    with show_errors():
        judged, castings = review_cache.judgements(dataset), dataset_cache.castings(dataset)
        found = missed(dataset, model, judged, castings, split=recipe_on(card).split)
        if changed or found.castings:
            _offer(card, changed, found)
        elif found.kept_apart:
            st.caption(_apart(found))


def _offer(card: ModelCard, changed: int, found: Missed) -> None:
    told = []
    if changed:
        given = f"{count(changed, 'photo')} {verb(changed, 'were')} given another label or left out"
        told.append(f"{given} since **{plain(card.name)}** learned.")
    if found.castings:
        told.append(f"{count(found.castings, 'missed casting')} {verb(found.castings, 'are')} confirmed as defective.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(f":material/published_with_changes: {' '.join(told)}")
        times = _times() if found.castings else 1
        pressed = st.button(_label(changed, found), key="retrain", type="primary")
    if found.kept_apart:
        st.caption(_apart(found))
    if pressed:
        kept = session.current()
        parent = runs.Parent(name=card.name, missed=found.photos if times > 1 else (), times=times)
        kept.run = runs.start_run(guards.named_dataset(), recipe_on(card), actor=kept.who, parent=parent).id
        st.switch_page("pages/train.py")


def _times() -> int:
    return int(
        st.number_input(
            "Learn from missed castings, times",
            min_value=1,
            max_value=MOST,
            value=TIMES,
            key="missed times",
            width=240,
            help="So often as another casting. More finds what is like them, and may cost false alarms: "
            "what changed is shown after the training, with photos.",
        )
    )


def _label(changed: int, found: Missed) -> str:
    parts = [count(changed, "corrected label")] * bool(changed)
    parts += [count(found.castings, "missed casting")] * bool(found.castings)
    return f"Train again with {' and '.join(parts)}"


def _apart(found: Missed) -> str:
    number = count(found.kept_apart, "confirmed miss")
    return (
        f"{number} {verb(found.kept_apart, 'are')} on photos that are kept apart to test or to validate: no training "
        "learns from these, or nothing would tell any more what it is worth."
    )
