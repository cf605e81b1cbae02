"""Review: what a model got wrong, missed defects first; a click on the confusion matrix shows the castings."""

import streamlit as st

from casting_core.domain import Label
from casting_core.judging.evaluation import evaluate
from casting_core.wording import count, share
from casting_core.workflows.datasets.splits import OUT_OF_FOLD
from casting_core.workflows.judging.evaluate import between_thresholds, errors_first, not_found, to_look_at
from pages.parts.photos import decide_form, gallery
from pages.parts.review import (
    confusion,
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
from pages.parts.shell import frame, guards
from pages.parts.shell.text import plain

frame.open(
    "Review", "What the model got wrong, missed defects first. Click a number of the matrix to see those castings."
)
dataset = guards.dataset()
model, split, table = review_choice.show(dataset)
table = errors_first(table, model.point)
result = evaluate(table["score"].to_numpy(), table["label"].to_numpy(dtype=int), model.point)

if split == OUT_OF_FOLD:
    independence_view.out_of_fold(dataset, table)
else:
    independence_view.show(dataset, table, model)
    gate_view.show(dataset, split, model)
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

left, right = st.columns(2, gap="large")
with left:
    st.subheader("Confusion matrix, in photos")
    cell = confusion.show(result.confusion, of=f"{dataset.root} {model.card.name} {split}")
with right:
    st.subheader("Scores")
    queue_filter.chart(table, model)
    with st.expander("Classification report", icon=":material/table:"):
        st.code(result.text, language=None)

truth, predicted = cell
chosen = table[(table["label"] == truth) & (table["predicted"] == predicted)]
st.subheader(f"{confusion.TITLES[cell]}: {count(len(chosen), 'photo')}")
decide_form.way_back(dataset)
retrain.show(dataset, model.card)
shown = review_address.gallery_of(model.card.name, split, cell)
if chosen.empty:
    confusion.nothing_here(result.confusion)
    review_address.say(shown, model=model.card.name, split=split, cell=cell, photos=0)
    st.stop()
heat = st.toggle(
    "Heat maps",
    value=True,
    key="heat",
    help="Orange is evidence for a defect, the stronger the higher the score; the ring marks the strongest place.",
)
st.caption("Under each photo: how it turned out, the score (0 speaks for ok, 1 for defective) and the file.")
if heat and split == OUT_OF_FOLD:
    st.caption(
        "Scores are those of the networks that had not seen the casting; heat maps are those of "
        f"{plain(model.card.name)}, which may have learned from it."
    )
chosen = queue_filter.show(chosen, dataset, model, split)
chosen = judged_filter.show(chosen, dataset)
chosen = doubt_view.show(chosen, dataset, table, model)
judge_each.show(chosen, cell=cell, model=model, split=split)
gallery.show(chosen, key=shown, dataset=dataset, model=model, heat=heat)
scores = queue_filter.in_address()
review_address.say(shown, model=model.card.name, split=split, cell=cell, photos=len(chosen), scores=scores)
