"""The photos of a batch: a page of rows with small pictures, filters, bad files apart, and one photo large."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from casting_core.domain import Verdict
from casting_core.errors import CastingError
from casting_core.wording import count
from casting_core.workflows.judging.batch import looking
from casting_core.workflows.judging.batch.kept import Batch, counts_of
from casting_core.workflows.judging.batch.looking import Order
from casting_core.workflows.judging.batch.results import Judged
from pages.parts.caches import batch_cache, model_cache
from pages.parts.inspection import finding_view
from pages.parts.shell.look import VERDICTS
from pages.parts.shell.text import cell, plain, sentence

PER_PAGE = 25  # rows: only their photos are read
ROW = 64  # pixels, height of a row and of the picture in it
SEEN = 8  # rows that are seen without scrolling within the table


def show(batch: Batch, judged: list[Judged]) -> None:
    """Filters, the table, the photo of the row that is chosen; then the files without a verdict."""
    bad = looking.without_verdict(judged)
    if len(bad) < len(judged):
        rows = _filtered(judged)
        if rows:
            _table_and_photo(batch, rows)
        else:
            st.info("No photo is left by these filters. Take one away to see more.", icon=":material/filter_alt_off:")
    if bad:
        _without_verdict(batch, bad)


def _filtered(judged: list[Judged]) -> list[Judged]:
    counts = counts_of(judged)
    there = [verdict for verdict in looking.WORST_FIRST if verdict is not None and counts[verdict.value]]
    with st.container(horizontal=True, vertical_alignment="bottom", key="batch filters"):
        chosen = st.pills(
            "Verdict", there, format_func=lambda one: _label(one, counts[one.value]), selection_mode="multi",
            key="batch verdicts",
        )  # fmt: skip
        wanted = st.text_input("Name", key="batch name", placeholder="a part of the name", width=220)
        order = st.selectbox("Sorted", [one.value for one in Order], key="batch order", width=180)
    return looking.arranged(judged, verdicts=chosen or (), wanted=wanted, order=Order(order))


def _label(verdict: Verdict, number: int) -> str:
    return f"{VERDICTS[verdict].icon} {VERDICTS[verdict].word} · {number:,}"


def _table_and_photo(batch: Batch, rows: list[Judged]) -> None:
    pages = math.ceil(len(rows) / PER_PAGE)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        page = st.pagination(pages, key=f"batch page of {pages}") if pages > 1 else 1
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        chosen = _table(batch, shown, f"batch rows {batch.mark} {shown[0].number} {shown[-1].number} {len(rows)}")
        st.caption(f"{count(len(rows), 'photo')}, {PER_PAGE} on a page. Click a row to see its photo large.")
    with right:
        if chosen is None:
            st.info("Choose a row: its photo is shown here, with the evidence.", icon=":material/touch_app:")
        else:
            _large(batch, chosen)


def _table(batch: Batch, rows: Sequence[Judged], key: str) -> Judged | None:
    table = pd.DataFrame(
        {
            "photo": batch_cache.thumbnails(batch, rows),
            "verdict": [VERDICTS[one.verdict].word if one.verdict is not None else "" for one in rows],
            "score": [one.score for one in rows],
            "file": [cell(one.path) for one in rows],
            "kind of defect": [cell(one.kind) for one in rows],
            "to know": [cell(one.reason or one.note) for one in rows],
        }
    )
    for column in ("kind of defect", "to know"):
        if not any(table[column]):
            table = table.drop(columns=column)
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        placeholder="–",
        row_height=ROW,
        height=(min(len(rows), SEEN) * ROW) + 40,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "photo": st.column_config.ImageColumn(width="small"),
            "score": st.column_config.NumberColumn(format="%.3f", width="small"),
            "verdict": st.column_config.TextColumn(width="small"),
        },
    )
    picked = event["selection"]["rows"]
    return rows[picked[0]] if picked and picked[0] < len(rows) else None


def _large(batch: Batch, one: Judged) -> None:
    """The photo of a row, with the evidence, as the Inspection page shows it."""
    (photo,) = looking.photos(batch, [one])
    if photo.reason:
        st.markdown(f"**{plain(one.path)}**")
        st.warning(f"This photo cannot be shown: {sentence(photo.reason)}", icon=":material/broken_image:")
        return
    try:
        used = looking.used_by(batch, model_cache.model(batch.model))
    except CastingError as error:
        st.warning(f"The version that judged it is not here. {sentence(error)}", icon=":material/help:")
        return
    finding_view.show(one.path, looking.finding(photo.content, used, batch), used)


def _without_verdict(batch: Batch, bad: list[Judged]) -> None:
    """The files without a verdict, apart from the others, each with its reason."""
    with st.expander(f"{count(len(bad), 'file')} without a verdict", icon=":material/report:", expanded=len(bad) <= 5):
        table = pd.DataFrame(
            {
                "what": ["photograph anew" if one.retake else "cannot be read" for one in bad],
                "file": [cell(one.path) for one in bad],
                "why": [cell(one.reason) for one in bad],
            }
        )
        event = st.dataframe(
            table, hide_index=True, key=f"batch bad files {batch.mark}", on_select="rerun", selection_mode="single-row"
        )
        picked = event["selection"]["rows"]
        if picked and picked[0] < len(bad) and bad[picked[0]].retake:
            _large(batch, bad[picked[0]])
