"""The dataset at a glance: how many photos of what, how they look taken together, and which files cannot be used."""

import streamlit as st

from casting_core.data.datasets.scan import Dataset, counts
from casting_core.data.datasets.statistics import Skew, skew
from casting_core.domain import Label
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count, share
from casting_core.workflows.datasets.judgeable import too_small
from pages.parts.caches import dataset_cache
from pages.parts.charts import canvas, dataset_charts
from pages.parts.shell.look import LABELS
from pages.parts.shell.text import cell, plain, sentence


def show(named: NamedDataset, dataset: Dataset) -> None:
    """Draws it."""
    balance = skew(dataset.usable)
    _figures(dataset, balance)
    for small in too_small(dataset):
        st.error(sentence(small), icon=":material/photo_size_select_small:")
    st.subheader("Balance")
    _balance(dataset, balance)
    st.subheader("Photos as the camera made them")
    _formats(dataset)
    st.subheader("Light and shape")
    _looks(dataset)
    st.subheader("Problems")
    problems(named, dataset)


def problems(named: NamedDataset, dataset: Dataset) -> None:
    """How the folder was read, and every file that cannot be used, with the reason."""
    for note in dataset.notes:
        st.markdown(f":material/info: {sentence(note)}")
    if dataset.problems.empty:
        st.success("Every file can be read and has a label.", icon=":material/check_circle:")
        return
    files = count(len(dataset.problems), "file")
    st.markdown(f"{files} of {plain(named.name)} cannot be used. Nothing was guessed about them.")
    st.dataframe(dataset.problems[["path", "bytes", "problem"]].map(cell), hide_index=True, key="problems")


def _figures(dataset: Dataset, balance: Skew) -> None:
    photos = len(dataset.usable)
    castings = dataset_cache.castings(dataset)
    with st.container(horizontal=True, key="facts-of-photos"):
        st.metric("Photos", f"{photos:,}", border=True)
        if castings is not None:
            st.metric("Castings", f"{dataset.usable['photo'].map(castings).nunique():,}", border=True)
        for word, number in (("ok", balance.ok), ("defective", balance.defective)):
            part = share(number / photos)
            st.metric(word, f"{number:,}", part, delta_color="off", delta_arrow="off", border=True)
        st.metric("Files with problems", f"{len(dataset.problems):,}", border=True)
    st.caption(f"Revision {dataset_cache.revision(dataset)} of this dataset.")


def _balance(dataset: Dataset, balance: Skew) -> None:
    table = counts(dataset.usable)
    left, right = st.columns(2)
    with left:
        canvas.show(dataset_charts.counts(table), key="counts", alt="Photos per split and label")
    with right:
        canvas.show(dataset_charts.shares(table), key="shares", alt="Share of each label within every split")
    if min(balance.ok, balance.defective) == 0:
        st.warning(
            "All photos are of one class. A network needs both to learn the difference. From ok photos alone it can "
            "learn what is usual: on the Train page, **Sound castings only**.",
            icon=":material/balance:",
        )
    elif balance.notable:
        st.warning(
            f"There are {balance.ratio:.1f} times as many {balance.larger.word} photos as others. A network can be "
            "right often by leaning to that side. On the Train page, **class weights** make both classes count alike, "
            "and **augmentation** makes more of what there is. Neither replaces photos of other castings.",
            icon=":material/balance:",
        )
    else:
        st.success(f"The photos are balanced: {balance.ratio:.2f} to 1.", icon=":material/balance:")
    _of_castings(dataset)


def _of_castings(dataset: Dataset) -> None:
    """The same of castings: a hundred photos of one part are one part."""
    castings = dataset_cache.castings(dataset)
    if castings is None:
        st.caption("How many castings these photos show is not known yet; the audit finds out.")
        return
    table = dataset_cache.described(dataset)
    whole = table[table["problem"] == ""].groupby("casting")["label"].max()
    defective = int((whole == Label.DEFECTIVE).sum())
    st.caption(f"They show {count(defective, 'defective casting')} and {count(len(whole) - defective, 'sound one')}.")


def _formats(dataset: Dataset) -> None:
    photos = dataset.usable
    left, right = st.columns(2)
    with left:
        sizes = (photos["width"].astype(str) + " x " + photos["height"].astype(str)).value_counts().head(12)
        canvas.show(
            dataset_charts.bars(sizes, title="width x height, pixels"), key="sizes", alt="Photos by size in pixels"
        )
    with right:
        modes = dataset_charts.bars(photos["mode"].value_counts(), title="colour mode of the file")
        canvas.show(modes, key="modes", alt="Photos by colour mode")


def _looks(dataset: Dataset) -> None:
    looks = dataset_cache.statistics(dataset)
    canvas.show(
        dataset_charts.grey_levels(looks.histogram), key="grey levels", alt="Share of pixels at each grey level"
    )
    if len(looks.brightness) == len(Label):
        gap = looks.brightness[Label.DEFECTIVE] - looks.brightness[Label.OK]
        brighter = (Label.DEFECTIVE if gap > 0 else Label.OK).word
        shortcut = abs(gap) >= 4  # grey levels; on the public photos 17 already tell four of five apart
        hint = (
            "A network may learn the light instead of the defect."
            if shortcut
            else "That is too little to tell them by."
        )
        st.markdown(f"On average, {brighter} photos are {abs(gap):.1f} of 255 grey levels brighter. {hint}")
    with st.container(horizontal=True, gap="medium"):
        for label, mean in looks.mean.items():
            words = f"mean {LABELS[label].word} photo"
            st.image(mean / 255, width=280, clamp=True, caption=words, alt=words)
        if looks.difference is not None:
            with st.container(width=340):
                figure = dataset_charts.difference(looks.difference)
                canvas.show(figure, key="difference", alt="Mean defective photo minus mean ok photo")
                st.caption("difference: orange where defective castings are brighter, blue where ok castings are")
