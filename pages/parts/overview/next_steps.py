"""Where to go next: the steps of the work, ticked off where the records say that they are done."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.errors import CastingError
from casting_core.records.card import ModelCard
from casting_core.records.datasets import NamedDataset
from casting_core.records.registry import STARTER
from casting_core.workflows import first_steps, stores
from casting_core.workflows.first_steps import Step
from pages.parts.caches import dataset_cache, model_cache
from pages.parts.shell import frame
from pages.parts.shell.errors import show_errors

STEPS = {  # page and words of each
    Step.PHOTOS: ("Dataset", "Add your photos"),
    Step.AUDIT: ("Dataset", "Audit them"),
    Step.TRAIN: ("Train", "Train on them"),
    Step.REVIEW: ("Review", "Review mistakes"),
    Step.PROMOTE: ("Models", "Put in production"),
}
DONE, NEXT, LATER = ":material/check_circle:", ":material/arrow_circle_right:", ":material/radio_button_unchecked:"


def show(named: NamedDataset, dataset: Dataset, in_use: ModelCard | None) -> None:
    """The steps for this dataset as links: which are done, and which is the next."""
    if in_use is not None and in_use.name == STARTER:
        st.info(
            "The starter model learned from drawn castings only. To judge your own parts: add your photos on the "
            "Dataset page, train on them, look at what was missed, and put the new model in production.",
            icon=":material/lightbulb:",
        )
    with show_errors():
        done = first_steps.done(
            named,
            dataset,
            audited=dataset_cache.audit(dataset) is not None,
            cards=model_cache.cards(),
            production=_production(),
            decisions=stores.decision_log().all(str(dataset.root)),
        )
    with st.container(horizontal=True, gap="small"):
        for number, (step, (page, words)) in enumerate(STEPS.items(), 1):
            icon = DONE if step in done.steps else NEXT if step is done.next else LATER
            said = " · done" if step in done.steps else " · next" if step is done.next else ""
            asks = {"section": "Audit"} if step is Step.AUDIT else None
            frame.link(page, f"{number} · {words}{said}", icon=icon, asks=asks)
        frame.link("Inspection", f"{len(STEPS) + 1} · Inspect parts")


def _production() -> str:
    try:
        return model_cache.production()
    except CastingError:  # said above, where the model in use is shown
        return ""
