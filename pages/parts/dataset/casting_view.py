"""Which photos show one casting, why that is said, and how a person puts it right."""

from typing import Any

import pandas as pd
import streamlit as st

from casting_core.data.datasets.scan import Dataset
from casting_core.domain import Label, Split
from casting_core.records.datasets import NamedDataset
from casting_core.wording import count
from casting_core.workflows.datasets.castings_job import find_castings, start_castings
from pages.parts.audit import audit_view
from pages.parts.caches import dataset_cache
from pages.parts.dataset import explorer
from pages.parts.photos import pictures
from pages.parts.shell import jobs, session
from pages.parts.shell.errors import show_errors
from pages.parts.shell.text import plain, sentence

SHOWN = 260  # pixels, width of a photo in the comparison


def show(named: NamedDataset, dataset: Dataset) -> None:
    """Draws the castings, the photos of the chosen one, and two of them laid over each other."""
    if dataset_cache.castings(dataset) is None:
        find_out(named, dataset)
        return
    table = dataset_cache.described(dataset)
    castings = _table(table)
    both = int(castings["both labels"].sum())
    twofold = f"{count(both, 'casting')} {'carries' if both == 1 else 'carry'} both labels"
    photos = table["photo"].nunique()
    copies = len(table) - photos
    are = "is a copy" if copies == 1 else "are copies"
    twice = f" ({count(copies, 'more file')} {are} of them, byte for byte)" if copies else ""
    st.markdown(
        f"**{count(photos, 'photo')} show {count(len(castings), 'casting')}**{twice}, as far as the surface tells, "
        f"however turned, mirrored or lit. {twofold}. If two castings are one, or photos of two were put together, "
        "choose them below and say so: that is remembered."
    )
    picked = st.dataframe(
        castings, hide_index=True, key=f"castings of {named.name}", on_select="rerun", selection_mode="single-row",
        height=280,
    )["selection"]["rows"]  # fmt: skip
    number = int(castings.iloc[picked[0] if picked and picked[0] < len(castings) else 0]["casting"])
    members = table[table["casting"] == number]
    st.subheader(f"Casting {number}: {count(len(members), 'photo')}")
    _evidence(dataset, members)
    st.fragment(explorer.photos)(dataset, members, key=f"casting {number} of {named.name}")


def find_out(named: NamedDataset, dataset: Dataset) -> None:
    """Says what is not known yet, and offers to find out: the audit does, in a process of its own."""
    st.info(
        "It is not known yet which of these photos show one casting. Copies and retakes make every score look better "
        "than it is. The audit finds them.",
        icon=":material/join_inner:",
    )
    with show_errors():
        search = find_castings(named)
    if search is not None and not search.state.over:
        jobs.show(search, stop="Stop the search")
        return
    if search is not None and search.message:
        st.error(sentence(search.message), icon=":material/error:")
    audit_view.show(named, dataset)
    if st.button("Find the castings only", key="find castings", icon=":material/join_inner:"):
        with show_errors():
            start_castings(named, actor=session.current().who)
        st.rerun()


def _table(table: pd.DataFrame) -> pd.DataFrame:
    """One row per casting, the one with the most photos first."""
    groups = table.groupby("casting")
    least, most = groups["label"].min(), groups["label"].max()
    rows = {
        "photos": groups.size(),
        "label": [_words(*pair) for pair in zip(least, most, strict=True)],
        "splits": groups["split"].agg(lambda values: ", ".join(split for split in Split if split in set(values))),
        "both labels": (least != most).fillna(False),
    }
    listed = pd.DataFrame(rows).reset_index()
    return listed.sort_values(["both labels", "photos"], ascending=False, ignore_index=True)


def _words(least: Any, most: Any) -> str:
    """The labels of a casting's photos."""
    if pd.isna(least):
        return "none"
    return Label(least).word if least == most else f"{Label(least).word} and {Label(most).word}"


def _evidence(dataset: Dataset, members: pd.DataFrame) -> None:
    """Why two photos are one casting: the first laid over the second by the map that was found."""
    links = dataset_cache.links(dataset)
    here = set(members["photo"])
    links = links[links["first"].isin(here) & links["second"].isin(here)].sort_values("points", ignore_index=True)
    if links.empty:
        alone = members["photo"].nunique() == 1
        st.caption(
            "There is only one photo of it." if alone else "A person or a table put them together: none is measured."
        )
        return
    with st.expander("Why they are one casting", icon=":material/layers:", expanded=True):
        at = 0
        if len(links) > 1:
            hint = "The weakest comes first: if that one holds, the others do."
            at = st.slider("Link", 1, len(links), 1, key=f"link of {members['photo'].iloc[0]}", help=hint) - 1
        link = links.iloc[at]
        moved, still, both = pictures.overlay(link["first"], link["second"], tuple(link["map"]))
        names = members.drop_duplicates("photo").set_index("photo")["path"]
        three = (
            (moved, f"{names[link['first']]}, moved"),
            (still, names[link["second"]]),
            (both, "both: grey where they agree, orange and blue where not"),
        )
        with st.container(horizontal=True, gap="small"):
            for picture, words in three:
                with st.container(width=SHOWN):
                    st.image(picture, width=SHOWN, alt=words)
                    st.caption(plain(words))
        st.markdown(
            f"**{link['points']}** places match; the fine detail agrees by **{link['agreement']:.2f}** (1 is the same)"
            + (", one of them mirrored." if link["mirrored"] else ".")
        )
