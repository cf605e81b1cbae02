"""Dataset: what photos there are, how the classes are balanced, what the photos look like, and what is wrong with them."""

import streamlit as st

from casting_core.data.datasets import counts
from casting_core.data.statistics import skew
from casting_core.domain import Label
from pages.parts import charts, dataset_form, frame, gallery, guards, resources
from pages.parts.look import LABELS
from pages.parts.text import count, plain, share

frame.open("Dataset", "What the network can learn from, and what it cannot.")
dataset_form.show()
named = guards.named_dataset()
with guards.said():
    dataset = resources.dataset(named)
dataset_form.rule(named, dataset)
dataset = guards.dataset()
photos, balance = dataset.usable, skew(dataset.usable)

with st.container(horizontal=True):
    st.metric("Photos", f"{len(photos):,}", border=True)
    st.metric("ok", f"{balance.ok:,}", share(balance.ok / len(photos)), delta_color="off", delta_arrow="off", border=True)
    defective_share = share(balance.defective / len(photos))
    st.metric("defective", f"{balance.defective:,}", defective_share, delta_color="off", delta_arrow="off", border=True)
    st.metric("Files with problems", f"{len(dataset.problems):,}", border=True)

st.subheader("Balance")
table = counts(photos)
left, right = st.columns(2)
with left:
    charts.show(charts.counts(table), key="counts", alt="Photos per split and label")
with right:
    charts.show(charts.shares(table), key="shares", alt="Share of each label within every split")
if min(balance.ok, balance.defective) == 0:
    st.error("All photos are of one class. A network needs both, ok and defective, to learn the difference.")
elif balance.notable:
    st.warning(
        f"There are {balance.ratio:.1f} times as many {balance.larger.word} photos as others. A network can be right often by "
        f"leaning to that side. On the Train page, **class weights** make both classes count alike, and **augmentation** "
        "makes more of what there is. Neither replaces photos of other castings.",
        icon=":material/balance:",
    )
else:
    st.success(f"The classes are balanced: {balance.ratio:.2f} to 1. Nothing needs to be done.", icon=":material/balance:")

st.subheader("Photos as the camera made them")
left, right = st.columns(2)
with left:
    sizes = (photos["width"].astype(str) + " x " + photos["height"].astype(str)).value_counts().head(12)
    charts.show(charts.bars(sizes, title="width x height, pixels"), key="sizes", alt="Photos by size in pixels")
with right:
    charts.show(charts.bars(photos["mode"].value_counts(), title="colour mode of the file"), key="modes", alt="Photos by mode")

st.subheader("Light and shape")
looks = resources.statistics(dataset)
charts.show(charts.grey_levels(looks.histogram), key="grey levels", alt="Share of pixels at each grey level, by label")
if len(looks.brightness) == len(Label):
    gap = looks.brightness[Label.DEFECTIVE] - looks.brightness[Label.OK]
    brighter = (Label.DEFECTIVE if gap > 0 else Label.OK).word
    hint = "A network may learn the light instead of the defect." if abs(gap) >= 4 else "That is too little to tell them by."
    st.markdown(f"On average, {brighter} photos are {abs(gap):.1f} of 255 grey levels brighter. {hint}")
with st.container(horizontal=True, gap="medium"):
    for label, mean in looks.mean.items():
        st.image(mean / 255, width=280, clamp=True, caption=f"mean {LABELS[label].word} photo", alt=f"mean of all {label.word} photos")
    if looks.difference is not None:
        with st.container(width=340):
            charts.show(charts.difference(looks.difference), key="difference", alt="Mean defective photo minus mean ok photo")
            st.caption("difference: orange where defective castings are brighter, blue where ok castings are")

st.subheader("Gallery")
with st.container(horizontal=True, vertical_alignment="bottom"):
    split = st.segmented_control("Split", dataset.splits, key="gallery split", format_func=str)
    label = st.segmented_control("Label", list(Label), key="gallery label", format_func=lambda one: one.word)
    search = st.text_input("Name contains", key="gallery name", width=220, icon=":material/search:")
chosen = photos if split is None else photos[photos["split"] == split]
chosen = chosen if label is None else chosen[chosen["label"] == label]
gallery.show(chosen[chosen["path"].str.contains(search, case=False, regex=False)], key="dataset")

st.subheader("Problems")
if dataset.problems.empty:
    st.success("Every file can be read and has a label.", icon=":material/check_circle:")
else:
    st.markdown(f"{count(len(dataset.problems), 'file')} of {plain(named.name)} cannot be used. Nothing was guessed about them.")
    st.dataframe(dataset.problems[["path", "bytes", "problem"]], hide_index=True, key="problems")
