"""Splits: what the one of the folders is worth, and splits by casting that give an honest score."""

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Split
from casting_core.errors import CastingError
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from casting_core.workflows.datasets import splits
from casting_core.workflows.datasets.own_validation import in_both, to_learn
from casting_core.workflows.stores import split_book
from pages.parts.caches import dataset_cache
from pages.parts.dataset import casting_view
from pages.parts.shell import frame, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import cell, sentence

OF_FOLDERS = "as the folders say"


def show(named: NamedDataset, dataset: Dataset) -> None:
    """Draws it: the sentence on the folders' split, the splits there are, and the form for another one."""
    castings = dataset_cache.castings(dataset)
    if castings is None:
        casting_view.find_out(named, dataset)
        return
    _leak(dataset, castings)
    st.subheader("Splits of these photos")
    with show_errors():
        table = _table(dataset, castings)
        looks = {name: st.column_config.NumberColumn(format="localized") for name in table.columns[1:]}
        st.dataframe(table, hide_index=True, key=f"splits of {named.name}", column_config=looks)
    _made(dataset)
    st.subheader("Make a split by casting")
    _form(dataset)


def make(dataset: Dataset, name: str, *, share: float, seed: int) -> None:
    """Makes a split by casting and takes it for the next training."""
    splits.make_by_casting(dataset, name, share=share, seed=seed)
    session.current().training_split = name


def shown(choice: str) -> str:
    """A split as a person reads it."""
    return choice or OF_FOLDERS


def _leak(dataset: Dataset, castings: "pd.Series[int]") -> None:
    """How much the folders' own validation and test photos prove."""
    with show_errors():
        own = to_learn(dataset) if Split.TRAIN in dataset.splits else None
    if own is not None and own.in_words:
        st.info(sentence(own.in_words), icon=":material/rule_folder:")
        if leak := in_both(own.on_both_sides(castings)):
            st.warning(sentence(leak), icon=":material/content_copy:")
    if not {Split.TRAIN, Split.TEST} <= set(dataset.splits):
        return
    learned = set(dataset.part(Split.TRAIN)["photo"].map(castings))
    tested = dataset.part(Split.TEST)["photo"].map(castings)
    new = tested[~tested.isin(learned)]
    if len(new) == len(tested):
        st.success("No casting lies in both train and test: a test score is one on parts never seen.")
        return
    behind = f" ({count(new.nunique(), 'casting')})" if len(new) else ""
    st.error(
        f"Only **{len(new):,} of {len(tested):,}** test photos show a casting that is not in "
        f"train{behind}. A score on the others measures how well "
        "castings are recognised that were learned by heart, not how well defects are found on new parts. "
        "A split by casting keeps every part on one side.",
        icon=":material/content_copy:",
    )


def _table(dataset: Dataset, castings: "pd.Series[int]") -> pd.DataFrame:
    rows = []
    for choice in [splits.FOLDERS, *splits.choices(dataset)]:
        here = splits.choose(dataset, choice)
        if Split.TEST not in here.splits:
            continue
        learned, tested = (here.part(part)["photo"].map(castings) for part in (Split.TRAIN, Split.TEST))
        rows.append(
            {
                "split": cell(shown(choice)),
                "castings in both": len(set(learned) & set(tested)),  # first, for a telephone shows no more
                "test photos": len(tested),
                "test castings": tested.nunique(),
                "photos to learn from": len(learned),
                "castings to learn from": learned.nunique(),
            }
        )
    return pd.DataFrame(rows)


def _made(dataset: Dataset) -> None:
    """What to do with the splits there are."""
    plans = split_book().plans(str(dataset.root))
    if not plans:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        frame.link("Train", "Train on a split")
        frame.link("Review", "Compare scores by split")
        with st.popover("Delete a split", icon=":material/delete:"):
            name = st.selectbox("Split", list(plans), key="split to delete")
            st.caption("Models trained on it stay; their score can no longer be repeated by this name.")
            if st.button("Delete", key="delete split", type="primary"):
                with show_errors():
                    split_book().forget(str(dataset.root), name)
                if session.current().training_split.partition(splits.BETWEEN)[0] == name:
                    session.current().training_split = splits.FOLDERS
                st.rerun()


def _form(dataset: Dataset) -> None:
    with st.form("new split", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input("Name", "by casting", key="split name", max_chars=40, width=220)
            share = st.number_input("Held out to test, %", 5, 90, 30, key="split share", width=170)
            number = st.number_input("Or folds", 0, 20, 0, key="split folds", width=120, help="0: one test part.")
            seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="split seed", width=120)
        if not st.form_submit_button("Make the split", type="primary", icon=":material/call_split:"):
            return
    try:
        if number:
            splits.make_folds(dataset, name.strip(), number=number, seed=seed)
            session.current().training_split = f"{name.strip()}{splits.BETWEEN}1"
        else:
            make(dataset, name.strip(), share=share / 100, seed=seed)
    except CastingError as error:
        st.error(sentence(error))
        return
    st.rerun()
