"""Review: what a model got wrong, missed defects first; a click on the confusion matrix shows the castings."""

import streamlit as st

from casting_core.domain import Label
from casting_core.wording import share
from casting_core.workflows.datasets.splits import OUT_OF_FOLD
from casting_core.workflows.judging.evaluate import between_thresholds, not_found, to_look_at
from pages.parts.caches import review_cache
from pages.parts.review import gate_view, independence_view, review_choice
from pages.parts.review.queue import queue_view
from pages.parts.shell import frame, guards

frame.open(
    "Review", "What the model got wrong, missed defects first. Click a number of the matrix to see those castings."
)
dataset = guards.dataset()
model, split, scored = review_choice.show(dataset)
result, table = review_cache.evaluated(dataset, scored, model)

if split == OUT_OF_FOLD:
    independence_view.out_of_fold(dataset, table)
else:
    independence_view.show(dataset, table, model)
with st.container(horizontal=True, key="facts-of-review"):  # look.STYLE keeps their size free
    st.metric("Photos", f"{result.photos:,}", border=True)
    st.metric("Photos right", share(result.accuracy), border=True)
    st.metric("Missed photos", result.missed, border=True, help="Photos of defective castings that the model passes.")
    rejected = "Photos of ok castings that the model rejects."
    st.metric("Falsely rejected photos", result.false_alarms, border=True, help=rejected)
    f1 = " · ".join(f"{result.report[label.word]['f1-score']:.4f}" for label in Label)
    st.metric(
        "F1 of photos, ok · defective", f1, border=True, help="Harmonic means of precision and recall, 1 is best."
    )
if lost := int((~table["found"]).sum()):
    st.warning(not_found(lost), icon=":material/search_off:")
if between := between_thresholds(table, model.point):
    st.info(to_look_at(between), icon=":material/visibility:")

queue_view.show(dataset, model, split, scored)
gate_view.show(dataset, split, model)
