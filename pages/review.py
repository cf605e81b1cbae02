"""Review: what a model got wrong, missed defects first; a click on the confusion matrix shows the castings."""

import streamlit as st

from casting_core.domain import Label
from casting_core.wording import count, share
from casting_core.workflows.datasets.splits import OUT_OF_FOLD
from casting_core.workflows.judging.evaluate import between_thresholds, not_found, to_look_at
from pages.parts.caches import review_cache
from pages.parts.photos import decide_form
from pages.parts.review import (
    above_queue,
    confusion,
    curve_view,
    doubt_view,
    gate_view,
    independence_view,
    judged_filter,
    queue_filter,
    retrain,
    review_address,
    review_choice,
)
from pages.parts.review.card import judge_each
from pages.parts.review.queue import kept_queues, photos_below
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
with st.container(horizontal=True, key="facts"):  # look.STYLE keeps their size free
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

looked_at = curve_view.as_if(model, split)  # at the threshold in force, or that of a clicked point of a curve
curve_view.way_back(model)
result, table = review_cache.evaluated(dataset, scored, looked_at)
cell = confusion.chosen(result.confusion, of=f"{dataset.root} {model.card.name} {split}")
truth, predicted = cell
chosen = table[(table["label"] == truth) & (table["predicted"] == predicted)]
# Whoever has just chosen a cell waits for its castings: the matrix and the charts above them are drawn anew later.
above, castings_first = st.container(), confusion.just_chosen() and not chosen.empty
if not castings_first:
    with above:
        above_queue.show(result, table, cell=cell, dataset=dataset, model=looked_at)

st.subheader(f"{confusion.TITLES[cell]}: {count(len(chosen), 'photo')}")
decide_form.way_back(dataset)
retrain.show(dataset, model.card)
shown = review_address.gallery_of(model.card.name, split, cell)
at = curve_view.in_address()
if chosen.empty:
    confusion.nothing_here(result.confusion)
    kept_queues.show(dataset, split=split, cell=cell)
    review_address.say(shown, model=model.card.name, split=split, cell=cell, photos=0, at=at)
    gate_view.show(dataset, split, model)
    st.stop()
with st.container(horizontal=True, vertical_alignment="center"):
    chosen = queue_filter.show(chosen, dataset, model, split)
    kept_queues.show(dataset, split=split, cell=cell)
chosen = judged_filter.show(chosen, dataset)
chosen = doubt_view.show(chosen, dataset, table, model)
judge_each.show(chosen, dataset=dataset, table=table, cell=cell, model=model, split=split, point=looked_at.point)
if castings_first:
    with above:
        above_queue.show(result, table, cell=cell, dataset=dataset, model=looked_at)
photos_below.show(chosen, key=shown, dataset=dataset, model=looked_at, split=split)
scores = queue_filter.in_address()
review_address.say(shown, model=model.card.name, split=split, cell=cell, photos=len(chosen), scores=scores, at=at)
gate_view.show(dataset, split, model)
